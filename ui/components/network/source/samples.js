// The images and labels of both splits, in chunks around the one that is looked at.

import { Fetched } from "./fetched.js"

const PIXELS = 28 ** 2

/** @typedef {"test" | "train"} Split */
/** @typedef {{ address: string, chunk: number, test: number, train: number }} Catalog Chunks and splits, in samples. */

const chunks = new Fetched((bytes) => new Uint8Array(bytes))

export class Samples {
  /** @param {Catalog} catalog */
  constructor(catalog) {
    this.catalog = catalog
  }

  /** Return a sample if its chunk is here, else null. @param {Split} split @param {number} index */
  at(split, index) {
    const { chunk } = this.catalog
    const content = chunks.get(this.#address(split, Math.floor(index / chunk)))
    if (!content) return null
    const [count, position] = [content.length / (PIXELS + 1), index % chunk]
    const from = count + PIXELS * position
    return { label: content[position], greys: content.subarray(from, from + PIXELS) }
  }

  /** Fetch the chunk of a sample. @param {Split} split @param {number} index */
  load(split, index) {
    return chunks.load(this.#address(split, Math.floor(index / this.catalog.chunk)))
  }

  /** Fetch all test images, the nearest chunks first. @param {number} index */
  async loadTest(index) {
    const count = Math.ceil(this.catalog.test / this.catalog.chunk)
    const here = Math.floor(index / this.catalog.chunk)
    const order = [...Array(count).keys()].sort((one, other) => Math.abs(one - here) - Math.abs(other - here))
    for (const number of order) await chunks.load(this.#address("test", number))
  }

  /** @param {Split} split @param {number} number */
  #address(split, number) {
    return `${this.catalog.address}/${split}/${number}`
  }
}
