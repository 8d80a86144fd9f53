// Says when the server does not answer, and marks what is seen as old. It watches what Streamlit writes on its root, so
// that a server that answers is asked nothing.
const RECONNECT_MS = 2000 // a connection that is replaced at once is no news

/** @typedef {{ sentence: string, language: string }} Words */

/** @type {WeakMap<HTMLElement, Watch>} */
const watches = new WeakMap()

/** @param {Component<Words, HTMLElement>} component */
export default function ({ data, parentElement }) {
  watches.get(parentElement)?.close()
  const watch = new Watch(parentElement.querySelector(".connection-banner"), data)
  watches.set(parentElement, watch)
  return () => watches.get(parentElement)?.close()
}

class Watch {
  /**
   * @param {HTMLElement} banner
   * @param {Words} words
   */
  constructor(banner, { sentence, language }) {
    this.banner = banner
    this.sentence = sentence
    this.language = language
    this.drawn = new Date()
    this.lost = false
    this.timer = 0
    /** @type {HTMLElement} */
    this.app = document.querySelector("[data-test-connection-state]")
    this.observer = new MutationObserver(() => this.look())
    const attributeFilter = ["data-test-connection-state", "data-test-script-state"]
    this.observer.observe(this.app, { attributes: true, attributeFilter })
    this.dialogs = new MutationObserver(dismissDialog)
    this.look()
  }

  close() {
    this.observer.disconnect()
    this.hide()
  }

  look() {
    const { testConnectionState: connection, testScriptState: script } = this.app.dataset
    const lost = connection !== "CONNECTED"
    if (!lost && script === "notRunning") this.drawn = new Date()
    if (lost === this.lost) return
    this.lost = lost
    clearTimeout(this.timer)
    if (lost) this.timer = setTimeout(() => this.show(), RECONNECT_MS)
    else this.hide()
  }

  show() {
    const time = this.drawn.toLocaleTimeString(this.language, { hourCycle: "h23" })
    document.documentElement.toggleAttribute("data-server-gone", true)
    this.banner.showPopover()
    this.banner.textContent = this.sentence.replace("{time}", time) // a change that a screen reader tells
    this.dialogs.observe(document.body, { childList: true, subtree: true })
    dismissDialog()
  }

  hide() {
    clearTimeout(this.timer)
    this.dialogs.disconnect()
    document.documentElement.removeAttribute("data-server-gone")
    this.banner.hidePopover()
    this.banner.textContent = ""
  }
}

// Streamlit's own dialog says the same in English, and would take the page from whoever still reads it.
function dismissDialog() {
  /** @type {NodeListOf<HTMLElement>} */
  const dialogs = document.querySelectorAll('[role="dialog"]')
  for (const dialog of dialogs) {
    if (!dialog.textContent.includes("Connection error")) continue
    dialog.style.display = "none"
    /** @type {HTMLElement | null} */
    const button = dialog.querySelector('button[aria-label="Close"]')
    button?.click()
  }
}
