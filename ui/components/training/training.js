// The live block of Train: it follows a run by itself, and tells the page of the run's end and of what is pressed.

import { Chart } from "./chart.js"
import { Filters } from "./filters.js"
import { Follower } from "./follower.js"
import { fill, Numbers } from "./numbers.js"
import { Replay } from "./replay.js"
import { Status } from "./status.js"
import { Watched } from "./watched.js"

// The page may miss a message while it is drawn.
const REPEAT_MS = 2_000

/**
 * @typedef {import("./status.js").Ending} Ending
 * @typedef {object} Words
 * @property {Record<string, string>} status @property {Record<string, string>} chart
 * @property {Record<string, string>} filters @property {Record<string, string>} watched
 * @property {Record<string, string>} replay @property {Record<string, string>} units
 * @typedef {object} Data
 * @property {string} address @property {string} name of the run @property {number} number @property {boolean} active
 * @property {boolean} status_only without chart, filters, images and replay
 * @property {number} epochs to train in all @property {number | null} usual accuracy
 * @property {number | null} seconds of the whole training, as estimated @property {number | null} wait
 * @property {Ending | null} ending @property {string} locale @property {Words} words
 * @property {import("./watched.js").Images} images
 */

/** @type {WeakMap<Node, Training>} */
const blocks = new WeakMap()

/** Draw the block, or take over what has changed; return a function that ends it. @param {Component<Data>} component */
export function mount(component) {
  const root = component.parentElement
  // Streamlit may end a component and call it again with the same nodes.
  const block = blocks.get(root) ?? new Training(root)
  blocks.set(root, block)
  block.update(component)
  return () => block.close()
}

class Training {
  /** @param {ShadowRoot} root */
  constructor(root) {
    /** @type {<E extends HTMLElement>(selector: string) => E} */
    const part = (selector) => root.querySelector(selector)
    this.part = part
    this.status = new Status(part(".status"), (way, values) => this.#tell(way, values))
    this.chart = new Chart(part(".chart"))
    this.filters = new Filters(part(".filters"))
    this.watched = new Watched(part(".watched"), (image) => this.#open(image))
    this.replay = new Replay(part(".replay"), () => this.#draw())
    /** @type {Follower} */
    this.follower = null
    this.told = -REPEAT_MS
    this.repeat = 0
    this.spoken = ""
  }

  /** @param {Component<Data>} component */
  update(component) {
    const { data } = component
    const { words } = data
    this.component = component
    this.data = data
    this.numbers = new Numbers(data.locale, words.units)
    this.part(".training").classList.toggle("status-only", data.status_only)
    this.status.write(words.status, this.numbers)
    this.chart.write(words.chart, this.numbers)
    this.filters.write(words.filters)
    this.watched.write(words.watched, data.images, this.numbers)
    this.replay.write(words.replay, this.numbers)
    this.#follow()
    if (data.ending) this.status.end(data.ending) // not at every frame of a replay: a click would meet another button
    this.#draw()
  }

  close() {
    this.follower.close()
    this.replay.stop()
    clearTimeout(this.repeat)
  }

  /** Follow the run of the data; one that goes on after its end is followed anew. */
  #follow() {
    const { data, follower } = this
    this.follower?.close()
    if (follower?.address !== data.address || (data.active && follower.complete)) {
      if (data.active && follower) this.#bring()
      this.follower = new Follower(data.address, () => this.#draw())
      this.status.begin()
      this.told = -REPEAT_MS
      this.replay.chosen = null
    }
    this.follower.open()
  }

  /** Bring a new training into view, on a phone. */
  #bring() {
    const { top, bottom } = this.part(".status").getBoundingClientRect()
    if (top < 0 || bottom > innerHeight) this.part(".training").scrollIntoView({ block: "start" })
  }

  #draw() {
    const { data, follower } = this
    const { run } = follower
    if (!data.ending) this.status.proceed(data.name, run, data.wait)
    this.#report()
    this.#speak()
    this.replay.show(follower.snapshots, !data.active)
    const { snapshot, atEnd } = this.replay
    this.filters.show(snapshot?.filters)
    this.watched.show(snapshot, data.active ? "now" : atEnd ? "end" : "replay")
    this.#curves(atEnd ? Number.POSITIVE_INFINITY : snapshot.epochs)
  }

  /** Draw the chart. @param {number} until so many epochs */
  #curves(until) {
    const { data, follower } = this
    const { run } = follower
    const marks = run?.epochs ?? []
    const means = !follower.curve.length
    /** @type {import("./follower.js").Point[]} */
    const points = means ? marks.map(({ epoch, loss, accuracy }) => [epoch, loss, accuracy]) : follower.curve
    const seconds = marks.reduce((sum, epoch) => sum + epoch.seconds, 0)
    this.chart.show({
      epochs: run?.target_epochs ?? data.epochs,
      points: points.filter(([epochs]) => epochs <= until),
      means,
      marks: marks.filter(({ epoch }) => epoch <= until),
      usual: data.usual,
      overfits_from: run?.overfits_from ?? null,
      time: this.#time(data.active ? null : seconds),
    })
  }

  /** The time at the end of the axis. @param {number | null} seconds of a training that has ended */
  #time(seconds) {
    const { data, numbers } = this
    if (seconds !== null) return seconds ? numbers.duration(seconds) : ""
    return data.seconds ? fill(data.words.status.about, { time: numbers.duration(data.seconds) }) : ""
  }

  /** Tell the page when the run has ended or is gone, which it does not know yet. */
  #report() {
    const { data, follower } = this
    if (!(follower.deleted || (data.active && follower.complete))) return
    if (performance.now() - this.told < REPEAT_MS) return
    this.told = performance.now()
    this.#tell("ended")
    this.repeat = window.setTimeout(() => this.#report(), REPEAT_MS + 1)
  }

  /** Speak at the start, after each epoch and at the end. */
  #speak() {
    const { data, numbers, follower } = this
    const words = data.words.chart
    const last = follower.run?.epochs.at(-1)
    let text = data.active ? fill(data.words.status.started, { number: data.number }) : ""
    if (data.active && last) {
      const [validation, test] = [numbers.percent(last.val_accuracy), numbers.percent(last.test_accuracy)]
      text = fill(words.spoken_epoch, { epoch: last.epoch, validation, test })
    }
    if (data.ending && this.spoken) text = data.ending.strong + data.ending.text
    if (text && text !== this.spoken) this.part(".spoken").textContent = this.spoken = text
  }

  /** Open a watched image with the network of the chosen moment. @param {number} image */
  #open(image) {
    const { snapshot, atEnd } = this.replay
    this.#tell("open", { image, moment: atEnd ? null : Math.floor(snapshot.epochs) })
  }

  /** @param {string} kind @param {object} [values] */
  #tell(kind, values = {}) {
    this.component.setTriggerValue("event", { kind, address: this.data.address, ...values })
  }
}
