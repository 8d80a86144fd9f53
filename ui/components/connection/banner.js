// Shows a banner while the server does not respond, and marks the page as outdated. It observes the attributes that
// Streamlit writes on its root, without requests of its own.
const RECONNECT_MS = 2000 // a connection that is replaced within this time shows no banner

/** @typedef {{ sentence: string, language: string }} Words */

/** @type {WeakMap<HTMLElement, ConnectionMonitor>} */
const monitors = new WeakMap()

/** @param {Component<Words, HTMLElement>} component */
export default function ({ data, parentElement }) {
  monitors.get(parentElement)?.close()
  const monitor = new ConnectionMonitor(parentElement.querySelector(".connection-banner"), data)
  monitors.set(parentElement, monitor)
  return () => monitors.get(parentElement)?.close()
}

class ConnectionMonitor {
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
    this.observer = new MutationObserver(() => this.check())
    const attributeFilter = ["data-test-connection-state", "data-test-script-state"]
    this.observer.observe(this.app, { attributes: true, attributeFilter })
    this.dialogs = new MutationObserver(dismissDialog)
    this.check()
  }

  close() {
    this.observer.disconnect()
    this.hide()
  }

  check() {
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
    this.banner.textContent = this.sentence.replace("{time}", time) // a screen reader announces the change
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

// Streamlit's own dialog has the same message in English only, and covers the page.
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
