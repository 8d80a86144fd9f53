// The switch between the views: what the room below shows.

/** @typedef {import("./place.js").View} View */

const VIEWS = /** @type {View[]} */ (["layers", "explanation", "epochs"])

export class Views {
  /** @param {HTMLElement} root @param {(view: View) => void} choose */
  constructor(root, choose) {
    this.root = root
    this.options = VIEWS.map((view) => {
      const [label, input, name] = ["label", "input", "span"].map((tag) => document.createElement(tag))
      const radio = /** @type {HTMLInputElement} */ (input)
      radio.type = "radio"
      radio.name = "view"
      radio.onchange = () => choose(view)
      label.append(radio, name)
      root.append(label)
      return { view, radio, name }
    })
  }

  /** @param {Record<string, string>} words */
  write(words) {
    this.root.setAttribute("aria-label", words.view)
    for (const { view, name } of this.options) name.textContent = words[view]
  }

  /** @param {View} shown */
  show(shown) {
    for (const { view, radio } of this.options) radio.checked = view === shown
  }
}
