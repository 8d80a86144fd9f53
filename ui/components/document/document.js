// The language of the document and its history.
//
// Streamlit pushes an entry for a new path and another one for every query that the server writes: a change of the page
// would take two presses of Back. Here a person's action is one step at most; later entries replace that step.
let acted = false
const act = () => (acted = true)
// A file is chosen in the browser's own dialog, of which the page receives the input event alone.
for (const name of ["pointerdown", "keydown", "input", "drop", "paste"]) addEventListener(name, act, true)
addEventListener("click", (event) => event.detail === 0 && act(), true) // by a screen reader, without a pointer
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
