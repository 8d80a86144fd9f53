// The matrix as a grid of buttons: Tab reaches one of them, the arrow keys the others.
// Buttons are reused between drawings, which keeps the focus.
/**
 * @param {Component<{
 *   title: string, down: string, across: string, names: string[], texts: string[], descriptions: string[],
 *   strengths: number[], chosen: number,
 * }>} component
 */
export default function ({ data, parentElement, setTriggerValue }) {
  const table = parentElement.querySelector("table")
  const { title, down, across, names, texts, descriptions, strengths, chosen } = data
  const size = names.length
  if (!table.tBodies.length) build(table, size)

  table.setAttribute("aria-label", title)
  table.querySelector(".corner").textContent = down
  table.querySelector(".across").textContent = across
  const columns = table.tHead.rows[1].cells
  const rows = Array.from(table.tBodies[0].rows, (row) => row.cells[0])
  const buttons = Array.from(table.querySelectorAll("button"))
  names.forEach((name, i) => {
    columns[i].firstChild.textContent = name
    rows[i].textContent = name
  })

  /** @param {number} at */
  const reach = (at) => buttons.forEach((button, i) => (button.tabIndex = i === at ? 0 : -1))
  /** @param {number} at */
  const choose = (at) => {
    buttons.forEach((button, i) => button.parentElement.setAttribute("aria-selected", String(i === at)))
    names.forEach((_, i) => {
      rows[i].classList.toggle("chosen", i === Math.floor(at / size))
      columns[i].classList.toggle("chosen", i === at % size)
    })
  }
  const focused = buttons.indexOf(/** @type {HTMLButtonElement} */ (parentElement.activeElement))
  reach(focused >= 0 ? focused : chosen)
  choose(chosen)

  buttons.forEach((button, i) => {
    const row = Math.floor(i / size)
    const column = i % size
    button.textContent = texts[i]
    if (button.title !== descriptions[i]) {
      button.title = descriptions[i]
      button.setAttribute("aria-label", descriptions[i])
    }
    button.style.setProperty("--strength", String(strengths[i]))
    button.classList.toggle("none", strengths[i] === 0)
    button.onfocus = () => reach(i)
    button.onclick = () => {
      choose(i) // before the server responds with the images
      setTriggerValue("cell", i)
    }
    button.onkeydown = (event) => {
      /** @type {Record<string, number | false>} */
      const keys = {
        ArrowLeft: column > 0 && i - 1,
        ArrowRight: column < size - 1 && i + 1,
        ArrowUp: row > 0 && i - size,
        ArrowDown: row < size - 1 && i + size,
        Home: row * size,
        End: row * size + size - 1,
      }
      const there = keys[event.key]
      if (there === undefined) return
      event.preventDefault()
      if (there !== false) buttons[there].focus()
    }
  })
}

/**
 * @param {HTMLTableElement} table
 * @param {number} size
 */
function build(table, size) {
  const head = table.createTHead()
  const axes = head.insertRow()
  axes.append(heading("col", "corner"), heading("colgroup", "across"))
  axes.cells[0].rowSpan = 2
  axes.cells[1].colSpan = size
  const names = head.insertRow()
  const body = table.createTBody()
  for (let i = 0; i < size; i++) {
    const name = heading("col", "")
    name.append(document.createElement("span"))
    names.append(name)
    const row = body.insertRow()
    row.append(heading("row", ""))
    for (let j = 0; j < size; j++) {
      const button = document.createElement("button")
      button.type = "button"
      if (i === j) button.className = "right"
      row.insertCell().append(button)
    }
  }
}

/**
 * @param {string} scope
 * @param {string} className
 */
function heading(scope, className) {
  const cell = document.createElement("th")
  cell.scope = scope
  cell.className = className
  return cell
}
