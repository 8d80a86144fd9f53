// The progress of this tab's training, asked for while it trains; a click leads to it.
const PAUSE_MS = 500

/**
 * @typedef {object} Words
 * @property {string} run with {number} @property {string} waits_one @property {string} waits_many with {count}
 * @property {string} starting @property {string} epoch with {epoch} and {epochs} @property {string} ready
 * @property {string} stopped with {epoch} @property {string} failed @property {string} link with {state}
 * @typedef {Words & { address: string }} Data
 * @typedef {{ number: number, status: "queued" | "running" | "succeeded" | "stopped" | "failed",
 *   queue_position: number | null, target_epochs: number, epochs: { test_accuracy: number, accuracy: number }[],
 *   progress: { epoch: number, batch: number, batches: number, accuracy: number } | null }} Run
 */

const ICONS = {
  queued: "M10 2a8 8 0 1 0 .01 0M10 5v5l3 3",
  running: "M4 13a6.5 6.5 0 0 1 8-9M12 1v6M16 7a6.5 6.5 0 0 1-8 9M8 13v6",
  succeeded: "M3 10.5l4.5 4.5L17 5.5",
  stopped: "M5 5h10v10H5z",
  failed: "M10 2a8 8 0 1 0 .01 0M10 5v6M10 13v2",
}

/** @type {WeakMap<Node, Pill>} */
const pills = new WeakMap()

/** @param {Component<Data>} component */
export default function (component) {
  const root = component.parentElement
  pills.get(root)?.close()
  const pill = new Pill(component)
  pills.set(root, pill)
  pill.follow()
  return () => pill.close()
}

class Pill {
  /** @param {Component<Data>} component */
  constructor({ data, parentElement, setTriggerValue }) {
    this.words = data
    this.root = parentElement
    this.button = parentElement.querySelector("button")
    this.button.onclick = () => setTriggerValue("open", true)
    this.status = ""
    this.timer = 0
    this.closed = false
  }

  close() {
    this.closed = true
    clearTimeout(this.timer)
  }

  async follow() {
    const response = document.hidden ? null : await this.#request()
    if (this.closed) return
    if (response?.status === 404) {
      this.button.hidden = true // deleted
      return
    }
    if (response?.ok) this.#draw(await response.json())
    const ended = ["succeeded", "stopped", "failed"].includes(this.status)
    if (!ended && !this.closed) this.timer = window.setTimeout(() => this.follow(), PAUSE_MS)
  }

  /** The response; null while the server is away. */
  async #request() {
    try {
      return await fetch(new URL(this.words.address, document.baseURI))
    } catch {
      return null
    }
  }

  /** @param {Run} run */
  #draw(run) {
    const { words, root, button } = this
    const { progress, status } = run
    const name = fill(words.run, { number: run.number })
    const state = this.#state(run)
    const done = progress ? (progress.epoch - 1 + progress.batch / progress.batches) / run.target_epochs : 0
    button.hidden = false
    button.className = status
    button.ariaLabel = fill(words.link, { state: `${name}, ${state.replaceAll(" · ", ", ")}` })
    root.querySelector("path").setAttribute("d", ICONS[status])
    root.querySelector("b").textContent = name
    root.querySelector(".state").textContent = ` · ${state}`
    root.querySelector("i").style.width = status === "running" ? `${100 * done}%` : "0"
    const announced = status === "queued" ? "" : status
    if (announced && announced !== this.status) root.querySelector("p").textContent = `${name}, ${state}`
    this.status = status
  }

  /** What the run does, in words. @param {Run} run */
  #state({ status, queue_position: ahead, target_epochs: epochs, epochs: finished, progress }) {
    const { words } = this
    const last = finished.at(-1)
    if (status === "queued" && ahead) return fill(ahead === 1 ? words.waits_one : words.waits_many, { count: ahead })
    if (status === "queued" || (status === "running" && !progress && !last)) return words.starting
    if (status === "running") {
      const { epoch, accuracy } = progress ?? { epoch: finished.length, accuracy: last.accuracy }
      return `${fill(words.epoch, { epoch, epochs })} · ${(100 * accuracy).toFixed(0)}%`
    }
    if (status === "failed" || !last) return status === "failed" ? words.failed : fill(words.stopped, { epoch: 0 })
    const result = `${(100 * last.test_accuracy).toFixed(1)}%`
    return `${status === "succeeded" ? words.ready : fill(words.stopped, { epoch: finished.length })} · ${result}`
  }
}

/**
 * @param {string} text
 * @param {Record<string, string | number>} values
 */
function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]))
}
