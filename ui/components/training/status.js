// What the run does, how far it is, and Stop; at the end its result and the ways on.

import { Longer } from "./longer.js"
import { fill } from "./numbers.js"

// A worker that is ready needs less until its first batches.
const READY_MS = 900
// Twice a second the foreseen end moves by so much towards the newest one.
const NEWEST_SHARE = 0.15

/**
 * @typedef {import("./follower.js").Run} Run
 * @typedef {import("./numbers.js").Numbers} Numbers
 * @typedef {object} Ending
 * @property {string} strong @property {string} text @property {string} soft @property {string} cause
 * @property {string[]} ways @property {boolean} primary @property {import("./longer.js").More | null} more
 */

const ICONS = /** @type {Record<string, string>} */ ({
  try: "touch_app",
  mistakes: "rule",
  longer: "add",
  rate: "tune",
})

export class Status {
  /** @param {HTMLElement} root @param {(way: string, values?: object) => void} go called with "stop" or a way on */
  constructor(root, go) {
    /** @type {<E extends HTMLElement>(selector: string) => E} */
    const part = (selector) => root.querySelector(selector)
    this.part = part
    this.go = go
    /** @type {HTMLButtonElement} */
    this.stop = part("[name=stop]")
    this.stop.onclick = () => {
      this.stop.disabled = true
      go("stop")
    }
    this.longer = new Longer(
      part(".longer"),
      (values) => go("longer", values),
      () => this.#fold(),
    )
    this.begin()
  }

  /** Begin with another run, or with another training of it. */
  begin() {
    this.longer.close()
    this.begun = performance.now()
    this.endsAt = 0
  }

  /** @param {Record<string, string>} words @param {Numbers} numbers */
  write(words, numbers) {
    this.words = words
    this.numbers = numbers
    this.stop.querySelector("span").textContent = words.stop
    this.longer.write(words)
  }

  /** Draw the result. @param {Ending} ending */
  end({ strong, text, soft, cause, ways, primary, more }) {
    this.#sentence(strong, text, soft && ` ${soft}`)
    const row = this.part(".ways")
    const buttons = ways.map((way, position) => {
      const button = document.createElement("button")
      button.name = way
      button.className = primary && !position ? "first" : ""
      button.innerHTML = `<i class="icon" aria-hidden="true">${ICONS[way]}</i>`
      button.append(this.words[way])
      button.onclick = () => (way === "longer" ? this.#unfold(more) : this.go(way))
      return button
    })
    const reason = Object.assign(document.createElement("p"), { className: "cause", textContent: cause })
    row.replaceChildren(...buttons, reason)
    this.#show(false)
  }

  /**
   * Draw the progress.
   * @param {string} name of the run @param {Run | null} run
   * @param {number | null} wait the seconds until it starts
   */
  proceed(name, run, wait) {
    const [text, soft, done] = this.#progress(run, wait)
    this.#sentence(`${name} · ${text}`, "", soft && ` · ${soft}`)
    const track = this.part(".track")
    track.classList.toggle("unknown", done === null)
    if (done === null) track.removeAttribute("aria-valuenow")
    else track.setAttribute("aria-valuenow", String(Math.round(100 * done)))
    track.setAttribute("aria-label", name)
    this.part(".track i").style.transform = `scaleX(${done ?? 1})`
    this.stop.disabled = Boolean(run?.stop_requested)
    this.#show(true)
  }

  /** @param {Run | null} run @param {number | null} wait @returns {[string, string, number | null]} */
  #progress(run, wait) {
    const { words, numbers } = this
    const epochs = run?.target_epochs
    if (run?.status === "queued" && run.queue_position) {
      this.begun = performance.now()
      const count = run.queue_position
      const left = wait && fill(words.about, { time: numbers.duration(wait) })
      return [fill(count === 1 ? words.waits_one : words.waits_many, { count }), left ?? "", 0]
    }
    if (!run?.progress && !run?.epochs.length) {
      const ready = performance.now() - this.begun < READY_MS
      return ready ? [words.starting, "", null] : [words.starting_tensorflow, words.starting_time, null]
    }
    const progress = run.progress ?? { epoch: run.epochs.length, batch: 1, batches: 1 }
    const done = Math.min((progress.epoch - 1 + progress.batch / progress.batches) / epochs, 1)
    const epoch = fill(words.epoch, { epoch: progress.epoch, epochs })
    if (run.stop_requested) return [epoch, words.stopping, done]
    const left = run.seconds_left
    return [epoch, left === null ? "" : fill(words.left, { time: numbers.duration(this.#steady(left)) }), done]
  }

  /** The seconds left by the mean of the ends that were foreseen: they do not go to and fro. @param {number} left */
  #steady(left) {
    const now = performance.now() / 1000
    this.endsAt += (now + left - this.endsAt) * (this.endsAt ? NEWEST_SHARE : 1)
    return Math.max(this.endsAt - now, 1)
  }

  /** @param {string} strong @param {string} text @param {string} soft */
  #sentence(strong, text, soft) {
    const parts = [strong, text, soft]
    for (const [position, part] of [...this.part("h2").children].entries()) part.textContent = parts[position]
  }

  /** @param {boolean} going */
  #show(going) {
    this.part(".going").hidden = !going
    this.part(".ways").hidden = going || this.longer.opened
  }

  /** @param {import("./longer.js").More} more */
  #unfold(more) {
    this.part(".ways").hidden = true
    this.longer.open(more)
  }

  #fold() {
    this.longer.close()
    this.part(".ways").hidden = false
    this.part("[name=longer]").focus()
  }
}
