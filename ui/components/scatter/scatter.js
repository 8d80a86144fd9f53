// A scatter plot: its labels, and its reactions to pointer and keyboard. The browser moves, zooms and searches it; the
// server is sent the selected image only, after the pointer has rested on it for a moment.
const REST_MS = 60
const ZOOM = 1.5
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

/**
 * @typedef {{
 *   points: string, count: number, middles: [number, number][], colors: string[], names: string[], first: number,
 *   sentence: string, hint: string, classes: string, only_misclassified: string, closer: string,
 *   wider: string, whole: string, right: string, wrong: string,
 * }} PlotData
 */

/** @type {WeakMap<ShadowRoot, ScatterPlot>} */
const plots = new WeakMap()

/** @param {Component<PlotData>} component */
export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  if (!plots.has(parentElement)) plots.set(parentElement, new ScatterPlot(parentElement))
  const plot = plots.get(parentElement)
  plot.select = (i) => setStateValue("selected", i)
  plot.open = (i) => setTriggerValue("open", i)
  plot.update(data)
  return () => {
    plot.close()
    plots.delete(parentElement)
  }
}

class ScatterPlot {
  /** @param {ShadowRoot} root */
  constructor(root) {
    this.root = root
    this.canvas = root.querySelector("canvas")
    this.view = new View(this.canvas)
    /** @type {number | null} */
    this.pinned = null // the class whose button is pressed
    /** @type {(i: number) => void} */
    this.select = () => {}
    /** @type {(i: number) => void} */
    this.open = () => {}
    /** @type {{ x: number, y: number, moved: boolean } | null} */
    this.held = null
    this.listen()
    this.resized = new ResizeObserver(() => this.draw())
    this.resized.observe(this.canvas)
  }

  close() {
    this.resized.disconnect()
    cancelAnimationFrame(this.frame)
    clearTimeout(this.rest)
  }

  /** @param {PlotData} data */
  update(data) {
    const isNew = data.points !== this.data?.points
    this.data = data
    this.selected ??= data.first
    if (isNew) this.view.unpack(data.points, data.count)
    this.write()
    this.describe()
    this.draw()
  }

  draw() {
    cancelAnimationFrame(this.frame)
    this.frame = requestAnimationFrame(() => {
      if (!this.view.width) return // not laid out yet; the observer reports its size later
      const style = getComputedStyle(this.root.host)
      const [text, ground, font] = ["text-color", "background-color", "font"].map((name) =>
        style.getPropertyValue(`--st-${name}`),
      )
      this.canvas.classList.toggle("zoomed", this.view.zoom > 1)
      paint(this.canvas, this.view, this.data, { text, ground, font }, this.selected)
    })
  }

  write() {
    const { root, data } = this
    for (const name of /** @type {const} */ (["closer", "wider", "whole"])) {
      /** @type {HTMLButtonElement} */
      const button = root.querySelector(`.${name}`)
      button.title = data[name]
      button.setAttribute("aria-label", data[name])
    }
    root.querySelector(".hint").textContent = data.hint
    root.querySelector("label span").textContent = data.only_misclassified
    root.querySelector(".below").toggleAttribute("inert", false) // it has its labels now
    this.canvas.setAttribute("aria-label", `${data.sentence} ${data.hint}`)
    const classes = root.querySelector(".classes")
    classes.setAttribute("aria-label", data.classes)
    while (classes.children.length < data.names.length) classes.append(this.classButton(classes.children.length))
    classes.querySelectorAll("button").forEach((button, label) => {
      button.textContent = data.names[label]
      button.style.setProperty("--color", data.colors[label])
    })
    this.pin(this.pinned)
  }

  /** @param {number} label */
  classButton(label) {
    const button = document.createElement("button")
    button.type = "button"
    // Not on entering: a button can appear under a pointer that stands still.
    button.onpointermove = (event) => event.pointerType === "mouse" && this.show(label)
    button.onfocus = () => button.matches(":focus-visible") && this.show(label)
    button.onpointerleave = button.onblur = () => this.show(this.pinned)
    button.onclick = () => this.pin(this.pinned === label ? null : label)
    return button
  }

  /** @param {number | null} label */
  pin(label) {
    this.pinned = label
    const buttons = this.root.querySelector(".classes").children
    Array.from(buttons).forEach((button, own) => button.setAttribute("aria-pressed", String(own === label)))
    this.show(label)
  }

  /** @param {number | null} label */
  show(label) {
    if (label === this.view.shownClass) return
    this.view.shownClass = label
    this.draw()
  }

  describe() {
    const { data, selected, view } = this
    const index = selected.toLocaleString("en")
    /** @type {Record<string, string>} */
    const values = { index, true: data.names[view.labels[selected]], predicted: data.names[view.predicted[selected]] }
    const sentence = view.isMisclassified(selected) ? data.wrong : data.right
    this.root.querySelector(".selection").textContent = sentence.replace(/\{(\w+)\}/g, (_, name) => values[name])
  }

  listen() {
    const { canvas, root, view } = this
    /** @type {(name: string, act: () => void) => void} */
    const on = (name, act) => {
      /** @type {HTMLButtonElement} */
      const button = root.querySelector(`.${name}`)
      button.onclick = () => {
        act()
        this.draw()
      }
    }
    on("closer", () => view.zoomBy(ZOOM))
    on("wider", () => view.zoomBy(1 / ZOOM))
    on("whole", () => view.reset())
    const input = root.querySelector("input")
    input.onchange = () => {
      view.onlyMisclassified = input.checked
      this.draw()
    }
    canvas.onpointerdown = (event) => {
      this.held = { x: event.offsetX, y: event.offsetY, moved: false }
      canvas.setPointerCapture(event.pointerId)
    }
    canvas.onpointermove = (event) => (this.held ? this.drag(event) : this.selectNearest(event))
    canvas.onpointerup = (event) => this.letGo(event)
    canvas.onpointercancel = () => this.release()
    canvas.onkeydown = (event) => this.press(event)
    canvas.addEventListener("wheel", (event) => this.turn(event), { passive: false })
  }

  /** @param {PointerEvent} event */
  drag({ offsetX, offsetY }) {
    const [right, down] = [offsetX - this.held.x, offsetY - this.held.y]
    if (!this.held.moved && Math.hypot(right, down) < 4) return // a click moves the pointer a little
    this.held = { x: offsetX, y: offsetY, moved: true }
    this.canvas.classList.add("moving")
    this.view.moveBy(right, down)
    this.draw()
  }

  /** @param {PointerEvent} event */
  letGo(event) {
    const moved = this.release()
    const i = this.view.nearest(event.offsetX, event.offsetY)
    if (moved || i === null) return
    // Touch has no hover: the first touch selects, the second one opens.
    if (event.pointerType === "mouse" || i === this.selected) this.open(i)
    else this.selectPoint(i)
  }

  release() {
    const moved = this.held?.moved
    this.held = null
    this.canvas.classList.remove("moving")
    return moved
  }

  /**
   * The wheel scrolls the page unless the plot has the focus, as on any map within a page.
   * @param {WheelEvent} event
   */
  turn(event) {
    const chosen = event.ctrlKey || event.metaKey || this.root.activeElement === this.canvas
    if (!chosen || !this.view.zoomBy(1.002 ** -event.deltaY, event.offsetX, event.offsetY)) return
    event.preventDefault()
    this.draw()
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const { view, selected } = this
    /** @type {Record<string, () => void>} */
    const keys = {
      "+": () => view.zoomBy(ZOOM, view.screenX[selected], view.screenY[selected]),
      "-": () => view.zoomBy(1 / ZOOM, view.screenX[selected], view.screenY[selected]),
      0: () => view.reset(),
      Enter: () => view.isShown(selected) && this.open(selected),
    }
    const [act, arrow] = [keys[event.key], ARROWS[event.key]]
    if (event.ctrlKey || event.metaKey || event.altKey || !(act || arrow)) return
    event.preventDefault()
    if (arrow) this.step(...arrow)
    else act()
    this.draw()
  }

  /**
   * @param {number} right
   * @param {number} down
   */
  step(right, down) {
    this.view.place() // a repeated key is quicker than the drawing
    const i = this.view.neighbor(this.selected, right, down)
    if (i === null) return
    this.view.reveal(i)
    this.selectPoint(i)
  }

  /** @param {PointerEvent} event */
  selectNearest({ offsetX, offsetY }) {
    const i = this.view.nearest(offsetX, offsetY)
    this.canvas.classList.toggle("pointing", i !== null)
    if (i !== null && i !== this.selected) this.selectPoint(i)
  }

  /** @param {number} i */
  selectPoint(i) {
    this.selected = i
    this.describe()
    this.draw()
    clearTimeout(this.rest)
    this.rest = setTimeout(() => this.select(i), REST_MS)
  }
}
