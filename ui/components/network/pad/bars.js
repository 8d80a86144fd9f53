// The probabilities of the ten classes as a table with bars, drawn at every change of the image.

/** Write a fraction as the pages do, in both languages. @param {number} fraction */
export const percent = (fraction) => `${(100 * fraction).toFixed(1)}%`

export class Bars {
  /** @param {HTMLTableElement} table */
  constructor(table) {
    table.replaceChildren(document.createElement("caption"), document.createElement("tbody"))
    this.table = table
    this.rows = Array.from({ length: 10 }, () => {
      const row = table.tBodies[0].insertRow()
      const head = document.createElement("th")
      head.scope = "row"
      const bar = document.createElement("div")
      const track = document.createElement("td")
      track.append(bar)
      const number = document.createElement("td")
      row.append(head, track, number)
      return { row, head, bar, number }
    })
  }

  /** @param {string} title @param {string[]} names of the classes */
  write(title, names) {
    this.table.caption.textContent = title
    this.rows.forEach(({ head }, index) => {
      head.textContent = names[index]
    })
  }

  /** Draw probabilities, or empty bars. @param {number[] | null} probabilities */
  draw(probabilities) {
    const highest = probabilities ? Math.max(...probabilities) : Number.NaN
    this.rows.forEach(({ row, bar, number }, index) => {
      const value = probabilities?.[index] ?? 0
      row.className = value === highest ? "predicted" : ""
      bar.style.transform = `scaleX(${value})`
      number.textContent = probabilities ? percent(value) : "–"
    })
  }
}
