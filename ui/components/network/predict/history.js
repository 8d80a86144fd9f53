// The ten probabilities after every kept epoch, for the image in the hand: a small chart a class.

import { softmax } from "../engine/scores.js"
import { percent } from "../pad/bars.js"
import { fill } from "./words.js"

/** @typedef {import("./hand.js").Hand} Hand */
/** @typedef {import("../engine/network.js").Network} Network */

// More epochs would be thinner than a finger, and half a megabyte each.
const MAX_EPOCHS = 20
const FRAME_MS = 8

/** Return at most 20 epochs, the first and the last among them. @param {number[]} kept */
export function charted(kept) {
  if (kept.length <= MAX_EPOCHS) return kept
  const step = (kept.length - 1) / (MAX_EPOCHS - 1)
  return Array.from({ length: MAX_EPOCHS }, (_, position) => kept[Math.round(position * step)])
}

export class History {
  /** @param {HTMLElement} root @param {(epoch: number) => void} choose */
  constructor(root, choose) {
    this.root = root
    this.choose = choose
    /** @type {number[]} */
    this.epochs = []
    /** How many of the epochs are right. */
    this.sentence = ""
    /** Probabilities by the network that computed them. @type {Map<Network, number[]>} */
    this.known = new Map()
    /** @type {Float32Array | null} */
    this.image = null
    this.charts = Array.from({ length: 10 }, () => {
      const [chart, title, plot] = ["figure", "figcaption", "div"].map((name) => document.createElement(name))
      chart.append(title, plot)
      root.append(chart)
      return { chart, title, plot }
    })
  }

  /** @param {import("./words.js").Words} words */
  write({ names, history }) {
    this.names = names
    this.words = history
  }

  /**
   * Draw what is known, and compute for as long as a frame has room; return whether something is left.
   * @param {Hand} hand @param {number} epoch @param {number[]} kept @param {(epoch: number) => Network | null} networkOf
   * @param {number | null} label the true class
   */
  show(hand, epoch, kept, networkOf, label) {
    const epochs = charted(kept)
    if (epochs.join() !== this.epochs.join()) this.#layOut(epochs)
    const image = hand.outputs?.image ?? null
    if (!image || !this.image || image.some((grey, index) => grey !== this.image[index])) this.known.clear()
    this.image = image
    const end = performance.now() + FRAME_MS
    let left = false
    for (const each of image ? epochs : []) {
      const network = networkOf(each)
      if (!network || this.known.has(network)) continue
      if (performance.now() > end) left = true
      else this.known.set(network, softmax(network.forward(image).logits))
    }
    this.#draw(epoch, networkOf, label)
    return left
  }

  /** @param {number[]} epochs */
  #layOut(epochs) {
    this.epochs = epochs
    for (const { plot } of this.charts) {
      plot.replaceChildren(
        ...epochs.map((epoch, position) => {
          const [column, bar, tick] = ["div", "i", "span"].map((name) => document.createElement(name))
          const often = epochs.length <= 10 || position % 3 === 0
          tick.textContent = often ? String(epoch) : ""
          column.append(bar, tick)
          column.onclick = () => this.choose(epoch)
          return column
        }),
      )
    }
  }

  /** @param {number} epoch @param {(epoch: number) => Network | null} networkOf @param {number | null} label */
  #draw(epoch, networkOf, label) {
    const scores = this.epochs.map((each) => this.known.get(networkOf(each)) ?? null)
    this.charts.forEach(({ chart, title, plot }, index) => {
      const texts = scores.map((each, position) => `${this.epochs[position]}: ${each ? percent(each[index]) : "–"}`)
      title.textContent = (index === label ? "✓ " : "") + this.names[index]
      chart.setAttribute("aria-label", `${title.textContent}. ${texts.join("; ")}`)
      chart.setAttribute("role", "img")
      scores.forEach((each, position) => {
        const column = /** @type {HTMLElement} */ (plot.children[position])
        const value = each?.[index] ?? 0
        column.title = texts[position]
        column.className = `${this.epochs[position] === epoch ? "now" : ""} ${value === Math.max(...(each ?? [])) ? "predicted" : ""}`
        const bar = /** @type {HTMLElement} */ (column.firstElementChild)
        bar.style.transform = `scaleY(${value})`
      })
    })
    const known = scores.filter((each) => each)
    const right = known.filter((each) => each[label] === Math.max(...each)).length
    this.sentence =
      label === null || known.length < this.epochs.length
        ? fill(this.words.kept, { count: this.epochs.length })
        : fill(this.words.right, { count: right, of: known.length })
  }
}
