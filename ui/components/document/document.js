// The language of the document, its page numbers, its menu on a phone, and its history.
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

// On a phone Streamlit's menu lies over the page, and stays there when a page is chosen.
addEventListener("click", ({ target }) => {
  if (!(/** @type {Element} */ (target).closest('[data-testid="stSidebarNavLink"]'))) return
  /** @type {HTMLButtonElement} */
  const close = document.querySelector('[data-testid="stSidebarCollapseButton"] button')
  close?.click()
})

/** @typedef {{ language: string, page: string, previous: string, next: string }} Words */

/** @type {Words} */
let words
new MutationObserver(writePagination).observe(document.body, { childList: true, subtree: true })

/** @param {Component<Words, HTMLElement>} component */
export default function ({ data }) {
  words = data
  document.documentElement.lang = data.language
  writePagination()
}

// Streamlit's pagination writes 2400 where the pages write 2,400, and its labels are English.
function writePagination() {
  if (!words) return
  /** @type {NodeListOf<HTMLButtonElement>} */
  const buttons = document.querySelectorAll('[data-testid="stPagination"] button')
  for (const button of buttons) {
    const kind = button.dataset.testid
    if (kind === "stPaginationPrev") button.ariaLabel = words.previous
    else if (kind === "stPaginationNext") button.ariaLabel = words.next
    else {
      const number = Number(button.textContent.replace(",", "")).toLocaleString("en")
      button.ariaLabel = words.page.replace("{number}", number)
      if (button.textContent !== number) button.textContent = number
    }
  }
}
