// What is in the visitor's hand: an image, drawn on or not, and the network's outputs for it.

import { predictedClass, softmax } from "../engine/scores.js"
import { distances, networks, testLogits } from "../source/checkpoints.js"

/**
 * @typedef {import("../engine/network.js").Arrays} Arrays
 * @typedef {import("../engine/network.js").Network} Network
 * @typedef {{ greys: ArrayLike<number>, label: number | null }} Original
 * @typedef {{ weights: string, logits: string, distances: string | null }} Addresses of a checkpoint
 */

export class Hand {
  /** @param {() => ArrayLike<number>} greys of the image that is drawn on */
  constructor(greys) {
    this.greys = greys
    /** The image as it was before a stroke; null where it is not known. @type {Original | null} */
    this.original = null
    /** Whether there is an image at all. */
    this.known = false
    /** Logits of this image by the server, until they can be computed here. @type {Float32Array | null} */
    this.served = null
    /** The index among the test images, null for any other image. @type {number | null} */
    this.testIndex = null
    /** @type {Addresses | null} */
    this.addresses = null
    /** Outputs of all layers; null until the weights are here. @type {Arrays | null} */
    this.outputs = null
    /** @type {Float32Array | null} */
    this.logits = null
    /** @type {{ network: Network, original: Original, predicted: number, confidence: number } | null} */
    this.compared = null
  }

  /** The network, if its weights are here. @returns {Network | null} */
  get network() {
    return this.addresses && networks.get(this.addresses.weights)
  }

  /** Whether the image differs from the original. */
  get changed() {
    const greys = this.greys()
    if (!this.original) return false
    for (let index = 0; index < greys.length; index++) if (greys[index] !== this.original.greys[index]) return true
    return false
  }

  /** Compute the outputs again, after a change of the image or of the network. */
  compute() {
    const { network } = this
    this.outputs = this.known && network ? network.forward(pixels(this.greys())) : null
    this.logits = this.outputs?.logits ?? this.served ?? (this.changed ? null : this.#storedLogits())
    this.probabilities = this.logits && softmax(this.logits)
    this.predicted = this.logits && predictedClass(this.logits)
  }

  /** Return the class and the probability of the image before it was drawn on, null where they are not known. */
  before() {
    const { network, original } = this
    if (!network || !original) return null
    if (this.compared?.network !== network || this.compared.original !== original) {
      const { logits } = network.forward(pixels(original.greys))
      this.compared = { network, original, predicted: predictedClass(logits), confidence: Math.max(...softmax(logits)) }
    }
    return this.compared
  }

  /**
   * Return the share of known images that are as unusual, by their distance where the network has its statistics, else
   * by their energy; null where it is not known.
   */
  percentile() {
    const statistics = this.addresses?.distances && distances.get(this.addresses.distances)
    if (statistics && this.outputs) return statistics.percentile(this.outputs)
    const known = this.addresses && testLogits.get(this.addresses.logits)
    return known && this.logits ? known.energyPercentile(this.logits) : null
  }

  #storedLogits() {
    const stored = this.addresses && testLogits.get(this.addresses.logits)
    return stored && this.testIndex !== null ? stored.of(this.testIndex) : null
  }
}

/** @param {ArrayLike<number>} greys */
const pixels = (greys) => Float32Array.from(greys, (grey) => grey / 255)
