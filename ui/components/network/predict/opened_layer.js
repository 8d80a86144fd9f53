// A layer that is open: all its maps, the chosen one, and the numbers behind the value that is pointed at.

import * as arithmetic from "./arithmetic.js"
import { LAYERS } from "./layers.js"
import { MapSheet } from "./maps.js"
import { fill } from "./words.js"

const SIDE = 208
// Eight maps side by side are as wide as the room for them.
const SHEETS = /** @type {Record<string, { columns: number, scale: number }>} */ ({
  image: { columns: 1, scale: 7 },
  convolution_1: { columns: 8, scale: 2 },
  pooling_1: { columns: 8, scale: 4 },
  convolution_2: { columns: 8, scale: 2 },
  pooling_2: { columns: 8, scale: 5 },
  convolution_3: { columns: 8, scale: 8 },
  flatten: { columns: 24, scale: 9 },
  dense_1: { columns: 9, scale: 24 },
})

/** @typedef {import("./hand.js").Hand} Hand */

export class OpenedLayer {
  /**
   * @param {HTMLElement} root @param {HTMLElement} frame of the image
   * @param {(layer: string | null) => void} open another layer, or none
   */
  constructor(root, frame, open) {
    /** @type {<E extends HTMLElement>(selector: string) => E} */
    this.part = (selector) => root.querySelector(selector)
    this.root = root
    /** The layer whose maps have their places and a chosen value. @type {string | null} */
    this.laidOut = null
    /** @type {HTMLElement} */
    this.mark = frame.querySelector(".mark")
    this.chips = [...LAYERS.map(({ name }) => name), null].map((name) => {
      const chip = arithmetic.element("button")
      chip.onclick = () => open(name)
      this.part(".chips").append(chip)
      return { name, chip }
    })
    const [all, one] = [this.part(".all canvas"), this.part(".one canvas")]
    all.onpointermove = all.onpointerdown = (event) => this.#choose(this.sheet.at(event))
    one.onpointermove = one.onpointerdown = (event) => {
      const place = this.single.at(event)
      if (place) this.#choose({ ...place, map: this.value.map })
    }
    all.onkeydown = (event) => this.#step(event, "map")
    one.onkeydown = (event) => this.#step(event, "place")
  }

  /** @param {import("./words.js").Words} words */
  write(words) {
    this.words = words
    for (const { name, chip } of this.chips) {
      const layer = LAYERS.find((each) => each.name === name)
      chip.textContent = layer ? words.layers[layer.kind] : `✕ ${words.opened.all}`
      if (layer && layer.kind !== "pooling") {
        chip.append(arithmetic.element("small", layer.kind === "image" ? "28×28" : String(layer.maps)))
      }
    }
    this.part(".all canvas").setAttribute("aria-label", words.opened.maps_label)
    this.part(".one canvas").setAttribute("aria-label", words.opened.map_label)
  }

  /** @param {Hand} hand @param {string} name of the layer */
  show(hand, name) {
    this.hand = hand
    this.name = name
    this.layer = LAYERS.find((layer) => layer.name === name)
    for (const { name: each, chip } of this.chips) chip.setAttribute("aria-pressed", String(each === name))
    const { outputs } = hand
    this.root.classList.toggle("empty", !outputs)
    if (!outputs) return
    const { side, maps } = this.layer
    const isList = name === "logits"
    this.part(".all").hidden = isList
    this.part(".one").hidden = isList || side === 1 || name === "image"
    if (this.laidOut !== name) {
      this.laidOut = name
      this.input = null
      if (!isList) this.sheet = new MapSheet(this.part(".all canvas"), { side, maps, ...SHEETS[name] })
      const single = { side, maps: 1, columns: 1, scale: Math.floor(SIDE / side) }
      if (side > 1) this.single = new MapSheet(this.part(".one canvas"), single)
      this.value = this.#strongest(outputs[name], side, maps)
    }
    this.#draw()
  }

  focus() {
    this.chips.find(({ name }) => name === this.name).chip.focus()
  }

  hide() {
    this.laidOut = null
    this.mark.hidden = true
  }

  #draw() {
    const { hand, layer, value, words, name } = this
    const { outputs } = hand
    const { side, maps, kind } = layer
    const values = name === "image" ? outputs.image.map((grey) => grey ** 2) : outputs[name]
    if (kind !== "logits") this.sheet.paint(values, name === "image" ? 1 : undefined)
    if (!this.part(".one").hidden) {
      this.single.paint(values.filter((_, index) => index % maps === value.map))
      frame(this.part(".one i"), value.column / side, value.row / side, 1 / side)
    }
    this.#frameMap()
    const opened = words.opened
    this.part(".all small").textContent =
      kind === "image"
        ? ""
        : fill(opened[kind === "dense" || kind === "flatten" ? "all_values" : "all_maps"], { count: maps })
    const place = { map: value.map + 1, row: value.row + 1, column: value.column + 1 }
    this.part(".one small").textContent = fill(opened.place, place)
    this.part(".numbers").replaceChildren(...this.#numbers())
    const window = name === "convolution_1"
    this.mark.hidden = !window
    if (window) frame(this.mark, value.column / 28, value.row / 28, 3 / 28)
  }

  /** Frame the chosen map, or the chosen value of a list, on the sheet. */
  #frameMap() {
    const { layer, value } = this
    const mark = this.part(".all i")
    mark.hidden = layer.kind === "image" || layer.kind === "logits"
    if (mark.hidden) return
    const { columns, scale } = SHEETS[layer.name]
    const { gap, canvas } = this.sheet
    const pitch = layer.side * scale + gap
    const [left, top] = [(value.map % columns) * pitch, Math.floor(value.map / columns) * pitch]
    mark.style.cssText = `left: ${left}px; top: ${top}px; width: ${pitch - gap}px; height: ${pitch - gap}px`
    mark.parentElement.style.width = `${canvas.width}px`
  }

  /** @returns {HTMLElement[]} */
  #numbers() {
    const { hand, layer, value, words, name } = this
    const numbers = { outputs: hand.outputs, weights: hand.network.weights, words: words.opened, names: words.names }
    const position = LAYERS.indexOf(layer)
    const { name: input, side, maps: channels } = LAYERS[Math.max(position - 1, 0)]
    const above = { name, input, side, channels, filters: layer.maps }
    if (layer.kind === "convolution") {
      return arithmetic.convolution(numbers, above, value, this.input, (/** @type {number} */ channel) => {
        this.input = channel
        this.#draw()
      })
    }
    if (layer.kind === "pooling") return arithmetic.pooling(numbers, above, value)
    if (layer.kind === "flatten") return arithmetic.flattened(numbers, value)
    if (layer.kind === "dense") return arithmetic.dense(numbers, value)
    if (layer.kind === "logits") return arithmetic.logits(numbers)
    const grey = hand.outputs.image[value.row * 28 + value.column]
    const place = { row: value.row + 1, column: value.column + 1, value: grey.toFixed(2) }
    return [arithmetic.element("p", fill(words.opened.pixel, place))]
  }

  /** @param {import("./arithmetic.js").Value | null} value */
  #choose(value) {
    if (!value || !this.hand?.outputs) return
    this.value = value
    this.input = null
    this.#draw()
  }

  /** @param {KeyboardEvent} event @param {"map" | "place"} what */
  #step(event, what) {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
    const step = steps[/** @type {keyof typeof steps} */ (event.key)]
    if (!step) return
    event.preventDefault()
    const { side, maps } = this.layer
    const { map, row, column } = this.value
    const limit = (/** @type {number} */ place) => Math.min(Math.max(place, 0), side - 1)
    const next = map + step[0] + step[1] * SHEETS[this.name].columns
    if (what === "place" || this.name === "image") {
      this.#choose({ map, row: limit(row + step[1]), column: limit(column + step[0]) })
    } else if (next >= 0 && next < maps) this.#choose({ map: next, row, column })
  }

  /** @param {Float32Array} values @param {number} side @param {number} maps */
  #strongest(values, side, maps) {
    const index = Math.max(values.indexOf(Math.max(...values)), 0)
    const place = Math.floor(index / maps)
    return { map: index % maps, row: Math.floor(place / side), column: place % side }
  }
}

/** Lay a square over an image, in shares of its side. */
function frame(
  /** @type {HTMLElement} */ mark,
  /** @type {number} */ left,
  /** @type {number} */ top,
  /** @type {number} */ size,
) {
  for (const [name, share] of Object.entries({ left, top, width: size, height: size })) {
    mark.style.setProperty(name, `${100 * share}%`)
  }
}
