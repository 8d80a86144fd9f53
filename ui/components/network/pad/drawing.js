// A drawing and the network's prediction at every stroke, without a request: only the weights are fetched, once.

import { Network } from "../engine/network.js"
import { readSafetensors } from "../engine/safetensors.js"
import { predictedClass, softmax } from "../engine/scores.js"
import { Bars, percent } from "./bars.js"
import { Pad, SIDE } from "./pad.js"

// So long after the last stroke the drawing is sent, and read out.
const REST_MS = 300

/**
 * @typedef {object} Words
 * @property {string[]} names @property {string} title @property {string} pad
 * @property {string} prediction with {name} and {confidence} @property {string} empty @property {string} failed
 * @typedef {{ greys: string, weights: string, words: Words, tools: Record<string, string> }} Data
 */

/** Networks by the address of their weights. @type {Map<string, Promise<Network>>} */
const networks = new Map()

/** @param {string} address */
function load(address) {
  if (!networks.has(address)) {
    const loaded = fetch(new URL(address, document.baseURI)).then(async (response) => {
      if (!response.ok) throw new Error(`${response.status} for ${address}`)
      return new Network(readSafetensors(await response.arrayBuffer()))
    })
    loaded.catch(() => networks.delete(address)) // the next drawing tries again
    networks.set(address, loaded)
  }
  return networks.get(address)
}

/** @type {WeakMap<Node, Drawing>} */
const drawings = new WeakMap()

/** Draw the component, or take over what has changed. @param {Component<Data>} component */
export function mount(component) {
  const root = component.parentElement
  const drawing = drawings.get(root) ?? new Drawing(component)
  drawings.set(root, drawing)
  drawing.update(component.data)
}

class Drawing {
  /** @param {Component<Data>} component */
  constructor(component) {
    this.component = component
    const root = component.parentElement
    this.sentence = root.querySelector("output")
    this.pad = new Pad(root.querySelector("canvas"), () => this.#changed())
    for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (root.querySelectorAll("button"))) {
      button.onclick = () => this.#use(button.name)
    }
    /** The drawing that the server has. */
    this.sent = ""
    this.rest = 0
  }

  /** @param {Data} data */
  update(data) {
    if (data.weights !== this.data?.weights) this.network = null // until the other one is there, no prediction
    this.data = data
    const root = this.component.parentElement
    root.querySelector("canvas").setAttribute("aria-label", data.words.pad)
    for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (root.querySelectorAll("button"))) {
      button.title = data.tools[button.name]
      button.setAttribute("aria-label", data.tools[button.name])
    }
    this.bars = new Bars(root.querySelector("table"), data.words)
    if (data.greys !== this.sent && !this.rest) {
      this.sent = data.greys
      this.pad.open(decode(data.greys))
    }
    this.#markTools()
    load(data.weights).then(
      (network) => {
        if (data !== this.data) return
        this.network = network
        this.#predict()
        this.#say()
      },
      () => {
        if (data === this.data) this.sentence.textContent = data.words.failed
      },
    )
    this.#predict()
  }

  /** @param {string} name of a button */
  #use(name) {
    const { pad } = this
    if (name === "draw" || name === "erase" || name === "move") pad.tool = name
    else if (name.startsWith("brush")) pad.brush = Number(name.at(-1))
    else if (name === "mirror" || name === "undo" || name === "clear") pad[name]()
    this.#markTools()
  }

  #markTools() {
    const { tool, brush } = this.pad
    for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (
      this.component.parentElement.querySelectorAll("button[aria-pressed]")
    )) {
      button.setAttribute("aria-pressed", String(button.name === tool || button.name === `brush${brush}`))
    }
  }

  #changed() {
    this.#predict()
    clearTimeout(this.rest)
    this.rest = window.setTimeout(() => {
      this.rest = 0
      this.sent = encode(this.pad.image)
      this.component.setStateValue("greys", this.sent)
      this.#say()
    }, REST_MS)
  }

  #predict() {
    const { image } = this.pad
    const drawn = this.network && image.some((grey) => grey)
    this.logits = drawn ? this.network.forward(Float32Array.from(image, (grey) => grey / 255)).logits : null
    this.bars.draw(this.logits && softmax(this.logits))
  }

  #say() {
    const { words } = this.data
    if (!this.network) return // the sentence of a failed request stays
    if (!this.logits) {
      this.sentence.textContent = words.empty
      return
    }
    const predicted = predictedClass(this.logits)
    this.sentence.textContent = words.prediction
      .replace("{name}", words.names[predicted])
      .replace("{confidence}", percent(softmax(this.logits)[predicted]))
  }
}

/** @param {string} greys base64 of 784 bytes, or nothing */
function decode(greys) {
  return greys ? Uint8Array.from(atob(greys), (each) => each.charCodeAt(0)) : new Uint8Array(SIDE ** 2)
}

/** @param {Uint8ClampedArray} image */
function encode(image) {
  return image.some((grey) => grey) ? btoa(String.fromCharCode(...image)) : ""
}
