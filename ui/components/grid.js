// Draws the sprite's images as buttons. Buttons are kept between two drawings, so that focus is not lost.
export default function ({ data, parentElement, setTriggerValue }) {
  const grid = parentElement.querySelector(".grid")
  const { sprite, columns, rows, captions, descriptions, hint } = data
  grid.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`
  parentElement.querySelector(".hint").textContent = hint

  while (grid.children.length > captions.length) grid.lastElementChild.remove()
  while (grid.children.length < captions.length) {
    const button = document.createElement("button")
    button.type = "button"
    for (const name of ["picture", "caption"]) {
      const part = document.createElement("span")
      part.className = name
      button.append(part)
    }
    grid.append(button)
  }

  const position = (place, places) => (places > 1 ? (100 * place) / (places - 1) : 0)
  Array.from(grid.children).forEach((button, i) => {
    const [picture, caption] = button.children
    picture.style.backgroundImage = `url(${sprite})`
    picture.style.backgroundSize = `${100 * columns}% ${100 * rows}%`
    picture.style.backgroundPosition = `${position(i % columns, columns)}% ${position(Math.floor(i / columns), rows)}%`
    caption.textContent = captions[i]
    button.setAttribute("aria-label", descriptions[i])
    button.title = descriptions[i]
    button.onclick = () => setTriggerValue("open", i)
    button.onkeydown = (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key]
      const neighbour = step && grid.children[i + step]
      if (neighbour) {
        event.preventDefault()
        neighbour.focus()
      }
    }
  })
}
