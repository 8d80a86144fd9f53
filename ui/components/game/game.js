// Five images: a person chooses a class, then the bars show the network's answer. All local; the server is told only
// which image opens on Predict, and that five more are wanted.

/**
 * @typedef {{ source: string, label: number, probabilities: number[] }} Image
 * @typedef {object} Words
 * @property {string[]} names @property {string[]} nouns with their article, the noun between asterisks
 * @property {string} count with {number} @property {string} own @property {string} network
 * @property {string} later @property {string} keys @property {string} next @property {string} more
 * @property {string} picture @property {string} open with {number}
 * @property {string} you @property {string} machine @property {string} people
 * @property {string} study @property {string} human @property {string} of
 * @property {string} right @property {string} wrong
 * @property {string} verdict_both @property {string} verdict_you @property {string} verdict_network
 * @property {string} verdict_same @property {string} verdict_neither with {noun}, {yours} and {its}
 * @property {string} spoken with {noun}, {yours}, {its} and {percent} @property {string} end with {you} and {network}
 * @typedef {Words & { images: Image[] }} Data
 */

/** What was answered, by the images: a rerun, another page and another language leave it. @type {Map<string, Game>} */
const games = new Map()
let listening = new AbortController()

const SIGNS = {
  right: '<path d="M3 10.5l4.5 4.5L17 5.5"/>',
  wrong: '<path d="M4 4l12 12M16 4L4 16"/>',
  open: '<circle cx="10" cy="10" r="4.5" stroke-width="1"/>',
}
/** @param {"right" | "wrong" | "open"} name */
const svg = (name) => `<svg viewBox="0 0 20 20" aria-hidden="true">${SIGNS[name]}</svg>`

/** @param {Component<Data>} component */
export default function (component) {
  const { images } = component.data
  const name = images.map(({ source }) => source).join()
  if (!games.has(name)) games.set(name, new Game(images))
  const view = new View(component, games.get(name))
  listening.abort()
  listening = new AbortController()
  const { signal } = listening
  addEventListener("keydown", (event) => view.press(event), { signal })
  view.draw()
  return () => listening.abort()
}

class Game {
  /** @param {Image[]} images */
  constructor(images) {
    this.predicted = images.map(({ probabilities }) => probabilities.indexOf(Math.max(...probabilities)))
    this.labels = images.map(({ label }) => label)
    /** @type {number[]} */
    this.answers = []
    this.now = 0
  }

  get answered() {
    return this.answers.length > this.now
  }

  get over() {
    return this.answers.length === this.labels.length
  }

  /** Count the right ones among answers. @param {number[]} answers */
  right(answers) {
    return this.answers.filter((_, index) => answers[index] === this.labels[index]).length
  }
}

class View {
  /**
   * @param {Component<Data>} component
   * @param {Game} game
   */
  constructor(component, game) {
    this.component = component
    this.root = /** @type {HTMLElement} */ (component.parentElement.querySelector("section"))
    this.words = component.data
    this.images = component.data.images
    this.game = game
    this.#build()
  }

  /** @param {string} selector */
  #part(selector) {
    return /** @type {HTMLElement} */ (this.root.querySelector(selector))
  }

  #build() {
    const { words } = this
    this.#part(".own").textContent = words.own
    const answers = this.#part(".answers")
    answers.ariaLabel = words.own
    answers.replaceChildren(...words.names.map((name, label) => this.#answer(name, label)))
    const rows = [words.you, words.machine].map((name) => row("th", name, this.images.map(sign), "td", ""))
    const people = row("th", words.people, [], "td", words.human)
    people.children[0].after(cell("td", words.study, "study"))
    people.children[1].setAttribute("colspan", String(this.images.length))
    this.#part("tbody").replaceChildren(...rows, people)
    this.#part("thead").replaceChildren(row("td", "", this.images.map(this.#thumb, this), "td", ""))
    this.#part(".next").onclick = () => this.#next()
  }

  /**
   * @param {string} name
   * @param {number} label
   */
  #answer(name, label) {
    const item = document.createElement("li")
    item.innerHTML = `<button class="answer" type="button"><span class="key"></span><span class="name"></span>
      <span class="mark"></span></button>
      <div class="scale"><div class="track"><div class="bar"></div></div><span class="percent"></span></div>`
    item.querySelector(".key").textContent = String(label)
    item.querySelector(".name").textContent = name
    item.querySelector("button").onclick = () => this.#say(label)
    return item
  }

  /**
   * @param {Image} image
   * @param {number} index
   */
  #thumb({ source }, index) {
    const found = cell("td", "", "")
    const button = document.createElement("button")
    button.type = "button"
    button.className = "thumb"
    button.ariaLabel = this.words.open.replace("{number}", String(index + 1))
    button.title = button.ariaLabel
    button.onclick = () => this.component.setTriggerValue("open", index)
    button.append(Object.assign(document.createElement("img"), { src: source, alt: "", width: 28, height: 28 }))
    found.append(button)
    return found
  }

  draw() {
    const { words, game, images, root } = this
    const { label, source, probabilities } = images[game.now]
    const { answered } = game
    root.classList.toggle("answered", answered)
    this.#part(".count").textContent = words.count.replace("{number}", String(game.now + 1))
    const head = this.#part(".network")
    head.replaceChildren(Object.assign(document.createElement("b"), { textContent: words.network }))
    if (!answered) head.append(` ${words.later}`)
    const picture = /** @type {HTMLImageElement} */ (this.#part(".picture"))
    picture.src = source
    picture.alt = words.picture
    const items = /** @type {HTMLElement[]} */ ([...this.#part(".answers").children])
    items.forEach((item, index) => {
      const chosen = answered && index === game.answers[game.now]
      const state = answered && index === label ? "right" : chosen ? "wrong" : null
      const highest = answered && index === game.predicted[game.now]
      item.className = `${state ?? ""} ${highest ? "highest" : ""}`
      item.querySelector(".mark").innerHTML = state ? svg(state) : ""
      item.querySelector("button").disabled = answered
      const bar = /** @type {HTMLElement} */ (item.querySelector(".bar"))
      bar.style.width = answered ? `${100 * probabilities[index]}%` : "0"
      item.querySelector(".percent").textContent = answered ? `${(100 * probabilities[index]).toFixed(1)}%` : ""
    })
    this.#drawBoard()
    this.#part(".next").textContent = `${game.over ? words.more : words.next} →`
    this.#drawVerdict()
  }

  #drawBoard() {
    const { game, words } = this
    const [yours, its] = this.#part("tbody").querySelectorAll("tr")
    for (const [line, answers] of /** @type {const} */ ([
      [yours, game.answers],
      [its, game.predicted],
    ])) {
      line.querySelectorAll(".sign").forEach((found, index) => {
        const verdict = answers[index] === game.labels[index] ? "right" : "wrong"
        const state = index < game.answers.length ? verdict : "open"
        found.className = `sign ${state}`
        found.innerHTML = svg(state)
        found.ariaLabel = state === "open" ? "–" : words[state]
      })
      line.lastElementChild.textContent = this.#tally(answers)
    }
    this.root.querySelectorAll("button.thumb").forEach((button, index) => {
      const shown = index <= game.now
      button.classList.toggle("now", index === game.now)
      button.toggleAttribute("disabled", index >= game.answers.length)
      button.querySelector("img").style.visibility = shown ? "" : "hidden"
    })
  }

  /** @param {number[]} answers */
  #tally(answers) {
    const { length } = this.game.answers
    return length ? `${this.game.right(answers)} ${this.words.of} ${length}` : ""
  }

  #drawVerdict() {
    const { words, game } = this
    const verdict = this.#part(".verdict")
    if (!game.answered) {
      verdict.textContent = words.keys
      return
    }
    if (game.over) {
      const tallies = { you: this.#tally(game.answers), network: this.#tally(game.predicted) }
      verdict.textContent = fill(words.end, tallies)
      return
    }
    const [before, bold, after] = this.#sentence().split("*")
    const noun = Object.assign(document.createElement("b"), { textContent: bold })
    verdict.replaceChildren(before, noun, after)
  }

  /** What the image is, and what was said of it. */
  #sentence() {
    const { words, game } = this
    const { now, answers, predicted, labels } = game
    const [you, network] = [answers[now] === labels[now], predicted[now] === labels[now]]
    const same = answers[now] === predicted[now]
    const sentence =
      you && network
        ? words.verdict_both
        : you
          ? words.verdict_you
          : network
            ? words.verdict_network
            : same
              ? words.verdict_same
              : words.verdict_neither
    return fill(sentence, this.#nouns())
  }

  #nouns() {
    const { words, game } = this
    /** @param {number} label */
    const bare = (label) => words.nouns[label].split("*")[1]
    return {
      noun: words.nouns[game.labels[game.now]],
      yours: bare(game.answers[game.now]),
      its: bare(game.predicted[game.now]),
    }
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const [target] = event.composedPath()
    if (event.ctrlKey || event.metaKey || event.altKey || !/^[0-9]$/.test(event.key)) return
    if (target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]")) return
    this.#say(Number(event.key))
  }

  /** @param {number} label */
  #say(label) {
    const { game, words } = this
    if (game.answered) return
    game.answers.push(label)
    this.draw()
    const percent = (100 * Math.max(...this.images[game.now].probabilities)).toFixed(0)
    this.#part(".spoken").textContent = fill(words.spoken, { ...this.#nouns(), percent }).replaceAll("*", "")
    this.#part(".next").focus({ preventScroll: true })
  }

  #next() {
    const { game } = this
    if (game.over) {
      this.component.setTriggerValue("more", true)
      return
    }
    game.now += 1
    this.draw()
    this.#part(".answers").focus({ preventScroll: true })
  }
}

/**
 * @param {string} text
 * @param {Record<string, string | number>} values
 */
function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]))
}

/**
 * @param {string} kind
 * @param {string} text
 * @param {string} name
 */
function cell(kind, text, name) {
  return Object.assign(document.createElement(kind), { textContent: text, className: name })
}

const sign = () => cell("td", "", "sign")

/**
 * @param {string} headKind
 * @param {string} head
 * @param {HTMLElement[]} cells
 * @param {string} lastKind
 * @param {string} last
 */
function row(headKind, head, cells, lastKind, last) {
  const found = document.createElement("tr")
  found.append(cell(headKind, head, ""), ...cells, cell(lastKind, last, ""))
  return found
}
