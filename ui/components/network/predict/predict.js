// The page Predict: everything follows the hand within a frame; the server is told when the hand rests.

import { predictedClass } from "../engine/scores.js"
import { Bars } from "../pad/bars.js"
import { Pad } from "../pad/pad.js"
import { distances, networks, testLogits } from "../source/checkpoints.js"
import { PhotoInput } from "../source/photo.js"
import { Samples } from "../source/samples.js"
import { Epochs } from "./epochs.js"
import { Hand } from "./hand.js"
import { charted, History } from "./history.js"
import { OpenedLayer } from "./opened_layer.js"
import { pictureText, queryOf } from "./place.js"
import { SampleSlider } from "./sample_slider.js"
import { SimilarImages } from "./similar.js"
import { Strip } from "./strip.js"
import { Tools } from "./tools.js"
import { Verdict } from "./verdict.js"
import { Views } from "./views.js"
import { Why } from "./why.js"

const REST_MS = 300
const POLL_MS = 1_000

/** @returns {null} */
const nothing = () => null

/**
 * @typedef {import("./place.js").Place} Place
 * @typedef {{ id: string, active: boolean, included: boolean, epochs: [number, string][] }} Run its kept epochs, each with its digest
 * @typedef {{ greys: string, label: number | null, logits: number[] } | null} Answer by the server
 * @typedef {object} Data
 * @property {Place} place @property {number} number of the message that the server has read last
 * @property {Answer} answer @property {Run} run @property {[string, string][]} runs ids and names
 * @property {import("../source/samples.js").Catalog} samples
 * @property {import("../source/photo.js").Photo} photo @property {import("./similar.js").Similar | null} similar
 * @property {import("./place.js").Parameters} parameters @property {import("./words.js").Words} words
 */

/** @type {WeakMap<Node, Predict>} */
const pages = new WeakMap()

/** Draw the page, or take over what has changed; return a function that ends it. @param {Component<Data>} component */
export function mount(component) {
  const root = component.parentElement
  // Streamlit may end a component and call it again with the same nodes.
  const page = pages.get(root) ?? new Predict(root)
  pages.set(root, page)
  page.open()
  page.update(component)
  return () => page.close()
}

class Predict {
  /** @param {ShadowRoot} root */
  constructor(root) {
    /** @type {<E extends HTMLElement>(selector: string) => E} */
    const part = (selector) => root.querySelector(selector)
    this.part = part
    this.pad = new Pad(part("canvas"), () => this.#changed())
    this.hand = new Hand(() => this.pad.image)
    this.tools = new Tools(part(".tools"), this.pad, () => this.#restore())
    this.bars = new Bars(part("table"))
    this.verdict = new Verdict(root)
    this.slider = new SampleSlider(
      part(".sample"),
      (index) => this.go({ index }),
      () => this.#nextMistake(),
    )
    this.epochs = new Epochs(
      part(".epochs"),
      (epoch) => this.#chooseEpoch(epoch),
      () => this.#prepareEpochs(),
    )
    this.strip = new Strip(
      part(".strip"),
      (layer) => this.go({ layer }),
      (layer) => this.verdict.note(layer),
    )
    const image = part(".image")
    this.opened = new OpenedLayer(part(".opened"), image, (layer) => this.go({ layer }))
    this.why = new Why(part(".why"), image, (explained_class) => this.go({ explained_class }))
    this.similar = new SimilarImages(part(".similar"), (index) => this.go({ source: "train", index }))
    this.history = new History(part(".history"), (epoch) => this.#chooseEpoch(epoch))
    this.views = new Views(part(".views"), (predict_view) => this.go({ predict_view, layer: null }))
    this.photo = new PhotoInput(part(".zone"), (choice) => this.component.setTriggerValue("photo", choice))
    /** @type {HTMLSelectElement} */
    this.runs = part("#run")
    this.runs.onchange = () => this.#ask({ run: this.runs.value, epoch: null })
    part(".predict").addEventListener("keydown", (event) => this.#press(event))
    /** @type {Run} */
    this.run = null
    /** The layer that is open. @type {string | null} */
    this.layer = null
    /** The query that was last written here. @type {string | null} */
    this.written = null
    this.number = 0
    this.rest = 0
    this.frame = 0
    this.poll = 0
  }

  open() {
    this.poll ||= window.setInterval(() => this.#follow(), POLL_MS)
    this.photo.open()
  }

  close() {
    clearInterval(this.poll)
    clearTimeout(this.rest)
    this.poll = this.rest = 0
    this.epochs.stop()
    this.photo.close()
    this.why.close()
  }

  /** @param {Component<Data>} component */
  update(component) {
    const { data } = component
    // Another source was chosen above: what the hand did before is not told any more.
    if (this.data && this.data.place.source !== data.place.source) {
      clearTimeout(this.rest)
      this.rest = 0
    }
    this.component = component
    this.data = data
    this.samples = new Samples(data.samples)
    this.run = data.run
    this.#write(data)
    // An older place is on its way back while the hand has gone on.
    if (data.number >= this.number && !this.rest) this.#take(data)
    this.photo.update(data.photo, this.place.picture, data.words.photo)
    this.#load()
    this.show()
  }

  /** Go to another place: an image, an epoch, a view. @param {Partial<Place>} values */
  go(values) {
    Object.assign(this.place, values)
    if ("index" in values) {
      this.place.picture = null
      this.#open()
    }
    if ("epoch" in values) this.#load()
    this.hand.served = null
    this.#moved()
  }

  /** Draw in the next frame: several events are one drawing. */
  show() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0
      this.#draw()
    })
  }

  get kept() {
    return this.run.epochs.map(([epoch]) => epoch)
  }

  get epoch() {
    return this.place.epoch ?? this.kept.at(-1)
  }

  /** @param {Data} data */
  #write({ words, runs, run, similar }) {
    this.verdict.write(words)
    this.tools.write(words.tools)
    this.bars.write(words.title, words.names)
    this.slider.write(words.controls)
    this.epochs.write(words.controls)
    this.strip.write(words)
    this.views.write(words.views)
    this.opened.write(words)
    this.why.write(words)
    this.history.write(words)
    this.similar.update(similar, words.why)
    this.pad.canvas.setAttribute("aria-label", words.pad)
    const [label, sentence] = this.part(".runs label").children
    label.textContent = words.controls.run
    sentence.textContent = words.controls.run_meaning
    this.runs.replaceChildren(...runs.map(([id, name]) => new Option(name, id, false, id === run.id)))
  }

  /** Take the server's place, unless the hand is there already. @param {Data} data */
  #take({ place, number, answer }) {
    this.number = number
    const same = JSON.stringify(place) === JSON.stringify(this.place)
    this.place = { ...place }
    this.#aim()
    if (!same) {
      this.#open()
      this.verdict.spoken = false
    }
    if (answer && (!same || !this.hand.known)) {
      this.pad.open(Uint8Array.from(atob(answer.greys), (each) => each.charCodeAt(0)))
      this.hand.known = true
      this.label = answer.label
      if (place.source === "photo") this.hand.original = { greys: this.pad.image.slice(), label: null }
    }
    this.hand.served = answer && Float32Array.from(answer.logits)
  }

  /** Open the image of the place: that of the data set, or nothing until the server sends another. */
  #open() {
    const { source, index, picture } = this.place
    this.hand.original = null
    this.hand.testIndex = source === "test" && !picture ? index : null
    this.hand.known = false
    this.label = null
    if (source === "draw") {
      this.pad.tool = "draw"
      this.pad.open(new Uint8Array(28 ** 2))
      this.hand.known = true
    }
    if (source === "photo" || source === "draw") return
    const sample = this.samples.at(source, index)
    if (sample) this.#original(sample, !picture)
    else {
      this.samples.load(source, index).then(
        () => {
          if (this.place.source !== source || this.place.index !== index || this.hand.original) return
          this.#original(this.samples.at(source, index), !this.hand.known)
          this.show()
        },
        () => this.show(), // the server sends the image when the hand rests
      )
    }
  }

  /** @param {{ greys: Uint8Array, label: number }} sample @param {boolean} opens */
  #original(sample, opens) {
    this.hand.original = sample
    this.label = sample.label
    if (!opens) {
      this.verdict.spoken = false // what its answer was is known only now
      return
    }
    this.pad.open(sample.greys)
    this.hand.known = true
  }

  #restore() {
    if (this.hand.original) this.pad.change((image) => image.set(this.hand.original.greys))
    else this.pad.change((image) => image.fill(0))
  }

  #changed() {
    this.hand.served = null
    this.hand.known = true
    this.#moved()
  }

  #moved() {
    this.show()
    clearTimeout(this.rest)
    this.rest = window.setTimeout(() => this.#tell(), REST_MS)
  }

  /** Write the address, and tell the server of the place. */
  async #tell() {
    const { place } = this
    const drawn = place.source === "draw" ? this.pad.image.some((grey) => grey) : this.hand.changed
    if (place.source !== "photo" || drawn) place.picture = drawn ? await pictureText(this.pad.image) : null
    this.rest = 0
    if (this.#isLeft) return
    history.replaceState(history.state, "", location.pathname + queryOf(place, this.data.parameters))
    this.written = location.search
    this.#ask({})
    this.verdict.say()
  }

  /** Whether the address has another source already, whose place is on its way here. */
  get #isLeft() {
    const source = new URLSearchParams(location.search).get("source") ?? "test"
    return location.search !== this.written && source !== this.data.place.source
  }

  /** @param {Partial<Place>} values */
  #ask(values) {
    this.number += 1
    const from = this.data.place.source
    const { source, ...place } = this.place
    // The source only where it was changed here: another may have been chosen above meanwhile.
    const chosen = source === from ? {} : { source }
    this.component.setStateValue("place", { ...place, ...chosen, ...values, number: this.number, from })
  }

  /** The addresses of an epoch's checkpoint. @param {number} epoch */
  #addresses(epoch) {
    const found = this.run.epochs.find(([each]) => each === epoch)
    if (!found) return null
    const folder = `api/runs/${this.run.id}/epochs/${epoch}/${found[1]}`
    return {
      weights: `${folder}/weights`,
      logits: `${folder}/logits`,
      distances: this.run.included && epoch === this.kept.at(-1) ? `${folder}/distances` : null,
    }
  }

  #aim() {
    this.hand.addresses = this.#addresses(this.epoch)
  }

  /** Fetch what the present network and image need, then what the next movement may need. */
  #load() {
    this.#aim()
    const { addresses } = this.hand
    if (!addresses) return
    const here = () => addresses.weights === this.hand.addresses?.weights
    networks.load(addresses.weights).then(
      () => {
        if (!here()) return
        this.refused = false
        this.show()
        testLogits.load(addresses.logits).then(() => here() && this.show(), nothing)
        if (addresses.distances) distances.load(addresses.distances).then(() => here() && this.show(), nothing)
        if (this.place.source === "test") this.samples.loadTest(this.place.index).catch(() => {})
      },
      () => {
        if (!here()) return
        this.refused = true
        this.show()
      },
    )
  }

  #prepareEpochs() {
    for (const epoch of this.kept) networks.load(this.#addresses(epoch).weights).catch(() => {})
  }

  async #nextMistake() {
    const { index } = this.place
    const stored = testLogits.get(this.hand.addresses.logits)
    const count = this.data.samples.test
    for (let step = 1; step <= count; step++) {
      const next = (index + step) % count
      await this.samples.load("test", next)
      if (predictedClass(stored.of(next)) !== this.samples.at("test", next).label) return this.go({ index: next })
    }
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const typing = /** @type {HTMLElement} */ (event.target).matches("input:not([type=range]), select")
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return
    const sample = this.place.source === "test" || this.place.source === "train"
    if (event.key === "Escape" && this.place.layer) this.go({ layer: null })
    else if (event.key.toLowerCase() === "r" && sample) this.slider.chooseRandom()
    else if (event.key.toLowerCase() === "m" && !this.slider.mistake.disabled) this.#nextMistake()
    else if (event.key.length > 1 || event.key === " ") return
    event.stopPropagation() // Streamlit has keys of its own
  }

  /** While the run trains, take every epoch that is finished. */
  async #follow() {
    if (!this.run.active || document.hidden) return
    const run = this.run
    const response = await fetch(new URL(`api/runs/${run.id}`, document.baseURI)).catch(nothing)
    const progress = response?.ok ? await response.json().catch(nothing) : null
    if (!progress || run !== this.run) return
    const ended = !["queued", "running"].includes(progress.status)
    if (progress.checkpoints.length === run.epochs.length && !ended) return
    this.run = { ...run, active: !ended, epochs: /** @type {[number, string][]} */ (progress.checkpoints) }
    await networks.load(this.#addresses(this.epoch).weights).catch(() => {})
    this.#load()
    this.hand.served = null
    this.#moved()
  }

  #draw() {
    const { place, hand, data } = this
    hand.compute()
    const sample = place.source === "test" || place.source === "train"
    const blank = place.source === "draw" && !this.pad.image.some((grey) => grey)
    const changed = hand.original ? hand.changed : sample && Boolean(place.picture)
    this.part(".image").classList.toggle("unknown", !hand.known)
    this.part(".sample").hidden = !sample
    this.part(".again").hidden = place.source !== "photo"
    const zone = this.part(".zone")
    zone.hidden = place.source !== "photo"
    const slot = this.part(hand.known ? ".again" : ".image")
    if (zone.parentElement !== slot) slot.append(zone)
    this.bars.draw(blank ? null : hand.probabilities)
    if (sample) {
      const stored = place.source === "test" && testLogits.get(hand.addresses?.logits ?? "")
      this.slider.show(place.index, data.samples[place.source === "train" ? "train" : "test"] - 1, Boolean(stored))
    }
    this.epochs.show(this.epoch, this.kept)
    this.views.show(place.predict_view)
    this.tools.mark({ enabled: !this.refused && hand.known, changed: changed || (place.source === "draw" && !blank) })
    this.verdict.show({ place, hand, label: this.label, changed, blank, refused: this.refused })
    this.#drawView()
  }

  #drawView() {
    const { place, hand } = this
    const room = this.part(".room")
    const focused = room.contains(/** @type {ShadowRoot} */ (room.getRootNode()).activeElement)
    const layer = place.predict_view === "layers" ? place.layer : null
    const shown = layer ? "opened" : { layers: "strip", explanation: "why", epochs: "history" }[place.predict_view]
    for (const name of ["strip", "opened", "why", "history"]) this.part(`.${name}`).hidden = name !== shown
    this.part(".note").hidden = shown === "opened"
    if (shown !== "opened") this.opened.hide()
    if (shown !== "why") this.why.hide()
    if (shown === "strip") this.strip.paint(hand.outputs)
    else if (shown === "opened") this.opened.show(hand, layer)
    else if (shown === "why") this.why.show(hand, place.explained_class)
    else this.#drawHistory()
    this.#turnTo(layer, focused)
    if (hand.network && shown === "why") this.part(".note").textContent = this.data.words.why.hint
    if (hand.network && shown === "history") this.part(".note").textContent = this.history.sentence
  }

  /**
   * Begin at the left where a layer is opened, and keep the focus where one is opened or closed.
   * @param {string | null} layer the one that is open @param {boolean} focused whether the focus is in its room
   */
  #turnTo(layer, focused) {
    const before = this.layer
    if (before === layer) return
    this.layer = layer
    if (layer) this.part(".room").scrollLeft = 0
    if (!focused) return
    if (layer) this.opened.focus()
    else if (!this.part(".strip").hidden) this.strip.focus(before)
  }

  #drawHistory() {
    const networkOf = (/** @type {number} */ epoch) => networks.get(this.#addresses(epoch).weights)
    for (const epoch of charted(this.kept)) {
      if (!networkOf(epoch)) networks.load(this.#addresses(epoch).weights).then(() => this.show(), nothing)
    }
    if (this.history.show(this.hand, this.epoch, this.kept, networkOf, this.label)) this.show()
  }

  /** @param {number} epoch */
  #chooseEpoch(epoch) {
    this.go({ epoch: epoch === this.kept.at(-1) ? null : epoch })
  }
}
