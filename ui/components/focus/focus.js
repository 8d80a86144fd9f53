// Streamlit drops a button whose key has changed, and the focus with it: who pressed it by the keyboard would begin
// anew at the top of the page. The button in its place takes the focus, and no press that was meant for the old one.
const APPEAR_MS = 500 // as long as it takes no click

let buttons = "" // a selector of the button, whatever the end of its key
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
