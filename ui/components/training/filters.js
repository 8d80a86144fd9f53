// The first layer's filters, 3 × 3 weights each: blue adds, orange takes away.

import { node } from "./svg.js"

const SIDE = 9
const [ACROSS, DOWN] = [32.2, 32]
const A_ROW = 16
const COUNT = 32

export class Filters {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root
    this.svg = root.querySelector("svg")
    this.cells = Array.from({ length: COUNT * 9 }, (_, index) => cell(Math.floor(index / 9), index % 9))
    this.svg.append(...this.cells)
  }

  /** @param {Record<string, string>} words */
  write(words) {
    const [name, meaning] = this.root.querySelector("h3").children
    name.textContent = words.name
    meaning.textContent = words.meaning
    this.svg.setAttribute("aria-label", `${words.name}: ${words.meaning}`)
  }

  /** @param {number[][] | undefined} filters 32 of nine weights, row by row */
  show(filters) {
    const weights = filters?.flat() ?? []
    const sizes = weights.map(Math.abs).sort((one, other) => one - other)
    const full = sizes[Math.floor(0.98 * sizes.length)] || 1
    for (const [index, rect] of this.cells.entries()) {
      const part = Math.min(Math.abs(weights[index] ?? 0) / full, 1)
      const color = weights[index] < 0 ? "--orange" : "--blue"
      rect.style.fill = `color-mix(in srgb, var(${color}) ${Math.round(100 * part)}%, var(--zero))`
    }
  }
}

/** @param {number} filter @param {number} weight */
function cell(filter, weight) {
  const x = (filter % A_ROW) * ACROSS + SIDE * (weight % 3)
  const y = Math.floor(filter / A_ROW) * DOWN + SIDE * Math.floor(weight / 3)
  return node("rect", { x, y, width: SIDE, height: SIDE })
}
