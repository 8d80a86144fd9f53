// Maps of a layer side by side on one canvas: black is 0, and all have one scale.

const GAP = 2
// Brighter values are as rare as this: one strong filter would leave the others black.
const RARE = 0.005
const BINS = 512
const counts = new Uint32Array(BINS)

/** @typedef {{ side: number, maps: number, columns: number, scale: number, height?: number }} Sheet */

/** Return the value that only the rarest exceed. @param {Float32Array} values */
export function brightest(values) {
  let highest = 0
  for (const value of values) if (value > highest) highest = value
  if (highest === 0) return 1
  counts.fill(0)
  const bins = (BINS - 1) / highest
  for (const value of values) if (value > 0) counts[Math.floor(value * bins)]++
  let above = 0
  let bin = BINS - 1
  while (bin > 0 && above + counts[bin] <= RARE * values.length) above += counts[bin--]
  return (bin + 1) / bins
}

export class MapSheet {
  /** @param {HTMLCanvasElement} canvas @param {Sheet} sheet `height` of a value where it is no square */
  constructor(canvas, sheet) {
    this.canvas = canvas
    this.sheet = sheet
    const { side, maps, columns, scale, height = scale } = sheet
    this.gap = side > 1 ? GAP : 0
    const rows = Math.ceil(maps / columns)
    canvas.width = columns * side * scale + (columns - 1) * this.gap
    canvas.height = rows * side * height + (rows - 1) * this.gap
    canvas.style.width = `${canvas.width}px`
    canvas.style.height = `${canvas.height}px`
    this.context = canvas.getContext("2d")
    this.image = this.context.createImageData(canvas.width, canvas.height)
    this.pixels = new Uint32Array(this.image.data.buffer)
  }

  /** Paint values (side, side, maps). @param {Float32Array} values @param {number} [full] the value that is white */
  paint(values, full = brightest(values)) {
    const { pixels, gap } = this
    const { side, maps, columns, scale, height = scale } = this.sheet
    const width = this.canvas.width
    const factor = 255 ** 2 / full
    for (let map = 0; map < maps; map++) {
      const top = Math.floor(map / columns) * (side * height + gap)
      const left = (map % columns) * (side * scale + gap)
      for (let y = 0; y < side; y++) {
        for (let x = 0; x < side; x++) {
          const value = values[(y * side + x) * maps + map]
          const shade = value > 0 ? Math.min(Math.sqrt(value * factor), 255) & 255 : 0
          const color = 0xff000000 | (shade * 0x010101)
          const start = (top + y * height) * width + left + x * scale
          if (scale === 1) pixels[start] = color
          else
            for (let down = 0; down < height; down++)
              pixels.fill(color, start + down * width, start + down * width + scale)
        }
      }
    }
    this.context.putImageData(this.image, 0, 0)
  }

  clear() {
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height)
  }

  /** Return the map under a point, with the place in it, or null. @param {PointerEvent | MouseEvent} event */
  at(event) {
    const { side, maps, columns, scale, height = scale } = this.sheet
    const box = this.canvas.getBoundingClientRect()
    const [x, y] = [
      ((event.clientX - box.left) / box.width) * this.canvas.width,
      ((event.clientY - box.top) / box.height) * this.canvas.height,
    ]
    const [pitchX, pitchY] = [side * scale + this.gap, side * height + this.gap]
    const column = Math.min(Math.max(Math.floor(x / pitchX), 0), columns - 1)
    const row = Math.max(Math.floor(y / pitchY), 0)
    const map = row * columns + column
    if (map >= maps) return null
    const limit = (/** @type {number} */ place) => Math.min(Math.max(Math.floor(place), 0), side - 1)
    return { map, row: limit((y - row * pitchY) / height), column: limit((x - column * pitchX) / scale) }
  }
}
