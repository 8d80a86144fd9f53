// The positions of a scatter plot's points, and its visible part.
const REACH = 14 // pixels from the pointer to a point that it selects
const STEP = 8 // pixels that an arrow key moves at least
const MARGIN = 24
const MAX_ZOOM = 60

class View {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas
    this.zoom = 1
    /** @type {number | null} */
    this.shownClass = null
    this.onlyMisclassified = false
  }

  /**
   * The points: all x and all y as uint16, all labels and all predicted classes as bytes.
   * @param {string} points in base64
   * @param {number} count
   */
  unpack(points, count) {
    const bytes = Uint8Array.from(atob(points), (letter) => letter.charCodeAt(0)).buffer
    this.count = count
    this.x = new Uint16Array(bytes, 0, count)
    this.y = new Uint16Array(bytes, 2 * count, count)
    this.labels = new Uint8Array(bytes, 4 * count, count)
    this.predicted = new Uint8Array(bytes, 5 * count, count)
    this.screenX = new Float32Array(count)
    this.screenY = new Float32Array(count)
    const [left, right, low, high] = [...extent(this.x), ...extent(this.y)]
    this.whole = { x: (left + right) / 2, y: (low + high) / 2, width: right - left || 1, height: high - low || 1 }
    this.reset()
  }

  reset() {
    this.zoom = 1
    this.centre = { x: this.whole.x, y: this.whole.y }
  }

  get width() {
    return this.canvas.clientWidth
  }

  get height() {
    return this.canvas.clientHeight
  }

  // Pixels to a unit of the points.
  get scale() {
    const { width, height } = this.whole
    return this.zoom * Math.min((this.width - 2 * MARGIN) / width, (this.height - 2 * MARGIN) / height)
  }

  /**
   * Zooms around a position of the canvas. Returns false at the limits of the zoom.
   * @param {number} factor
   */
  zoomBy(factor, x = this.width / 2, y = this.height / 2) {
    const zoom = Math.min(Math.max(this.zoom * factor, 1), MAX_ZOOM)
    if (zoom === this.zoom) return false
    const [right, down] = [x - this.width / 2, y - this.height / 2]
    this.moveBy(-right, -down)
    this.zoom = zoom
    this.moveBy(right, down)
    return true
  }

  /**
   * Moves by pixels; the middle of the canvas stays within the plot.
   * @param {number} right
   * @param {number} down
   */
  moveBy(right, down) {
    /** @type {(value: number, middle: number, size: number) => number} */
    const within = (value, middle, size) => Math.min(Math.max(value, middle - size / 2), middle + size / 2)
    this.centre.x = within(this.centre.x - right / this.scale, this.whole.x, this.whole.width)
    this.centre.y = within(this.centre.y + down / this.scale, this.whole.y, this.whole.height)
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  toScreen(x, y) {
    return [(x - this.centre.x) * this.scale + this.width / 2, (this.centre.y - y) * this.scale + this.height / 2]
  }

  place() {
    const { x, y, screenX, screenY, count, scale } = this
    const [left, top] = this.toScreen(0, 0)
    for (let i = 0; i < count; i++) {
      screenX[i] = left + x[i] * scale
      screenY[i] = top - y[i] * scale
    }
  }

  /** @param {number} i */
  isMisclassified(i) {
    return this.labels[i] !== this.predicted[i]
  }

  /** @param {number} i */
  isShown(i) {
    if (this.onlyMisclassified && !this.isMisclassified(i)) return false
    return this.shownClass === null || this.labels[i] === this.shownClass
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  nearest(x, y) {
    return this.first((atX, atY) => {
      const distance = Math.hypot(atX - x, atY - y)
      return distance <= REACH ? distance : Infinity
    })
  }

  /**
   * The nearest point that lies more in this direction than across it.
   * @param {number} i
   * @param {number} right
   * @param {number} down
   */
  neighbor(i, right, down) {
    const [fromX, fromY] = [this.screenX[i], this.screenY[i]]
    /** @param {number} least */
    const further = (least) =>
      this.first((x, y) => {
        const along = (x - fromX) * right + (y - fromY) * down
        const across = Math.abs((x - fromX) * down) + Math.abs((y - fromY) * right)
        return along > least && across <= along ? Math.hypot(along, across) : Infinity
      })
    return further(STEP) ?? further(0)
  }

  /**
   * The shown point of the least distance, a function of its position on the canvas; null if all are at infinity.
   * @param {(x: number, y: number) => number} distanceOf
   * @returns {number | null}
   */
  first(distanceOf) {
    /** @type {number | null} */
    let found = null
    let least = Infinity
    for (let i = 0; i < this.count; i++) {
      const distance = distanceOf(this.screenX[i], this.screenY[i])
      if (distance >= least || !this.isShown(i)) continue
      found = i
      least = distance
    }
    return found
  }

  /**
   * Moves until a point is visible.
   * @param {number} i
   */
  reveal(i) {
    const [x, y] = [this.screenX[i], this.screenY[i]]
    const seen = x > MARGIN && y > MARGIN && x < this.width - MARGIN && y < this.height - MARGIN
    if (!seen) this.moveBy(this.width / 2 - x, this.height / 2 - y)
  }
}

/** @param {Uint16Array} values */
function extent(values) {
  return values.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity])
}
