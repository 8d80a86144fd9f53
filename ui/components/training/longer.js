// Train longer: how many epochs, and folded away the learning rate.

/**
 * @typedef {object} More what a run may be trained longer
 * @property {number} epochs that are usual @property {number} most
 * @property {number} least_rate @property {number} most_rate
 */

export class Longer {
  /**
   * @param {HTMLFormElement} form
   * @param {(values: { epochs: number, rate: number | null }) => void} train
   * @param {() => void} close
   */
  constructor(form, train, close) {
    /** @type {<E extends HTMLElement>(selector: string) => E} */
    const part = (selector) => form.querySelector(selector)
    this.form = form
    this.part = part
    /** @type {HTMLInputElement} */
    this.epochs = part("#more")
    /** @type {HTMLInputElement} */
    this.rate = part("#rate")
    part("[name=rate]").onclick = () => {
      this.#unfold(true)
      this.rate.focus()
    }
    part("[name=cancel]").onclick = close
    form.onkeydown = (event) => {
      if (event.key === "Escape") close()
    }
    form.onsubmit = (event) => {
      event.preventDefault()
      const { epochs, rate } = this
      train({ epochs: epochs.valueAsNumber, rate: rate.value ? rate.valueAsNumber : null })
    }
  }

  /** @param {Record<string, string>} words */
  write(words) {
    this.part("[for=more]").textContent = words.more
    this.part("[for=rate]").textContent = words.learning_rate
    this.part("[name=rate] span").textContent = words.learning_rate
    this.part("[name=extend]").textContent = words.longer
    this.part("[name=cancel]").setAttribute("aria-label", words.cancel)
    this.rate.placeholder = words.as_before
    this.rate.title = words.rate_meaning
  }

  get opened() {
    return !this.form.hidden
  }

  /** @param {More} more */
  open(more) {
    this.form.hidden = false
    this.#unfold(false)
    this.rate.value = ""
    this.epochs.max = String(more.most)
    this.rate.min = String(more.least_rate)
    this.rate.max = String(more.most_rate)
    this.epochs.value = String(more.epochs)
    this.epochs.select()
  }

  close() {
    this.form.hidden = true
  }

  /** @param {boolean} unfolded */
  #unfold(unfolded) {
    this.part(".rate").hidden = !unfolded
    this.part("[name=rate]").hidden = unfolded
  }
}
