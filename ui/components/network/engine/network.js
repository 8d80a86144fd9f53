// The network of one epoch: weights in, the outputs of every layer out.

import { convolve, dense, KERNEL, POOL, pool } from "./layers.js"

/** @typedef {import("./layers.js").Region} Region */
/** @typedef {Record<string, Float32Array>} Arrays By the name of a layer, or of a weight: "dense_1/kernel". */

export const SIDE = 28
export const CLASSES = 10

/** Convolutions and poolings from the image on, as `fmnist/architecture.py` names them. */
const MAPS = /** @type {const} */ ([
  ["convolution_1", 32],
  ["pooling_1", 32],
  ["convolution_2", 64],
  ["pooling_2", 64],
  ["convolution_3", 64],
])

/** @type {{ name: string, input: string, side: number, channels: number, outputSide: number, filters: number }[]} */
const STEPS = []
for (const [name, filters] of MAPS) {
  const {
    name: input,
    outputSide: side,
    filters: channels,
  } = STEPS.at(-1) ?? { name: "image", outputSide: SIDE, filters: 1 }
  const outputSide = name.startsWith("pooling") ? Math.floor(side / POOL) : side - KERNEL + 1
  STEPS.push({ name, input, side, channels, outputSide, filters })
}

/** Weights of one epoch, and the forward pass with them. */
export class Network {
  /** @param {Arrays} weights */
  constructor(weights) {
    this.weights = weights
  }

  /**
   * Return the outputs of all layers for one image (28, 28), 0 black to 1 white, and the image itself.
   * @param {Float32Array} image @returns {Arrays}
   */
  forward(image) {
    /** @type {Arrays} */
    const outputs = { image }
    for (const { name, outputSide, filters } of STEPS) outputs[name] = new Float32Array(outputSide ** 2 * filters)
    outputs.flatten = outputs.convolution_3
    outputs.dense_1 = new Float32Array(this.weights["dense_1/bias"].length)
    outputs.logits = new Float32Array(CLASSES)
    this.update(outputs, { rows: [0, SIDE], columns: [0, SIDE] })
    return outputs
  }

  /**
   * Compute again what depends on a region of the image, and return that region of every stack of maps.
   * @param {Arrays} outputs @param {Region} region
   */
  update(outputs, region) {
    /** @type {Record<string, Region>} */
    const changed = {}
    for (const { name, input, side, channels, outputSide } of STEPS) {
      const shape = { side, channels }
      if (name.startsWith("pooling")) {
        region = grow(region, (from, to) => [Math.floor(from / POOL), Math.ceil(to / POOL)], outputSide)
        pool(outputs[input], shape, outputs[name], region)
      } else {
        region = grow(region, (from, to) => [from - KERNEL + 1, to], outputSide)
        const [kernel, bias] = [this.weights[`${name}/kernel`], this.weights[`${name}/bias`]]
        convolve(outputs[input], shape, kernel, bias, outputs[name], region)
      }
      changed[name] = region
    }
    const { weights } = this
    dense(outputs.flatten, weights["dense_1/kernel"], weights["dense_1/bias"], outputs.dense_1, true)
    dense(outputs.dense_1, weights["logits/kernel"], weights["logits/bias"], outputs.logits, false)
    return changed
  }
}

/** Return the side and the channels of a layer's maps. @param {string} name */
export function mapShape(name) {
  const { outputSide: side, filters: channels } = STEPS.find((step) => step.name === name)
  return { side, channels }
}

/**
 * @param {Region} region @param {(from: number, to: number) => [number, number]} reach @param {number} side
 * @returns {Region}
 */
function grow({ rows, columns }, reach, side) {
  /** @param {[number, number]} range @returns {[number, number]} */
  const cut = (range) => {
    const [from, to] = reach(...range)
    return [Math.min(Math.max(from, 0), side), Math.min(to, side)]
  }
  return { rows: cut(rows), columns: cut(columns) }
}
