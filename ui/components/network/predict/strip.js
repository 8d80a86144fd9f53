// All layers in a row, from the image to the logits; each is a button that opens it.

import { LAYERS } from "./layers.js"
import { MapSheet } from "./maps.js"

/** @typedef {import("../engine/network.js").Arrays} Arrays */

export class Strip {
  /**
   * @param {HTMLElement} root @param {(layer: string) => void} open
   * @param {(layer: string | null) => void} point
   */
  constructor(root, open, point) {
    this.root = root
    /** @type {{ name: string, sheet: MapSheet }[]} */
    this.sheets = []
    this.blocks = LAYERS.map((layer, position) => {
      const block = document.createElement("button")
      block.className = "layer"
      block.dataset.kind = layer.kind
      block.tabIndex = position ? -1 : 0
      const [title, size] = [document.createElement("b"), document.createElement("small")]
      block.append(title, size)
      if (layer.kind === "logits") this.logits = new LogitBars(block)
      else {
        const canvas = document.createElement("canvas")
        block.append(canvas)
        this.sheets.push({ name: layer.name, sheet: new MapSheet(canvas, layer) })
      }
      block.onclick = () => open(layer.name)
      block.onpointerenter = block.onfocus = () => {
        point(layer.name)
        this.blocks.forEach((each) => {
          each.block.tabIndex = each.block === block ? 0 : -1
        })
      }
      block.onpointerleave = block.onblur = () => point(null)
      return { layer, block, title, size }
    })
    root.append(...this.blocks.flatMap(({ block }, position) => (position ? [arrow(), block] : [block])))
    root.onkeydown = (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
      const here = this.blocks.findIndex(({ block }) => block.matches(":focus"))
      if (!step || here < 0) return
      event.preventDefault()
      this.blocks[here + step]?.block.focus()
    }
  }

  /** @param {{ layers: Record<string, string>, sizes: Record<string, string>, names: string[] }} words */
  write(words) {
    for (const { layer, block, title, size } of this.blocks) {
      title.textContent = words.layers[layer.kind]
      size.textContent = words.sizes[layer.name]
      block.setAttribute("aria-label", `${title.textContent}, ${size.textContent}`)
    }
    this.logits.write(words.names)
  }

  /** @param {string} layer */
  focus(layer) {
    this.blocks.find((each) => each.layer.name === layer).block.focus()
  }

  /** @param {Arrays | null} outputs of all layers */
  paint(outputs) {
    this.root.classList.toggle("empty", !outputs)
    if (!outputs) {
      for (const { sheet } of this.sheets) sheet.clear()
      this.logits.clear()
      return
    }
    for (const { name, sheet } of this.sheets) {
      if (name === "image")
        sheet.paint(
          outputs.image.map((grey) => grey ** 2),
          1,
        )
      else sheet.paint(outputs[name])
    }
    this.logits.paint(outputs.logits)
  }
}

/** Ten logits left and right of a zero line. */
class LogitBars {
  /** @param {HTMLElement} root */
  constructor(root) {
    const list = document.createElement("div")
    list.className = "logit-bars"
    this.rows = Array.from({ length: 10 }, () => {
      const [name, bar] = [document.createElement("span"), document.createElement("i")]
      list.append(name, bar)
      return { name, bar }
    })
    root.append(list)
  }

  /** @param {string[]} names */
  write(names) {
    this.rows.forEach(({ name }, index) => {
      name.textContent = names[index]
    })
  }

  clear() {
    for (const { name } of this.rows) name.className = ""
  }

  /** @param {Float32Array} logits */
  paint(logits) {
    const highest = Math.max(...logits)
    // Three fifths of the room are left of zero: most logits are negative.
    const unit = Math.min(60 / Math.max(-Math.min(...logits), 1e-9), 40 / Math.max(highest, 1e-9))
    this.rows.forEach(({ name, bar }, index) => {
      const value = logits[index]
      name.className = value === highest ? "predicted" : ""
      bar.className = value < 0 ? "negative" : "positive"
      bar.style.setProperty("--from", `${60 + Math.min(value, 0) * unit}%`)
      bar.style.setProperty("--length", `${Math.abs(value) * unit}%`)
    })
  }
}

function arrow() {
  const sign = document.createElement("span")
  sign.className = "arrow"
  sign.ariaHidden = "true"
  sign.textContent = "→"
  return sign
}
