// Is an image like those that a network was trained on? As fmnist/analysis/ood.py defines it, for the one network that
// has the statistics: the distance of its features to the nearest class mean.

import { mapShape } from "./network.js"

/** @typedef {import("./network.js").Arrays} Arrays */

const CONVOLUTIONS = ["convolution_1", "convolution_2", "convolution_3"]

export class ClassDistances {
  /** @param {Arrays} arrays center and scale (n), whitening (n, n), means (10, n), held_out (percentiles) */
  constructor(arrays) {
    this.arrays = arrays
  }

  /** Return the share of held-out images that are at least as far from their class. @param {Arrays} outputs */
  percentile(outputs) {
    const { held_out } = this.arrays
    const distance = this.#distance(features(outputs))
    const after = held_out.findIndex((each) => each > distance)
    if (after < 0) return 0
    if (after === 0) return 1
    const share = (distance - held_out[after - 1]) / (held_out[after] - held_out[after - 1])
    return 1 - (after - 1 + share) / (held_out.length - 1)
  }

  /** @param {Float64Array} found features */
  #distance(found) {
    const { center, scale, whitening, means } = this.arrays
    const count = center.length
    const whitened = new Float64Array(count)
    for (let row = 0; row < count; row++) {
      const value = (found[row] - center[row]) / scale[row]
      for (let column = 0; column < count; column++) whitened[column] += value * whitening[row * count + column]
    }
    let nearest = Number.POSITIVE_INFINITY
    for (let first = 0; first < means.length; first += count) {
      let sum = 0
      for (let index = 0; index < count; index++) sum += (whitened[index] - means[first + index]) ** 2
      nearest = Math.min(nearest, sum)
    }
    return nearest
  }
}

/** Return the mean of each convolution's channel, the dense layer, mean and deviation of the image. @param {Arrays} outputs */
function features(outputs) {
  const means = CONVOLUTIONS.flatMap((name) => {
    const { side, channels } = mapShape(name)
    const sums = new Float64Array(channels)
    outputs[name].forEach((value, index) => {
      sums[index % channels] += value
    })
    return Array.from(sums, (sum) => sum / side ** 2)
  })
  const { image } = outputs
  const mean = image.reduce((sum, grey) => sum + grey, 0) / image.length
  const variance = image.reduce((sum, grey) => sum + (grey - mean) ** 2, 0) / image.length
  return Float64Array.from([...means, ...outputs.dense_1, mean, Math.sqrt(variance)])
}
