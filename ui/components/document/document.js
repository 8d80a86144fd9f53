// What belongs to the whole document: the language that it is read in, and its history.
//
// Streamlit pushes an entry for the new path and another one for every query that the server writes, so that a change
// of the page cost two presses of Back. An act of a person is one step of the history at most; what follows without
// another act completes that step.
let acted = false
const act = () => (acted = true)
// A file is chosen in a window of the browser's own: of that, the page sees the input alone.
for (const name of ["pointerdown", "keydown", "input", "drop", "paste"]) addEventListener(name, act, true)
addEventListener("click", (event) => event.detail === 0 && act(), true) // from a screen reader, without a pointer
addEventListener("popstate", () => (acted = false))

const push = history.pushState.bind(history)
history.pushState = (...entry) => {
  if (acted) push(...entry)
  else history.replaceState(...entry)
  acted = false
}

/** @param {Component<{ language: string }, HTMLElement>} component */
export default function ({ data }) {
  document.documentElement.lang = data.language
}
