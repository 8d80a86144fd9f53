// The tools beside the image: what a stroke does, and what changes the whole image.

import { BRUSHES, SIDE } from "../pad/pad.js"

/** @typedef {import("../pad/pad.js").Pad} Pad */

export class Tools {
  /**
   * @param {HTMLElement} root @param {Pad} pad @param {() => void} restore take the image as it was
   */
  constructor(root, pad, restore) {
    this.root = root
    this.pad = pad
    this.restore = restore
    this.buttons = /** @type {HTMLButtonElement[]} */ ([...root.querySelectorAll("button")])
    /** @type {HTMLInputElement} */
    this.greys = root.querySelector(".greys")
    for (const button of this.buttons) button.onclick = () => this.use(button.name)
    this.greys.oninput = () => {
      pad.grey = Number(this.greys.value)
      if (pad.tool !== "draw") pad.tool = "draw"
      this.mark()
    }
    root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.greys.hidden) return
      event.stopPropagation()
      this.use("grey")
      this.buttons.find(({ name }) => name === "grey").focus()
    })
    this.ring = /** @type {HTMLElement} */ (pad.canvas.parentElement.querySelector(".ring"))
    pad.canvas.addEventListener("pointermove", (event) => this.#follow(event))
    pad.canvas.addEventListener("pointerleave", () => {
      this.ring.style.opacity = "0"
    })
    pad.canvas.addEventListener("keydown", (event) => this.#press(event))
    this.mark()
  }

  /** @param {Record<string, string>} words by the name of a button */
  write(words) {
    for (const button of this.buttons) {
      button.title = words[button.name]
      button.setAttribute("aria-label", words[button.name])
    }
    this.greys.setAttribute("aria-label", words.grey)
    this.root.setAttribute("aria-label", words.toolbar)
  }

  /** @param {string} name of a button */
  use(name) {
    const { pad } = this
    if (name !== "grey") this.greys.hidden = true
    if (name === "erase" || name === "move") pad.tool = pad.tool === name ? "draw" : name
    else if (name.startsWith("brush")) {
      pad.tool = "draw"
      pad.brush = Number(name.at(-1))
    } else if (name === "mirror" || name === "undo") pad[name]()
    else if (name === "original") this.restore()
    else if (name === "grey") this.greys.hidden = !this.greys.hidden
    this.mark()
  }

  /** @param {{ enabled?: boolean, changed?: boolean }} [state] */
  mark({ enabled = this.pad.enabled, changed = this.changed } = {}) {
    const { pad } = this
    pad.enabled = enabled
    if (!enabled) this.greys.hidden = true
    this.changed = changed
    const pressed = pad.tool === "draw" ? `brush${pad.brush}` : pad.tool
    for (const button of this.buttons) {
      if (button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", String(button.name === pressed))
      button.disabled =
        !enabled || (button.name === "original" && !changed) || (button.name === "undo" && !pad.undoable.length)
    }
    this.root.querySelector("[name=grey]").setAttribute("aria-expanded", String(!this.greys.hidden))
    this.root.style.setProperty("--grey", `rgb(${pad.grey} ${pad.grey} ${pad.grey})`)
  }

  /** @param {PointerEvent} event */
  #follow(event) {
    const { pad, ring } = this
    const [x, y] = pad.place(event)
    const drawn = pad.enabled && pad.tool !== "move" && event.pointerType !== "touch"
    ring.style.opacity = drawn ? "1" : "0"
    ring.style.left = `${(100 * x) / SIDE}%`
    ring.style.top = `${(100 * y) / SIDE}%`
    ring.style.width = ring.style.height = `${(100 * (2 * BRUSHES[pad.brush] + 0.6)) / SIDE}%`
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === "e" || event.key === "E") this.use("erase")
    else if (event.key >= "1" && event.key <= "3") this.use(`brush${Number(event.key) - 1}`)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
}
