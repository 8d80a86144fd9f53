// The choice of an image of the data set: by slider, by number, at random, the next mistake.

import { fill, grouped } from "./words.js"

const PAGE = 100

export class SampleSlider {
  /**
   * @param {HTMLElement} root @param {(index: number) => void} choose @param {() => void} chooseMistake
   */
  constructor(root, choose, chooseMistake) {
    this.root = root
    this.choose = choose
    this.index = this.last = 0
    /** @type {HTMLInputElement} */
    this.slider = root.querySelector("[type=range]")
    /** @type {HTMLInputElement} */
    this.number = root.querySelector("[name=number]")
    /** @type {HTMLButtonElement} */
    this.mistake = root.querySelector("[name=mistake]")
    /** @type {HTMLButtonElement} */
    this.random = root.querySelector("[name=random]")
    this.slider.oninput = () => choose(Number(this.slider.value))
    this.slider.onkeydown = (event) => {
      const step = { PageUp: PAGE, PageDown: -PAGE }[event.key]
      if (!step) return
      event.preventDefault()
      choose(Math.min(Math.max(Number(this.slider.value) + step, 0), this.last))
    }
    // Enter and the browser's own event after it choose once: the slider follows in the next frame.
    this.number.onchange = () => {
      const text = this.number.value.replace(/[,\s]/g, "")
      const chosen = /^\d+$/.test(text) && Number(text) <= this.last ? Number(text) : this.index
      if (chosen !== this.index) choose(chosen)
      this.index = chosen
      this.number.value = String(chosen)
    }
    this.number.onkeydown = (event) => {
      if (event.key === "Enter") this.number.onchange(event)
    }
    this.random.onclick = () => this.chooseRandom()
    this.mistake.onclick = chooseMistake
  }

  chooseRandom() {
    this.choose(Math.floor(Math.random() * (this.last + 1)))
  }

  /** @param {Record<string, string>} words */
  write(words) {
    this.words = words
    this.root.querySelector("label b").textContent = words.image
    this.number.setAttribute("aria-label", words.index)
    this.random.querySelector("span").textContent = words.random
    this.mistake.querySelector("span").textContent = words.mistake
  }

  /** @param {number} index @param {number} last @param {boolean} mistakes whether the next one can be found */
  show(index, last, mistakes) {
    this.root.querySelector("label span").textContent = fill(this.words.range, { last: grouped(last) })
    this.index = index
    this.last = last
    this.slider.max = String(last)
    if (this.slider.value !== String(index)) this.slider.value = String(index)
    this.slider.style.setProperty("--filled", String(index / last))
    if (!this.number.matches(":focus")) this.number.value = String(index)
    this.mistake.disabled = !mistakes
  }
}
