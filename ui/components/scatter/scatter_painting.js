// The painting of a scatter plot.
const FAINT = 0.1
const LAYER = 250 // dots
const LINE = 18 // pixels from a name to the next one below it

/** @typedef {{ text: string, ground: string, font: string }} Theme */

/**
 * Draws a view, and a ring around the point `selected`.
 * @param {HTMLCanvasElement} canvas
 * @param {View} view
 * @param {{ names: string[], colors: string[], middles: [number, number][] }} classes their middles among the points
 * @param {Theme} theme
 * @param {number} selected
 */
function paint(canvas, view, { names, colors, middles }, theme, selected) {
  const context = canvas.getContext("2d")
  const ratio = window.devicePixelRatio
  const [width, height] = [view.width, view.height].map((size) => Math.round(size * ratio))
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height]
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, view.width, view.height)
  view.place()
  paintPoints(context, view, colors, theme)
  paintNames(context, view, names, middles, theme)
  if (view.isShown(selected)) paintRing(context, view.screenX[selected], view.screenY[selected], theme)
}

/**
 * Hidden points first, faintly; then correct ones, and above them the misclassified ones, each in a ring.
 * @param {CanvasRenderingContext2D} context
 * @param {View} view
 * @param {string[]} colors
 * @param {Theme} theme
 */
function paintPoints(context, view, colors, { text, ground }) {
  const radius = 2 * view.zoom ** 0.3
  /** @type {number[][]} */
  const [faint, right, wrong] = [[], [], []]
  for (let i = 0; i < view.count; i++) (view.isShown(i) ? (view.isMisclassified(i) ? wrong : right) : faint).push(i)
  context.globalAlpha = FAINT
  paintDots(context, view, faint, radius, colors)
  context.globalAlpha = 1
  paintDots(context, view, right, radius, colors)
  paintDiscs(context, view, wrong, radius + 2.25, text)
  paintDiscs(context, view, wrong, radius + 1, ground)
  paintDots(context, view, wrong, radius, colors)
}

/**
 * In many layers of all classes: where classes mix, the last one does not hide the others.
 * @param {CanvasRenderingContext2D} context
 * @param {View} view
 * @param {number[]} points
 * @param {number} radius
 * @param {string[]} colors
 */
function paintDots(context, view, points, radius, colors) {
  for (let first = 0; first < points.length; first += LAYER) {
    const layer = points.slice(first, first + LAYER)
    /** @param {number} label */
    const ofClass = (label) => layer.filter((i) => view.labels[i] === label)
    colors.forEach((color, label) => paintDiscs(context, view, ofClass(label), radius, color))
  }
}

/**
 * One path for all discs of a color: far quicker than a path for each.
 * @param {CanvasRenderingContext2D} context
 * @param {View} view
 * @param {number[]} points
 * @param {number} radius
 * @param {string} color
 */
function paintDiscs(context, view, points, radius, color) {
  const { screenX, screenY, width, height } = view
  context.beginPath()
  for (const i of points) {
    const x = screenX[i]
    const y = screenY[i]
    if (x < -radius || y < -radius || x > width + radius || y > height + radius) continue
    context.moveTo(x + radius, y)
    context.arc(x, y, radius, 0, 2 * Math.PI)
  }
  context.fillStyle = color
  context.fill()
}

/**
 * The name of each class in its middle; a name that would cover another one moves below it.
 * @param {CanvasRenderingContext2D} context
 * @param {View} view
 * @param {string[]} names
 * @param {[number, number][]} middles
 * @param {Theme} theme
 */
function paintNames(context, view, names, middles, theme) {
  context.save()
  context.font = `600 14px ${theme.font}`
  context.textAlign = "center"
  context.textBaseline = "middle"
  context.lineJoin = "round"
  context.lineWidth = 5
  context.strokeStyle = theme.ground
  context.fillStyle = theme.text
  /** @type {typeof labels} */
  const placed = []
  const labels = names.map((text, label) => {
    const [x, y] = view.toScreen(...middles[label])
    return { label, text, x, y, half: context.measureText(text).width / 2 + 4 }
  })
  for (const name of labels.sort((a, b) => a.y - b.y)) {
    for (const other of placed) {
      const meet = Math.abs(other.x - name.x) < other.half + name.half && Math.abs(other.y - name.y) < LINE
      if (meet) name.y = other.y + LINE
    }
    placed.push(name)
    placed.sort((a, b) => a.y - b.y)
    context.globalAlpha = view.shownClass === null || view.shownClass === name.label ? 1 : 0.35
    context.strokeText(name.text, name.x, name.y)
    context.fillText(name.text, name.x, name.y)
  }
  context.restore()
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {Theme} theme
 */
function paintRing(context, x, y, { text, ground }) {
  context.beginPath()
  context.arc(x, y, 10, 0, 2 * Math.PI)
  for (const ring of [
    { width: 6, color: ground },
    { width: 3, color: text },
  ]) {
    context.lineWidth = ring.width
    context.strokeStyle = ring.color
    context.stroke()
  }
}
