// Accuracy over the epochs: the training's as a line, validation and test after each epoch as marks.

import { fill } from "./numbers.js"
import { node } from "./svg.js"

const LEFT = 44
const TOP = 16
const HEIGHT = 304
const WIDTH = 340
// The width of the whole; below it the plot leaves the legend its room, and a narrow one has it above.
const FULL = 510
const LEGEND = 150
const NARROW = 440
const ZOOM = { from: 0.8, to: 1 }
const WHOLE = { from: 0, to: 1 }
const GUESSING = 0.1
const MAX_MARKS = 25

/**
 * @typedef {import("./follower.js").Point} Point
 * @typedef {import("./follower.js").Epoch} Epoch
 * @typedef {import("./numbers.js").Numbers} Numbers
 * @typedef {object} Curves what is drawn
 * @property {number} epochs of the axis @property {Point[]} points @property {Epoch[]} marks
 * @property {number | null} usual accuracy @property {number | null} overfits_from
 * @property {string} time at the end of the axis
 * @property {boolean} means whether the points are means of whole epochs
 */

export class Chart {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root
    this.svg = root.querySelector("svg")
    this.exact = /** @type {HTMLElement} */ (root.querySelector(".exact"))
    this.axis = WHOLE
    this.svg.onpointermove = (event) => this.#point(event)
    this.svg.onpointerleave = () => {
      this.exact.hidden = true
    }
    this.svg.onwheel = (event) => {
      if (!event.ctrlKey) return // the page scrolls
      event.preventDefault()
      this.#choose(event.deltaY < 0 ? ZOOM : WHOLE)
    }
    new ResizeObserver(() => this.#draw()).observe(root)
  }

  /** @param {Record<string, string>} words @param {Numbers} numbers */
  write(words, numbers) {
    this.words = words
    this.numbers = numbers
    const [name, meaning] = this.root.querySelector("h3").children
    name.textContent = words.accuracy
    meaning.textContent = words.accuracy_meaning
    const axis = this.root.querySelector(".axis")
    axis.setAttribute("aria-label", words.axis)
    axis.replaceChildren(this.#option(WHOLE, words.whole), this.#option(ZOOM, words.zoom))
  }

  /** @param {typeof WHOLE} axis @param {string} name */
  #option(axis, name) {
    const label = document.createElement("label")
    const input = Object.assign(document.createElement("input"), { type: "radio", name: "axis" })
    input.checked = this.axis === axis
    input.onchange = () => this.#choose(axis)
    label.append(input, name)
    return label
  }

  /** @param {typeof WHOLE} axis */
  #choose(axis) {
    this.axis = axis
    const [whole, zoom] = this.root.querySelectorAll("input")
    whole.checked = axis === WHOLE
    zoom.checked = axis === ZOOM
    this.#draw()
  }

  /** @param {Curves} curves */
  show(curves) {
    this.curves = curves
    this.#draw()
  }

  #draw() {
    if (!this.curves || !this.root.clientWidth) return
    const { svg, curves } = this
    const { clientWidth } = this.root
    const beside = clientWidth < NARROW ? 12 : LEGEND
    this.width = clientWidth < FULL ? clientWidth - LEFT - beside : WIDTH
    this.root.style.setProperty("--plot", `${this.width}px`)
    this.root.classList.toggle("zoomed", this.axis === ZOOM)
    svg.replaceChildren(...this.#grid(), ...this.#levels(), ...this.#lines())
    svg.setAttribute("aria-label", this.#sentence())
    this.#legend(curves)
    this.#names(curves)
  }

  /** @param {number} epochs */
  #x(epochs) {
    return LEFT + (this.width * epochs) / this.curves.epochs
  }

  /** @param {number} accuracy */
  #y(accuracy) {
    const { from, to } = this.axis
    return TOP + (HEIGHT * (to - accuracy)) / (to - from)
  }

  #grid() {
    const { words, numbers, curves } = this
    const { from, to } = this.axis
    const [right, bottom] = [LEFT + this.width, TOP + HEIGHT]
    const made = []
    for (let step = 0; step <= 5; step++) {
      const accuracy = from + (step * (to - from)) / 5
      const y = this.#y(accuracy)
      made.push(node("path", { class: "line", d: `M${LEFT} ${y}H${right}` }))
      made.push(node("text", { x: LEFT - 8, y: y + 5, "text-anchor": "end" }, numbers.percent(accuracy, 0)))
    }
    const step = [1, 2, 5, 10, 20, 25, 50].find((each) => curves.epochs / each <= 6) ?? 50
    for (let epoch = 0; epoch <= curves.epochs; epoch += step) {
      const text = epoch === step ? fill(words.tick, { epoch }) : numbers.number(epoch)
      made.push(node("path", { class: "line", d: `M${this.#x(epoch)} ${TOP}V${bottom}` }))
      made.push(node("text", { x: this.#x(epoch), y: bottom + 21, "text-anchor": "middle" }, text))
    }
    made.push(
      node("text", { class: "end", x: right + 6 + 8 * String(curves.epochs).length, y: bottom + 21 }, curves.time),
    )
    return made
  }

  /** The levels for comparison: what is usual, and guessing. */
  #levels() {
    const { words, numbers, curves } = this
    const right = LEFT + this.width
    const made = []
    if (curves.usual && curves.usual >= this.axis.from) {
      const y = this.#y(curves.usual)
      made.push(node("path", { class: "usual", d: `M${LEFT} ${y}H${right}` }))
      made.push(node("text", { x: LEFT + 8, y: y - 7 }, fill(words.usual, { accuracy: numbers.percent(curves.usual) })))
    }
    if (this.axis === WHOLE) {
      const y = this.#y(GUESSING)
      made.push(node("path", { class: "guessing", d: `M${LEFT} ${y}H${right}` }))
      made.push(node("text", { x: right - 6, y: y - 5, "text-anchor": "end" }, words.guessing))
    }
    return made
  }

  #lines() {
    const { curves } = this
    const inside = (/** @type {number} */ accuracy) => accuracy >= this.axis.from
    const made = []
    if (curves.overfits_from) {
      const x = this.#x(curves.overfits_from)
      made.push(node("path", { class: "overfits", d: `M${x} ${TOP}V${TOP + HEIGHT}` }))
    }
    const path = curves.points.map(([epochs, , accuracy]) => `${this.#x(epochs)} ${this.#y(accuracy)}`).join("L")
    const clip = node("clipPath", { id: "plot" })
    clip.append(node("rect", { x: LEFT, y: TOP - 2, width: this.width, height: HEIGHT + 2 }))
    made.push(clip, node("path", { class: "learning", d: path && `M${path}`, "clip-path": "url(#plot)" }))
    const radius = curves.epochs > MAX_MARKS / 2 ? 2.5 : 4
    const last = curves.points.at(-1)
    if (last && inside(last[2])) {
      made.push(node("circle", { class: "newest", cx: this.#x(last[0]), cy: this.#y(last[2]), r: 3.5 }))
    }
    for (const { epoch, val_accuracy } of this.#marks()) {
      if (!inside(val_accuracy)) continue
      made.push(node("circle", { class: "validation", cx: this.#x(epoch), cy: this.#y(val_accuracy), r: radius }))
    }
    for (const { epoch, test_accuracy } of this.#marks()) {
      if (!inside(test_accuracy)) continue
      made.push(node("path", { class: "test", d: diamond(this.#x(epoch), this.#y(test_accuracy), 1.5 * radius) }))
    }
    return made
  }

  /** The epochs with marks: the last one and as many as do not cover each other. */
  #marks() {
    const { marks, epochs } = this.curves
    const every = Math.ceil(epochs / MAX_MARKS)
    return marks.filter((_, position) => (marks.length - 1 - position) % every === 0)
  }

  /** The newest value of each curve, at a fixed place. @param {Curves} curves */
  #legend({ points, marks }) {
    const { words, numbers } = this
    const last = marks.at(-1)
    /** @type {[string, SVGElement, number | undefined][]} */
    const items = [
      [words.training, node("path", { class: "learning", d: "M0 7H14" }), points.at(-1)?.[2]],
      [words.validation, node("circle", { class: "validation", cx: 7, cy: 7, r: 4.5 }), last?.val_accuracy],
      [words.test, node("path", { class: "test", d: diamond(7, 7, 6) }), last?.test_accuracy],
    ]
    this.root.querySelector(".legend").replaceChildren(
      ...items.map(([name, sign, accuracy]) => {
        const item = document.createElement("li")
        const svg = node("svg", { viewBox: "0 0 14 14", "aria-hidden": "true" })
        svg.append(sign)
        const value = document.createElement("b")
        value.textContent = accuracy === undefined ? "–" : numbers.percent(accuracy)
        item.append(svg, value, name)
        return item
      }),
    )
  }

  /** What the three names mean, and what the curves have to say, once. @param {Curves} curves */
  #names({ marks, overfits_from, means }) {
    const { words } = this
    const lines = [words.training_meaning, words.validation_meaning, words.test_meaning]
    if (overfits_from) lines.push(words.overfits)
    else if (means && marks[0]?.accuracy < marks[0]?.val_accuracy) lines.push(words.below)
    this.root
      .querySelector(".names")
      .replaceChildren(...lines.map((text) => Object.assign(document.createElement("span"), { textContent: text })))
  }

  /** The curves for who does not see them. */
  #sentence() {
    const { words, numbers, curves } = this
    const [point, last] = [curves.points.at(-1), curves.marks.at(-1)]
    if (!point) return words.no_curve
    const training = numbers.percent(point[2])
    if (!last) return fill(words.curve, { training })
    const [validation, test] = [numbers.percent(last.val_accuracy), numbers.percent(last.test_accuracy)]
    return `${fill(words.curve, { training })} ${fill(words.spoken_epoch, { epoch: last.epoch, validation, test })}`
  }

  /** Write the exact values at the pointer. @param {PointerEvent} event */
  #point(event) {
    const { curves, words, numbers, exact } = this
    const across = event.clientX - this.svg.getBoundingClientRect().left
    const epochs = ((across - LEFT) / this.width) * curves.epochs
    const mark = curves.marks.find(({ epoch }) => Math.abs(this.#x(epoch) - across) < 5)
    const point = curves.points.reduce(
      (best, each) => (!best || Math.abs(each[0] - epochs) < Math.abs(best[0] - epochs) ? each : best),
      /** @type {Point | null} */ (null),
    )
    exact.hidden = !point || epochs < 0 || epochs > curves.epochs
    if (exact.hidden) return
    const training = numbers.percent(mark?.accuracy ?? point[2], 2)
    exact.textContent = mark
      ? fill(words.exact_epoch, {
          epoch: mark.epoch,
          training,
          validation: numbers.percent(mark.val_accuracy, 2),
          test: numbers.percent(mark.test_accuracy, 2),
        })
      : fill(words.exact_point, { epochs: numbers.number(point[0], 2), training })
    exact.style.transform = `translateX(${Math.min(Math.max(across - 80, 0), this.root.clientWidth - 168)}px)`
  }
}

/** @param {number} x @param {number} y @param {number} r */
const diamond = (x, y, r) => `M${x} ${y - r}L${x + r} ${y}L${x} ${y + r}L${x - r} ${y}Z`
