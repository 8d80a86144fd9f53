// The probabilities of the ten classes as a table with bars, drawn at every change of the image.

/** Write a fraction as the pages do, in both languages. @param {number} fraction */
export const percent = (fraction) => `${(100 * fraction).toFixed(1)}%`

export class Bars {
  /**
   * @param {HTMLTableElement} table
   * @param {{ names: string[], title: string }} words
   */
  constructor(table, { names, title }) {
    table.replaceChildren(document.createElement("caption"), document.createElement("tbody"))
    table.caption.textContent = title
    this.rows = names.map((name) => {
      const row = table.tBodies[0].insertRow()
      const head = document.createElement("th")
      head.scope = "row"
      head.textContent = name
      const bar = document.createElement("div")
      const track = document.createElement("td")
      track.append(bar)
      const number = document.createElement("td")
      row.append(head, track, number)
      return { row, bar, number }
    })
  }

  /** Draw probabilities, or empty bars. @param {number[] | null} probabilities */
  draw(probabilities) {
    const highest = probabilities ? Math.max(...probabilities) : Number.NaN
    this.rows.forEach(({ row, bar, number }, index) => {
      const value = probabilities?.[index] ?? 0
      row.className = value === highest ? "predicted" : ""
      bar.style.width = `${100 * value}%`
      number.textContent = probabilities ? percent(value) : "–"
    })
  }
}
