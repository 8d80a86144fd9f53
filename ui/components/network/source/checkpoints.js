// What is kept of an epoch: its network, and its logits of the test images.

import { ClassDistances } from "../engine/distances.js"
import { Network } from "../engine/network.js"
import { readSafetensors } from "../engine/safetensors.js"
import { energy } from "../engine/scores.js"
import { Fetched } from "./fetched.js"

const CLASSES = 10
const TEST_IMAGES = 10_000

export const networks = new Fetched((bytes) => new Network(readSafetensors(bytes)))
export const distances = new Fetched((bytes) => new ClassDistances(readSafetensors(bytes)))
export const testLogits = new Fetched((bytes) => new TestLogits(bytes))

/** The logits of the test images, float16 or float32. */
class TestLogits {
  /** @param {ArrayBuffer} bytes */
  constructor(bytes) {
    /** @type {Float64Array | null} */
    this.energies = null
    this.values =
      bytes.byteLength === 2 * TEST_IMAGES * CLASSES ? widened(new Uint16Array(bytes)) : new Float32Array(bytes)
  }

  /** Return the logits of one image. @param {number} index */
  of(index) {
    return this.values.subarray(CLASSES * index, CLASSES * (index + 1))
  }

  /** Return the share of test images whose energy is no higher than that of the logits. @param {Float32Array} logits */
  energyPercentile(logits) {
    this.energies ??= Float64Array.from({ length: TEST_IMAGES }, (_, index) => energy(this.of(index)))
    const own = energy(logits)
    return this.energies.reduce((count, each) => count + Number(each <= own), 0) / TEST_IMAGES
  }
}

/** Return float16 numbers as float32. @param {Uint16Array} halves */
function widened(halves) {
  return Float32Array.from(halves, (half) => {
    const [sign, exponent, fraction] = [half >> 15 ? -1 : 1, (half >> 10) & 31, half & 1023]
    if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
    return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024))
  })
}
