// Streamlit drops a button whose key has changed, and the focus with it: the keyboard would start again at the top of
// the page. The new button takes the focus, and ignores a press that was meant for the old one.
const APPEAR_MS = 500 // a new button ignores clicks for this time

let buttons = "" // the selector of every button whose key starts with the stem
/** @type {HTMLElement | null} */
let pressed = null

/** @param {EventTarget | null} target */
function follow(target) {
  pressed = target instanceof HTMLElement && target.matches(buttons) ? target : null
}

function replace() {
  if (!pressed || pressed.isConnected) return
  /** @type {HTMLElement | null} */
  const button = document.querySelector(buttons)
  if (!button || document.activeElement !== document.body) return
  const appeared = performance.now()
  button.addEventListener("keydown", (event) => {
    const old = event.repeat || performance.now() < appeared + APPEAR_MS
    if (!old || !["Enter", " "].includes(event.key)) return
    event.preventDefault()
    event.stopPropagation()
  })
  button.focus({ preventScroll: true })
}

/** @param {Component<{ stem: string }, HTMLElement>} component */
export default function ({ data }) {
  if (buttons) return
  buttons = `[class*="st-key-${data.stem}"] button`
  follow(document.activeElement)
  addEventListener("focusin", ({ target }) => follow(target))
  new MutationObserver(replace).observe(document.body, { childList: true, subtree: true })
}
