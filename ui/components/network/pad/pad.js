// An image of 28 × 28 greys that is drawn on, by pointer and by keyboard.

export const SIDE = 28
// Radii in pixels of the image.
const BRUSHES = [0.6, 1.1, 1.9]
const WHITE = 255
const MAX_UNDO = 100

/** @typedef {"draw" | "erase" | "move"} Tool */

export class Pad {
  /**
   * @param {HTMLCanvasElement} canvas as large as the image: CSS enlarges it
   * @param {(image: Uint8ClampedArray) => void} onChange
   */
  constructor(canvas, onChange) {
    this.canvas = canvas
    this.onChange = onChange
    this.image = new Uint8ClampedArray(SIDE ** 2)
    /** @type {Uint8ClampedArray<ArrayBuffer>[]} */
    this.undoable = []
    /** @type {Tool} */
    this.tool = "draw"
    this.brush = 1
    /** The pixel that the keyboard paints; null while a pointer draws. @type {[number, number] | null} */
    this.cursor = null
    canvas.width = canvas.height = SIDE
    canvas.addEventListener("pointerdown", (event) => this.#begin(event))
    canvas.addEventListener("keydown", (event) => this.#press(event))
    canvas.addEventListener("focus", () => this.#point([SIDE / 2, SIDE / 2]))
    canvas.addEventListener("blur", () => this.#point(null))
    this.paint()
  }

  /** Take another image, which cannot be undone. @param {ArrayLike<number>} image */
  open(image) {
    this.image = Uint8ClampedArray.from(image)
    this.undoable = []
    this.paint()
  }

  /** Change the image by a function of a copy. @param {(image: Uint8ClampedArray) => void} edit */
  change(edit) {
    this.#remember()
    edit(this.image)
    this.#changed()
  }

  clear() {
    this.change((image) => image.fill(0))
  }

  mirror() {
    this.change((image) => {
      for (let row = 0; row < SIDE; row++) image.subarray(row * SIDE, (row + 1) * SIDE).reverse()
    })
  }

  undo() {
    const before = this.undoable.pop()
    if (!before) return
    this.image = before
    this.#changed()
  }

  paint() {
    const context = this.canvas.getContext("2d")
    const pixels = context.createImageData(SIDE, SIDE)
    for (let index = 0; index < SIDE ** 2; index++)
      pixels.data.set([...Array(3).fill(this.image[index]), 255], 4 * index)
    if (this.cursor) {
      const [x, y] = this.cursor.map(Math.floor)
      pixels.data.set([255, 157, 82, 255], 4 * (y * SIDE + x))
    }
    context.putImageData(pixels, 0, 0)
  }

  /** @param {PointerEvent} event */
  #begin(event) {
    if (event.button) return
    event.preventDefault()
    this.canvas.focus({ preventScroll: true })
    this.#point(null)
    this.canvas.setPointerCapture(event.pointerId)
    this.#remember()
    const original = this.image.slice()
    const start = this.#place(event)
    let last = start
    this.#stroke(start, start)

    /** @param {PointerEvent} moved */
    const go = (moved) => {
      const parts = moved.getCoalescedEvents?.() ?? []
      for (const part of parts.length ? parts : [moved]) {
        const place = this.#place(part)
        if (this.tool === "move") this.image = shifted(original, place[0] - start[0], place[1] - start[1])
        else this.#stroke(last, place)
        last = place
      }
      this.#changed()
    }
    const end = new AbortController()
    this.canvas.addEventListener("pointermove", go, { signal: end.signal })
    for (const name of ["pointerup", "pointercancel"]) {
      this.canvas.addEventListener(name, () => end.abort(), { signal: end.signal })
    }
    this.#changed()
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
    const step = steps[/** @type {keyof typeof steps} */ (event.key)]
    if ((event.ctrlKey || event.metaKey) && event.key === "z") this.undo()
    else if (event.ctrlKey || event.metaKey || event.altKey) return
    else if (step) this.#point((this.cursor ?? [SIDE / 2, SIDE / 2]).map((at, axis) => limit(at + step[axis])))
    else if (event.key === " " && this.cursor) this.change(() => this.#stroke(this.cursor, this.cursor))
    else return
    event.preventDefault()
    event.stopPropagation() // Streamlit has keys of its own
  }

  /** @param {number[] | null} place */
  #point(place) {
    this.cursor = place && [place[0], place[1]]
    this.paint()
  }

  /** The pixel under a pointer, with its fraction. @param {PointerEvent} event @returns {[number, number]} */
  #place(event) {
    const box = this.canvas.getBoundingClientRect()
    return [((event.clientX - box.left) / box.width) * SIDE, ((event.clientY - box.top) / box.height) * SIDE]
  }

  /**
   * Draw or erase along a line; a pixel that a brush covers in part is grey.
   * @param {[number, number]} from @param {[number, number]} to
   */
  #stroke(from, to) {
    if (this.tool === "move") return
    const radius = BRUSHES[this.brush]
    const steps = Math.ceil(2 * Math.hypot(to[0] - from[0], to[1] - from[1])) + 1
    for (let step = 1; step <= steps; step++) {
      const [x, y] = from.map((at, axis) => at + ((to[axis] - at) * step) / steps)
      for (let row = limit(y - radius - 1); row <= limit(y + radius + 1); row++) {
        for (let column = limit(x - radius - 1); column <= limit(x + radius + 1); column++) {
          const distance = Math.hypot(column + 0.5 - x, row + 0.5 - y)
          const ink = WHITE * Math.min(Math.max(radius + 0.5 - distance, 0), 1)
          const index = row * SIDE + column
          const before = this.image[index]
          this.image[index] = this.tool === "erase" ? Math.min(before, WHITE - ink) : Math.max(before, ink)
        }
      }
    }
  }

  #remember() {
    this.undoable.push(this.image.slice())
    if (this.undoable.length > MAX_UNDO) this.undoable.shift()
  }

  #changed() {
    this.paint()
    this.onChange(this.image)
  }
}

/** @param {number} place */
const limit = (place) => Math.min(Math.max(Math.floor(place), 0), SIDE - 1)

/** @param {Uint8ClampedArray} image @param {number} right @param {number} down */
function shifted(image, right, down) {
  const [dx, dy] = [Math.round(right), Math.round(down)]
  return image.map((_, index) => {
    const [x, y] = [(index % SIDE) - dx, Math.floor(index / SIDE) - dy]
    return x >= 0 && x < SIDE && y >= 0 && y < SIDE ? image[y * SIDE + x] : 0
  })
}
