// An image of 28 × 28 greys that is drawn on, by pointer and by keyboard.

export const SIDE = 28
const MIDDLE = SIDE / 2
// Radii in pixels of the image.
export const BRUSHES = [0.6, 1.1, 1.9]
const MAX_UNDO = 100
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

/** @typedef {"draw" | "erase" | "move"} Tool */

export class Pad {
  /**
   * @param {HTMLCanvasElement} canvas as large as the image: CSS enlarges it
   * @param {() => void} onChange called after every change of the image
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
    this.grey = 255
    this.enabled = true
    /** The pixel that the keyboard paints; null while a pointer draws. @type {number[] | null} */
    this.cursor = null
    canvas.width = canvas.height = SIDE
    this.context = canvas.getContext("2d")
    this.screen = this.context.createImageData(SIDE, SIDE)
    this.colors = new Uint32Array(this.screen.data.buffer)
    canvas.addEventListener("pointerdown", (event) => this.#begin(event))
    canvas.addEventListener("keydown", (event) => this.#press(event))
    canvas.addEventListener("focus", () => canvas.matches(":focus-visible") && this.#point([MIDDLE, MIDDLE]))
    canvas.addEventListener("blur", () => this.#point(null))
    this.paint()
  }

  /** Take another image, which cannot be undone. @param {ArrayLike<number>} image */
  open(image) {
    this.image = Uint8ClampedArray.from(image)
    this.undoable = []
    this.paint()
  }

  /** Change the image by a function of a copy. @param {(image: Uint8ClampedArray<ArrayBuffer>) => void} edit */
  change(edit) {
    this.#remember()
    edit(this.image)
    this.#changed()
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
    for (let index = 0; index < SIDE ** 2; index++) this.colors[index] = 0xff000000 | (this.image[index] * 0x010101)
    if (this.cursor) this.colors[this.cursor[1] * SIDE + this.cursor[0]] = 0xff529dff
    this.context.putImageData(this.screen, 0, 0)
  }

  /** Return the pixel under a pointer, with its fraction. @param {MouseEvent} event @returns {[number, number]} */
  place(event) {
    const box = this.canvas.getBoundingClientRect()
    return [((event.clientX - box.left) / box.width) * SIDE, ((event.clientY - box.top) / box.height) * SIDE]
  }

  /** @param {PointerEvent} event */
  #begin(event) {
    if (event.button || !this.enabled) return
    event.preventDefault()
    this.canvas.focus({ preventScroll: true })
    this.#point(null)
    this.canvas.setPointerCapture(event.pointerId)
    this.#remember()
    const draw = this.tool === "move" ? this.#move(this.place(event)) : this.#stroke()
    draw(this.place(event))

    /** @param {PointerEvent} moved */
    const go = (moved) => {
      const parts = moved.getCoalescedEvents?.() ?? []
      for (const part of parts.length ? parts : [moved]) draw(this.place(part))
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
    if (!this.enabled || event.altKey) return
    const control = event.ctrlKey || event.metaKey
    const step = STEPS[/** @type {keyof typeof STEPS} */ (event.key)]
    if (control && event.key === "z") this.undo()
    else if (control) return
    else if (step) this.#point((this.cursor ?? [MIDDLE, MIDDLE]).map((at, axis) => limit(at + step[axis])))
    else if (event.key === " ") {
      this.cursor ??= [MIDDLE, MIDDLE]
      this.change(() => this.#stroke()([this.cursor[0] + 0.5, this.cursor[1] + 0.5]))
    } else return
    event.preventDefault()
    event.stopPropagation() // Streamlit has keys of its own
  }

  /** @param {number[] | null} place */
  #point(place) {
    this.cursor = place
    this.paint()
  }

  /** Return a function that moves the image from a place to another one. @param {[number, number]} start */
  #move(start) {
    const original = this.image.slice()
    return (/** @type {[number, number]} */ place) => {
      const [dx, dy] = place.map((at, axis) => Math.round(at - start[axis]))
      this.image = original.map((_, index) => {
        const [x, y] = [(index % SIDE) - dx, Math.floor(index / SIDE) - dy]
        return x >= 0 && x < SIDE && y >= 0 && y < SIDE ? original[y * SIDE + x] : 0
      })
    }
  }

  /** Return a function that draws on to a place; a pixel that the brush covers in part takes a part of its grey. */
  #stroke() {
    const [original, covered] = [this.image.slice(), new Float32Array(SIDE ** 2)]
    const radius = BRUSHES[this.brush]
    const ink = this.tool === "erase" ? 0 : this.grey
    /** @type {[number, number]} */
    let last = null
    return (/** @type {[number, number]} */ to) => {
      const from = last ?? to
      last = to
      const steps = Math.ceil(2 * Math.hypot(to[0] - from[0], to[1] - from[1])) + 1
      for (let step = 1; step <= steps; step++) {
        const [x, y] = from.map((at, axis) => at + ((to[axis] - at) * step) / steps)
        for (let row = limit(y - radius - 1); row <= limit(y + radius + 1); row++) {
          for (let column = limit(x - radius - 1); column <= limit(x + radius + 1); column++) {
            const index = row * SIDE + column
            const share = Math.min(Math.max(radius + 0.5 - Math.hypot(column + 0.5 - x, row + 0.5 - y), 0), 1)
            covered[index] = Math.max(covered[index], share)
            this.image[index] = original[index] + covered[index] * (ink - original[index])
          }
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
    this.onChange()
  }
}

/** @param {number} place */
const limit = (place) => Math.min(Math.max(Math.floor(place), 0), SIDE - 1)
