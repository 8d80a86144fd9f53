// Why a class is predicted: Grad-CAM, occlusion, a square that covers a part, and similar training images.

import { gradCam, SQUARE } from "../engine/saliency.js"
import { softmax } from "../engine/scores.js"
import { GRAD_CAM_CENTERS, OCCLUSION_CENTERS, upsample } from "../engine/upsampling.js"
import { percent } from "../pad/bars.js"
import { HeatMap } from "./heat.js"
import { Occluder } from "./occluder.js"
import { fill } from "./words.js"

/** @typedef {import("./hand.js").Hand} Hand */

// A smaller change of the probability counts as none.
const MIN_CHANGE = 0.005
// The smallest change that has the brightest color.
const FULL_CHANGE = 0.1
const SIDE = 28

export class Why {
  /**
   * @param {HTMLElement} root @param {HTMLElement} frame of the image @param {(label: number | null) => void} choose
   */
  constructor(root, frame, choose) {
    /** @type {<E extends HTMLElement>(selector: string) => E} */
    this.part = (selector) => root.querySelector(selector)
    this.root = root
    this.evidence = new HeatMap(this.part(".evidence canvas"))
    this.falls = new HeatMap(this.part(".falls canvas"))
    this.occluder = new Occluder((falls, job) => this.#showFalls(falls, job))
    /** @type {HTMLSelectElement} */
    this.classes = this.part("select")
    this.classes.onchange = () => choose(this.classes.value === "" ? null : Number(this.classes.value))
    /** @type {Hand | null} */
    this.hand = null
    /** @type {import("../engine/network.js").Arrays | null} */
    this.outputs = null
    /** @type {HTMLElement} */
    this.mark = frame.querySelector(".mark")
    const canvas = frame.querySelector("canvas")
    canvas.addEventListener("pointermove", (event) => this.#cover(canvas, event))
    canvas.addEventListener("pointerleave", () => this.#uncover())
  }

  close() {
    this.occluder.close()
  }

  /** @param {import("./words.js").Words} words */
  write({ why, names }) {
    this.words = why
    this.names = names
    for (const [selector, text] of [
      ["label b", why.class],
      [".evidence b", "Grad-CAM"],
      [".evidence small", why.evidence],
      [".falls b", why.occlusion],
      [".falls small", why.falls],
    ]) {
      this.part(selector).textContent = text
    }
    this.classes.replaceChildren(
      new Option(why.predicted, ""),
      ...names.map((name, label) => new Option(name, String(label))),
    )
  }

  /** @param {Hand} hand @param {number | null} chosen class; null: the predicted one */
  show(hand, chosen) {
    this.hand = hand
    this.label = chosen ?? hand.predicted
    this.classes.value = chosen === null ? "" : String(chosen)
    this.#uncover()
    const { outputs, network } = hand
    this.root.classList.toggle("empty", !outputs)
    if (!outputs || (outputs === this.outputs && this.label === this.shown)) return
    this.outputs = outputs
    this.shown = this.label
    const evidence = gradCam(outputs, network.weights, this.label)
    const highest = Math.max(...evidence)
    this.evidence.paint(
      hand.greys(),
      upsample(
        evidence.map((value) => value / (highest || 1)),
        GRAD_CAM_CENTERS,
      ),
    )
    const name = this.names[this.label]
    this.part(".evidence-sentence").textContent = highest
      ? fill(this.words.strongest, { name, where: this.#position(evidence) })
      : fill(this.words.none, { name })
    this.occluder.request({ network, image: outputs.image, label: this.label })
  }

  hide() {
    this.outputs = null
    this.hand = null
    this.mark.hidden = true
  }

  /** @param {Float64Array} falls @param {import("./occluder.js").Job} job */
  #showFalls(falls, { image, label }) {
    const greys = image.map((grey) => 255 * grey)
    const [lowest, highest] = [Math.min(0, ...falls), Math.max(0, ...falls)]
    const full = Math.max(highest, -lowest, FULL_CHANGE)
    this.falls.paint(
      greys,
      upsample(
        falls.map((value) => value / full),
        OCCLUSION_CENTERS,
      ),
    )
    const name = this.names[label]
    const { falls: _, ...words } = this.words
    const sentence = this.part(".falls-sentence")
    if (highest >= MIN_CHANGE) {
      const where = this.#position(falls)
      sentence.textContent = fill(words.fall, { name, where, points: percent(highest) })
    } else if (lowest <= -MIN_CHANGE) {
      const where = this.#position(falls.map((value) => -value))
      sentence.textContent = fill(words.rise, { name, where, points: percent(-lowest) })
    } else sentence.textContent = fill(words.same, { name })
  }

  /** Cover a square at the pointer, and say how the probability changes. */
  #cover(/** @type {HTMLCanvasElement} */ canvas, /** @type {PointerEvent} */ event) {
    const { hand } = this
    if (!hand?.outputs || event.buttons) return this.#uncover()
    const box = canvas.getBoundingClientRect()
    const [left, top] = [
      Math.round(((event.clientX - box.left) / box.width) * SIDE - SQUARE / 2),
      Math.round(((event.clientY - box.top) / box.height) * SIDE - SQUARE / 2),
    ]
    const image = hand.outputs.image.slice()
    for (let y = Math.max(top, 0); y < Math.min(top + SQUARE, SIDE); y++) {
      image.fill(0, y * SIDE + Math.max(left, 0), y * SIDE + Math.min(left + SQUARE, SIDE))
    }
    const after = softmax(hand.network.forward(image).logits)[this.label]
    this.mark.hidden = false
    this.mark.classList.add("cover")
    const places = { left, top, width: SQUARE, height: SQUARE }
    for (const [name, pixels] of Object.entries(places)) this.mark.style.setProperty(name, `${(100 * pixels) / SIDE}%`)
    this.part(".covered").textContent = fill(this.words.covered, {
      name: this.names[this.label],
      before: percent(hand.probabilities[this.label]),
      after: percent(after),
    })
  }

  #uncover() {
    this.mark.hidden = true
    this.mark.classList.remove("cover")
    this.part(".covered").textContent = this.words?.cover ?? ""
  }

  /** Return the ninth of the image with the highest value of a square map. @param {Float64Array} values */
  #position(values) {
    const side = Math.sqrt(values.length)
    const at = values.indexOf(Math.max(...values))
    const [row, column] = [Math.floor(at / side), at % side].map((place) => Math.floor(((place + 0.5) * 3) / side))
    return this.words[`position${3 * row + column}`]
  }
}
