// The answer in words: above the bars, above the image, at the foot of the page, and for a screen reader.

import { percent } from "../pad/bars.js"
import { fill, grouped } from "./words.js"

// Below this share of the test images an image is unlike them.
const UNLIKE = 0.05

/**
 * @typedef {object} State
 * @property {import("./place.js").Place} place @property {import("./hand.js").Hand} hand
 * @property {number | null} label @property {boolean} changed @property {boolean} blank @property {boolean} refused
 */

export class Verdict {
  /** @param {ShadowRoot} root */
  constructor(root) {
    /** @type {(selector: string) => HTMLElement} */
    this.part = (selector) => root.querySelector(selector)
    /** @type {string | null} */
    this.pointed = null
    /** Whether a screen reader was told of the present place. */
    this.spoken = false
  }

  /** @param {import("./words.js").Words} words */
  write(words) {
    if (words.title !== this.words?.title) this.spoken = false // another language
    this.words = words
    this.part(".title").textContent = words.title
  }

  /** @param {State} state */
  show(state) {
    this.state = state
    const { hand, blank } = state
    const { names } = this.words
    const known = !blank && hand.logits
    this.part(".verdict b").textContent = blank ? this.words.verdict.empty : known ? names[hand.predicted] : "–"
    this.part(".verdict .confidence").textContent = known ? percent(hand.probabilities[hand.predicted]) : ""
    const [kind, text] = known ? this.#judgement() : ["", ""]
    const judgement = this.part(".judgement")
    judgement.className = `judgement ${kind}`
    judgement.textContent = text
    const [image, label] = this.#caption()
    this.part(".caption b").textContent = image
    this.part(".caption span").textContent = label
    this.#note()
    if (!this.spoken) this.say()
  }

  /** Explain a layer at the foot of the page; null for the usual note. @param {string | null} layer */
  note(layer) {
    this.pointed = layer
    if (this.state) this.#note()
  }

  /** Say the answer to a screen reader, once. */
  say() {
    this.spoken = true
    const parts = [".caption", ".verdict"].map((selector) =>
      this.part(selector).textContent.replace(/\s+/g, " ").trim(),
    )
    this.part("output").textContent = parts.join(". ")
  }

  #note() {
    const { notes } = this.words
    const { refused, hand } = this.state
    const usual = refused ? notes.refused : hand.network ? notes.usual : notes.loading
    this.part(".note").textContent = this.pointed && !refused ? notes[this.pointed] : usual
  }

  /** @returns {[string, string]} the kind of the judgement, and its text */
  #judgement() {
    const { hand, label, changed } = this.state
    const { verdict, names } = this.words
    if (label !== null && !changed) {
      return hand.predicted === label ? ["right", `✓ ${verdict.right}`] : ["wrong", `✗ ${verdict.wrong}`]
    }
    const percentile = hand.percentile()
    if (percentile !== null && percentile < UNLIKE) return ["wrong", `△ ${verdict.unlike}`]
    const before = changed && hand.before()
    if (!before) return ["", ""]
    return ["", fill(verdict.was, { name: names[before.predicted], confidence: percent(before.confidence) })]
  }

  /** @returns {[string, string]} the name of the image, and its true class */
  #caption() {
    const { place, label, changed } = this.state
    const { verdict, names } = this.words
    const name = fill(verdict[place.source], { index: grouped(place.index) })
    const whole = changed ? `${name}, ${verdict.changed}` : name
    return [whole, label === null ? "" : fill(verdict.true, { name: names[label] })]
  }
}
