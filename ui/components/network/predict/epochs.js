// The slider over the kept epochs, as equal steps: between them there is no network. It plays.

const PLAYED_A_SECOND = 4

export class Epochs {
  /** @param {HTMLElement} root @param {(epoch: number) => void} choose @param {() => void} prepare before it moves */
  constructor(root, choose, prepare) {
    this.root = root
    this.choose = choose
    /** @type {number[]} */
    this.kept = []
    /** @type {HTMLInputElement} */
    this.slider = root.querySelector("[type=range]")
    /** @type {HTMLButtonElement} */
    this.button = root.querySelector("[name=play]")
    this.slider.oninput = () => {
      this.stop()
      choose(this.kept[Number(this.slider.value)])
    }
    for (const kind of ["pointerenter", "focusin"]) root.addEventListener(kind, prepare)
    this.button.onclick = () => (this.timer ? this.stop() : this.play())
  }

  play() {
    if (this.kept.length < 2) return
    let position = this.epoch === this.kept.at(-1) ? 0 : this.kept.indexOf(this.epoch) + 1
    const step = () => {
      this.choose(this.kept[position++])
      if (position >= this.kept.length) this.stop()
    }
    this.timer = window.setInterval(step, 1000 / PLAYED_A_SECOND)
    this.#mark()
    step()
  }

  stop() {
    clearInterval(this.timer)
    this.timer = 0
    this.#mark()
  }

  /** @param {Record<string, string>} words */
  write(words) {
    this.words = words
    const [label, sentence] = this.root.querySelector("label").children
    label.textContent = words.epoch
    sentence.textContent = words.epoch_meaning
    this.#mark()
  }

  /** @param {number} epoch @param {number[]} kept */
  show(epoch, kept) {
    this.epoch = epoch
    if (kept.join() !== this.kept.join()) {
      this.kept = kept
      const every = Math.ceil(kept.length / 12)
      this.root.querySelector(".ticks").replaceChildren(
        ...kept.map((each, position) => {
          const tick = document.createElement("li")
          tick.textContent = (kept.length - 1 - position) % every ? "" : String(each)
          return tick
        }),
      )
    }
    const position = kept.indexOf(epoch)
    this.slider.max = String(kept.length - 1)
    this.slider.value = String(position)
    this.slider.disabled = this.button.disabled = kept.length < 2
    this.slider.setAttribute("aria-valuetext", String(epoch))
    this.slider.style.setProperty("--filled", String(position / Math.max(kept.length - 1, 1)))
  }

  #mark() {
    const playing = Boolean(this.timer)
    this.button.querySelector(".icon").textContent = playing ? "pause" : "play_arrow"
    const name = playing ? this.words?.pause : this.words?.play
    this.button.title = name ?? ""
    this.button.setAttribute("aria-label", name ?? "")
  }
}
