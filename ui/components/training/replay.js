// The training once more: a slider over its snapshots, which moves curve, images and filters together.

import { fill } from "./numbers.js"

// A training lasts so long when it is played, and a snapshot at least.
const PLAY_MS = 8_000
const STEP_MS = 60
// Seconds from which on tenths are not told.
const LONG = 100

/**
 * @typedef {import("./follower.js").Snapshot} Snapshot
 * @typedef {import("./numbers.js").Numbers} Numbers
 */

export class Replay {
  /** @param {HTMLElement} root @param {() => void} moved called at another moment */
  constructor(root, moved) {
    this.root = root
    this.moved = moved
    /** @type {HTMLInputElement} */
    this.slider = root.querySelector("input")
    this.button = root.querySelector("button")
    this.time = root.querySelector(".time")
    /** @type {Snapshot[]} */
    this.snapshots = []
    /** @type {number | null} null: the last one, also of those to come */
    this.chosen = null
    this.timer = 0
    this.slider.oninput = () => {
      this.stop()
      this.#go(Number(this.slider.value))
    }
    this.slider.onkeydown = (event) => {
      if (event.key !== " ") return
      event.preventDefault()
      this.#toggle()
    }
    this.button.onclick = () => this.#toggle()
  }

  /** The snapshot of the chosen moment. */
  get snapshot() {
    return this.snapshots[this.at]
  }

  get at() {
    return Math.min(this.chosen ?? Number.POSITIVE_INFINITY, this.snapshots.length - 1)
  }

  get atEnd() {
    return this.at === this.snapshots.length - 1
  }

  /** @param {Record<string, string>} words @param {Numbers} numbers */
  write(words, numbers) {
    this.words = words
    this.numbers = numbers
    this.root.querySelector("label").textContent = words.again
    this.root.querySelector(".later").textContent = words.later
    this.#mark()
  }

  /** @param {Snapshot[]} snapshots @param {boolean} ended */
  show(snapshots, ended) {
    this.snapshots = snapshots
    this.root.classList.toggle("ended", ended)
    this.root.classList.toggle("empty", ended && snapshots.length < 2)
    this.slider.max = String(Math.max(snapshots.length - 1, 1))
    if (!ended) {
      this.chosen = null
      this.stop()
    }
    this.#draw()
  }

  stop() {
    clearInterval(this.timer)
    this.timer = 0
    if (this.words) this.#mark()
  }

  #toggle() {
    if (this.timer) return this.stop()
    if (this.atEnd) this.#go(0)
    const pause = Math.max(PLAY_MS / this.snapshots.length, STEP_MS)
    this.timer = window.setInterval(
      () => {
        this.#go(this.at + 1)
        if (this.atEnd) this.stop()
      },
      Math.min(pause, 800),
    )
    this.#mark()
  }

  /** @param {number} at */
  #go(at) {
    this.chosen = at < this.snapshots.length - 1 ? at : null
    this.#draw()
    this.moved()
  }

  #draw() {
    const { slider, words, numbers, snapshots } = this
    if (!snapshots.length) return
    const end = snapshots.at(-1).seconds
    const [now, total] = [this.snapshot.seconds, end].map((seconds) =>
      end < LONG ? fill(words.seconds, { seconds: numbers.number(seconds, 1) }) : numbers.duration(seconds),
    )
    slider.value = String(this.at)
    slider.style.setProperty("--filled", String(this.at / Math.max(snapshots.length - 1, 1)))
    this.time.textContent = `${now} ${words.of} ${total}`
    slider.setAttribute("aria-valuetext", this.time.textContent)
  }

  #mark() {
    const playing = Boolean(this.timer)
    this.button.querySelector(".icon").textContent = playing ? "pause" : "play_arrow"
    this.button.ariaLabel = playing ? this.words.pause : this.words.again
    this.button.title = this.button.ariaLabel
  }
}
