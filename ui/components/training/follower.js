// What the HTTP API tells of a run: asked twice a second while it trains, and not while nobody sees the page.

const PAUSE_MS = 500
// The worker stores a snapshot a second.
const TICKS_A_SNAPSHOT = 2

/**
 * @typedef {{ epoch: number, loss: number, accuracy: number, val_accuracy: number, test_accuracy: number, seconds: number }} Epoch
 * @typedef {object} Run
 * @property {"queued" | "running" | "succeeded" | "stopped" | "failed"} status
 * @property {number} number @property {number | null} queue_position @property {number} target_epochs
 * @property {boolean} stop_requested @property {number | null} seconds_left @property {number | null} overfits_from
 * @property {Epoch[]} epochs
 * @property {{ epoch: number, batch: number, batches: number, accuracy: number } | null} progress
 * @typedef {[epochs: number, loss: number, accuracy: number]} Point
 * @typedef {object} Snapshot after so many epochs and seconds
 * @property {number} epochs @property {number} seconds
 * @property {[number, number][]} answers a class and its confidence @property {number[][]} filters
 * @property {number[]} right by class @property {(number | null)[]} taken_for by class
 */

export class Follower {
  /** @param {string} address @param {() => void} changed called after news */
  constructor(address, changed) {
    this.address = address
    this.changed = changed
    /** @type {Run | null} */
    this.run = null
    /** @type {Point[]} */
    this.curve = []
    /** @type {Snapshot[]} */
    this.snapshots = []
    this.deleted = false
    this.complete = false
    this.ticks = 0
    this.timer = 0
    this.seen = () => document.hidden || this.#again(0)
  }

  open() {
    document.addEventListener("visibilitychange", this.seen)
    this.#again(0)
  }

  close() {
    document.removeEventListener("visibilitychange", this.seen)
    clearTimeout(this.timer)
    this.timer = 0
  }

  get active() {
    return this.run?.status === "queued" || this.run?.status === "running"
  }

  /** @param {number} pause */
  #again(pause) {
    clearTimeout(this.timer)
    this.timer = window.setTimeout(() => this.#ask(), pause)
  }

  async #ask() {
    const { timer } = this
    if (document.hidden || this.complete) return
    const begun = performance.now()
    try {
      await this.#request()
    } catch {
      // The server is away: the page says so, and this asks on.
    }
    if (this.timer !== timer) return // closed, or asked anew
    this.changed()
    this.#again(Math.max(PAUSE_MS - (performance.now() - begun), 50))
  }

  async #request() {
    const response = await this.#get("")
    this.deleted = this.complete = response.status === 404
    if (!response.ok) return
    const run = /** @type {Run} */ (await response.json())
    const ended = run.status !== "queued" && run.status !== "running"
    const news = [this.#more("/curve", this.curve, (point) => point[0])]
    if (ended || this.ticks++ % TICKS_A_SNAPSHOT === 0)
      news.push(this.#more("/snapshots", this.snapshots, ({ epochs }) => epochs))
    await Promise.all(news)
    // At last: who sees a run that has ended has all of its curve.
    this.run = run
    this.complete = ended
  }

  /**
   * Append what came after the last one.
   * @template Item
   * @param {string} path @param {Item[]} items @param {(item: Item) => number} epochs
   */
  async #more(path, items, epochs) {
    const last = () => (items.length ? epochs(items.at(-1)) : 0)
    const response = await this.#get(`${path}?after=${last()}`)
    if (!response.ok) return
    for (const item of await response.json()) if (epochs(item) > last()) items.push(item)
  }

  /** @param {string} path */
  #get(path) {
    return fetch(new URL(this.address + path, document.baseURI))
  }
}
