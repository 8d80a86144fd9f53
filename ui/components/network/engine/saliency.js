// Grad-CAM and occlusion, as fmnist/analysis/saliency.py defines them.

import { mapShape, SIDE } from "./network.js"
import { softmax } from "./scores.js"

/** @typedef {import("./network.js").Arrays} Arrays */
/** @typedef {import("./network.js").Network} Network */

export const SQUARE = 6
export const STRIDE = 2
export const OCCLUSION_SIDE = SIDE / STRIDE

/**
 * Return where the last convolution sees evidence for a class: (3, 3), at least 0 (Selvaraju et al. 2017, eq. 1 and 2).
 * @param {Arrays} outputs @param {Arrays} weights @param {number} label
 */
export function gradCam(outputs, weights, label) {
  const { channels } = mapShape("convolution_3")
  const [hidden, last] = [weights["dense_1/kernel"], weights["logits/kernel"]]
  const units = outputs.dense_1.length
  const classes = outputs.logits.length
  const places = outputs.convolution_3.length / channels
  const worth = new Float64Array(channels)
  for (let unit = 0; unit < units; unit++) {
    if (!(outputs.dense_1[unit] > 0)) continue
    const slope = last[unit * classes + label] / places
    for (let index = 0; index < outputs.convolution_3.length; index++) {
      worth[index % channels] += hidden[index * units + unit] * slope
    }
  }
  return Float64Array.from({ length: places }, (_, place) => {
    let sum = 0
    for (let channel = 0; channel < channels; channel++) {
      sum += outputs.convolution_3[place * channels + channel] * worth[channel]
    }
    return Math.max(sum, 0)
  })
}

/**
 * Return how much a class's probability falls when a black square covers a part of the image: (14, 14)
 * (Zeiler & Fergus 2014). Only what the square changes is computed again.
 * @param {Network} network @param {Float32Array} image @param {number} label
 */
export function occlusion(network, image, label) {
  const known = network.forward(image)
  const outputs = network.forward(image.slice())
  const before = softmax(known.logits)[label]
  const falls = new Float64Array(OCCLUSION_SIDE ** 2)
  for (let index = 0; index < falls.length; index++) {
    const region = square(Math.floor(index / OCCLUSION_SIDE), index % OCCLUSION_SIDE)
    if (!fill(outputs.image, region, SIDE, 1, null)) continue // black already
    const changed = network.update(outputs, region)
    falls[index] = before - softmax(outputs.logits)[label]
    fill(outputs.image, region, SIDE, 1, known.image)
    for (const [name, part] of Object.entries(changed)) {
      const { side, channels } = mapShape(name)
      fill(outputs[name], part, side, channels, known[name])
    }
  }
  return falls
}

/** Return the part of the image that a square covers. @param {number} row @param {number} column */
export function square(row, column) {
  /** @param {number} place @returns {[number, number]} */
  const range = (place) => {
    const first = place * STRIDE + 1 - SQUARE / 2
    return [Math.max(first, 0), Math.min(first + SQUARE, SIDE)]
  }
  return { rows: range(row), columns: range(column) }
}

/**
 * Set a region of maps to those of `source`, or to 0; return whether anything changed.
 * @param {Float32Array} maps @param {import("./layers.js").Region} region @param {number} side
 * @param {number} channels @param {Float32Array | null} source
 */
function fill(maps, { rows, columns }, side, channels, source) {
  let changed = false
  for (let row = rows[0]; row < rows[1]; row++) {
    const [from, to] = columns.map((column) => (row * side + column) * channels)
    for (let index = from; index < to; index++) {
      const value = source ? source[index] : 0
      changed ||= maps[index] !== value
      maps[index] = value
    }
  }
  return changed
}
