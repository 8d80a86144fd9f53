// One value of a layer as the numbers that make it: windows, filters, products, sums.

import { KERNEL, POOL } from "../engine/layers.js"
import { sigmoid, softmax } from "../engine/scores.js"
import { percent } from "../pad/bars.js"
import { fill } from "./words.js"

const STRONGEST = 10
// One row of buttons.
const SUMS = 8

/**
 * @typedef {import("../engine/network.js").Arrays} Arrays
 * @typedef {{ map: number, row: number, column: number }} Value its map and its place in it
 * @typedef {{ outputs: Arrays, weights: Arrays, words: Record<string, string>, names: string[] }} Numbers
 */

/** Write a number with two decimals and a true minus. @param {number} value */
const fixed = (value) => value.toFixed(2).replace("-", "−")

/** @param {string} kind @param {string} [text] @param {Node[]} children */
export function element(kind, text = "", ...children) {
  const [name, className] = kind.split(".")
  const made = document.createElement(name)
  if (className) made.className = className
  made.textContent = text
  made.append(...children)
  return made
}

/** Return the nine products of a window and a filter, with the window and the filter, of one input map. */
function products(
  /** @type {{ input: Float32Array, side: number, channels: number, kernel: Float32Array, filters: number }} */ layer,
  /** @type {Value} */ { map, row, column },
  /** @type {number} */ channel,
) {
  const { input, side, channels, kernel, filters } = layer
  const [window, filter] = [new Float32Array(KERNEL ** 2), new Float32Array(KERNEL ** 2)]
  for (let place = 0; place < KERNEL ** 2; place++) {
    const [y, x] = [Math.floor(place / KERNEL), place % KERNEL]
    window[place] = input[((row + y) * side + column + x) * channels + channel]
    filter[place] = kernel[(place * channels + channel) * filters + map]
  }
  const parts = window.map((value, place) => value * filter[place])
  return { channel, window, filter, parts, sum: parts.reduce((total, each) => total + each, 0) }
}

/**
 * Return the numbers behind a value of a convolution.
 * @param {Numbers} numbers @param {{ name: string, input: string, side: number, channels: number, filters: number }} layer
 * @param {Value} value @param {number | null} chosen one of several input maps @param {(channel: number) => void} choose
 */
export function convolution({ outputs, weights, words }, layer, value, chosen, choose) {
  const { name, input, side, channels, filters } = layer
  const kernel = weights[`${name}/kernel`]
  const bias = weights[`${name}/bias`][value.map]
  const stack = { input: outputs[input], side, channels, kernel, filters }
  const all = Array.from({ length: channels }, (_, channel) => products(stack, value, channel))
  const order = [...all].sort((one, other) => Math.abs(other.sum) - Math.abs(one.sum))
  const one = chosen === null ? order[0] : all[chosen]
  const total = all.reduce((sum, each) => sum + each.sum, 0)
  const highest = Math.max(...outputs[input], 1e-9)
  const strongest = Math.max(...Array.from(one.filter, Math.abs), 1e-9)
  const most = Math.max(...Array.from(one.parts, Math.abs), 1e-9)
  const from = channels === 1 ? words.image_window : fill(words.map_window, { map: one.channel + 1 })
  const parts = [
    element(
      "div.factors",
      "",
      titled(
        from,
        grid(one.window, (part) => gray(part / highest)),
      ),
      element("span", "×"),
      titled(
        words.filter,
        grid(one.filter, (part) => signed(part / strongest)),
      ),
      element("span", "="),
      titled(
        words.products,
        grid(one.parts, (part) => signed(part / most)),
      ),
    ),
  ]
  if (channels > 1) {
    const buttons = order.slice(0, SUMS).map((each) => {
      const button = element("button", `${each.channel + 1}: ${fixed(each.sum)}`)
      button.setAttribute("aria-pressed", String(each === one))
      button.onclick = () => choose(each.channel)
      return button
    })
    parts.push(element("div.inputs", "", element("small", words.strongest_inputs), ...buttons))
  }
  const rows = [[words.sum_of_nine, fixed(one.sum)]]
  if (channels > 1) rows.push([fill(words.other_maps, { count: channels - 1 }), fixed(total - one.sum)])
  rows.push([words.bias, fixed(bias)], ["=", fixed(total + bias)])
  parts.push(totals(rows, words.relu, fixed(outputs[name][indexOf(value, side - KERNEL + 1, filters)])))
  return parts
}

/** Return the numbers behind a value of a pooling. */
export function pooling(
  /** @type {Numbers} */ { outputs, words },
  /** @type {{ name: string, input: string, side: number, channels: number }} */ { name, input, side, channels },
  /** @type {Value} */ value,
) {
  const window = Float32Array.from({ length: POOL ** 2 }, (_, place) => {
    const [y, x] = [value.row * POOL + Math.floor(place / POOL), value.column * POOL + (place % POOL)]
    return outputs[input][(y * side + x) * channels + value.map]
  })
  const highest = Math.max(...outputs[input], 1e-9)
  const cells = grid(window, (part) => gray(part / highest), POOL)
  cells.children[window.indexOf(Math.max(...window))].classList.add("framed")
  const result = outputs[name][indexOf(value, Math.floor(side / POOL), channels)]
  return [
    element("div.factors", "", titled(fill(words.pool_window, { map: value.map + 1 }), cells)),
    totals([], words.highest, fixed(result)),
  ]
}

/** Return where a value of the list comes from. */
export function flattened(/** @type {Numbers} */ { outputs, words }, /** @type {Value} */ { map }) {
  const [place, channel] = [Math.floor(map / 64), map % 64]
  const values = { index: map + 1, map: channel + 1, row: Math.floor(place / 3) + 1, column: (place % 3) + 1 }
  return [element("p", fill(words.flattened, values)), totals([], words.value, fixed(outputs.flatten[map]))]
}

/** Return the strongest products behind a value of the dense layer. */
export function dense(/** @type {Numbers} */ { outputs, weights, words }, /** @type {Value} */ { map }) {
  const [input, kernel] = [outputs.flatten, weights["dense_1/kernel"]]
  const units = outputs.dense_1.length
  const all = Array.from(input, (value, index) => ({ index, value, weight: kernel[index * units + map] }))
  const order = all
    .map((each) => ({ ...each, part: each.value * each.weight }))
    .sort((a, b) => Math.abs(b.part) - Math.abs(a.part))
  const sum = (/** @type {{ part: number }[]} */ parts) => parts.reduce((total, { part }) => total + part, 0)
  const table = element("table.products", "", element("caption", words.strongest_products))
  for (const { index, value, weight, part } of order.slice(0, STRONGEST)) {
    const cells = [`${index + 1}`, fixed(value), `× ${fixed(weight)}`, `= ${fixed(part)}`]
    table.append(element("tr", "", ...cells.map((cell) => element("td", cell))))
  }
  const bias = weights["dense_1/bias"][map]
  const rows = [
    [fill(words.more_products, { count: order.length - STRONGEST }), fixed(sum(order.slice(STRONGEST)))],
    [words.sum, fixed(sum(order))],
    [words.bias, fixed(bias)],
    ["=", fixed(sum(order) + bias)],
  ]
  return [table, totals(rows, words.relu, fixed(outputs.dense_1[map]))]
}

/** Return the way from the logits to the probabilities, beside the notebook's scores. */
export function logits(/** @type {Numbers} */ { outputs, words, names }) {
  const values = outputs.logits
  const highest = Math.max(...values)
  const [probabilities, scores] = [softmax(values), sigmoid(values)]
  const table = element("table.scores", "")
  const heads = ["", words.logit, words.exponential, words.probability, words.score]
  table.append(element("tr", "", ...heads.map((head) => element("th", head))))
  values.forEach((value, index) => {
    const cells = [
      fixed(value),
      Math.exp(value - highest).toFixed(4),
      percent(probabilities[index]),
      percent(scores[index]),
    ]
    const row = element("tr", "", element("th", names[index]), ...cells.map((cell) => element("td", cell)))
    row.className = value === highest ? "predicted" : ""
    table.append(row)
  })
  return [table, element("p", words.softmax)]
}

/** @param {Value} value @param {number} side @param {number} channels */
const indexOf = ({ map, row, column }, side, channels) => (row * side + column) * channels + map

/** @param {string} title @param {HTMLElement} content */
const titled = (title, content) => element("div", "", element("b", title), content)

/** @param {Float32Array} values @param {(value: number) => string} color @param {number} [columns] */
function grid(values, color, columns = KERNEL) {
  const cells = element("div.cells")
  cells.style.setProperty("--columns", String(columns))
  for (const value of values) {
    const cell = element("span", fixed(value))
    cell.style.cssText = color(value)
    cells.append(cell)
  }
  return cells
}

/** @param {string[][]} rows @param {string} title @param {string} result */
function totals(rows, title, result) {
  const list = element("dl")
  for (const [name, value] of rows) list.append(element("dt", name), element("dd", value))
  return element(
    "div.totals",
    "",
    list,
    element("span", rows.length ? "→" : ""),
    titled(title, element("strong", result)),
  )
}

/** @param {number} strength 0 to 1 */
function gray(strength) {
  const shade = Math.round(255 * Math.sqrt(Math.max(strength, 0)))
  return `background: rgb(${shade} ${shade} ${shade}); color: ${shade < 140 ? "white" : "black"}`
}

/** @param {number} strength -1 to 1 */
function signed(strength) {
  const color = strength < 0 ? "213 94 0" : "0 114 178"
  return `background: color-mix(in srgb, rgb(${color}) ${Math.round(100 * Math.abs(strength))}%, #f6f5f3); color: ${Math.abs(strength) > 0.75 && strength > 0 ? "white" : "black"}`
}
