// The images of the sprite as buttons: Tab reaches one of them, the arrow keys the others.
// Buttons are reused between drawings, which keeps the focus.
/**
 * @param {Component<{
 *   sprite: string, columns: number, rows: number, captions: string[], descriptions: string[], hint: string,
 * }>} component
 */
export default function ({ data, parentElement, setTriggerValue }) {
  /** @type {HTMLElement} */
  const grid = parentElement.querySelector(".grid")
  const { sprite, columns, rows, captions, descriptions, hint } = data
  grid.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`
  parentElement.querySelector(".hint").textContent = hint

  while (grid.children.length > captions.length) grid.lastElementChild.remove()
  while (grid.children.length < captions.length) {
    const button = document.createElement("button")
    button.type = "button"
    button.tabIndex = -1
    for (const name of ["picture", "caption"]) {
      const part = document.createElement("span")
      part.className = name
      button.append(part)
    }
    grid.append(button)
  }

  const buttons = Array.from(grid.querySelectorAll("button"))
  /** @param {number} at */
  const reach = (at) => buttons.forEach((button, i) => (button.tabIndex = i === at ? 0 : -1))
  reach(
    Math.max(
      buttons.findIndex((button) => button.tabIndex === 0),
      0,
    ),
  )

  /** @type {(place: number, places: number) => number} */
  const position = (place, places) => (places > 1 ? (100 * place) / (places - 1) : 0)
  buttons.forEach((button, i) => {
    const column = i % columns
    const row = Math.floor(i / columns)
    const [picture, caption] = button.querySelectorAll("span")
    picture.style.backgroundImage = `url(${sprite})`
    picture.style.backgroundSize = `${100 * columns}% ${100 * rows}%`
    picture.style.backgroundPosition = `${position(column, columns)}% ${position(row, rows)}%`
    caption.textContent = captions[i]
    button.setAttribute("aria-label", descriptions[i])
    button.title = descriptions[i]
    button.onfocus = () => reach(i)
    button.onclick = () => setTriggerValue("open", i)
    button.onkeydown = (event) => {
      /** @type {Record<string, number>} */
      const keys = {
        ArrowLeft: i - 1,
        ArrowRight: i + 1,
        ArrowUp: i - columns,
        ArrowDown: i + columns,
        Home: i - column,
        End: Math.min(i - column + columns, buttons.length) - 1,
      }
      const there = keys[event.key]
      if (there === undefined) return
      event.preventDefault()
      buttons[there]?.focus()
    }
  })
}
