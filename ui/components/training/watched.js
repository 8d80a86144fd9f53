// Twenty test images with the present answers, and a sentence on all validation images.

import { fill } from "./numbers.js"

// The sentence can be read before the next one comes.
const REST_MS = 2_000
const SIGNS = { right: "M3 10.5l4.5 4.5L17 5.5", wrong: "M4 4l12 12M16 4L4 16" }

/**
 * @typedef {import("./follower.js").Snapshot} Snapshot
 * @typedef {import("./numbers.js").Numbers} Numbers
 * @typedef {object} Images
 * @property {string | null} sprite all in one row; null without the data set @property {number[]} labels
 * @property {string[]} names of the classes @property {string[]} plurals of the classes
 */

export class Watched {
  /** @param {HTMLElement} root @param {(position: number) => void} open called with an image's position */
  constructor(root, open) {
    this.root = root
    this.open = open
    this.sentence = /** @type {HTMLElement} */ (root.querySelector(".sentence"))
    this.rest = 0
    this.said = ""
  }

  /** @param {Record<string, string>} words @param {Images} images @param {Numbers} numbers */
  write(words, images, numbers) {
    const same = JSON.stringify([words, images]) === JSON.stringify([this.words, this.images])
    this.words = words
    this.images = images
    this.numbers = numbers
    if (same) return
    this.root.querySelector("ol").replaceChildren(...images.labels.map((_, position) => this.#item(position)))
    this.said = ""
  }

  /** @param {number} position */
  #item(position) {
    const { images } = this
    const item = document.createElement("li")
    item.innerHTML = `<button><i></i></button><div class="bar"><i></i></div>
      <p><svg viewBox="0 0 20 20" aria-hidden="true"><path /></svg><span></span></p>`
    const picture = /** @type {HTMLElement} */ (item.querySelector("button i"))
    if (images.sprite) picture.style.backgroundImage = `url(${images.sprite})`
    picture.style.backgroundPositionX = `${(100 * position) / (images.labels.length - 1)}%`
    item.querySelector("button").onclick = () => this.open(position)
    return item
  }

  /** Draw the answers. @param {Snapshot | undefined} snapshot @param {"now" | "replay" | "end"} moment */
  show(snapshot, moment) {
    const { words, images, numbers } = this
    for (const [position, item] of [...this.root.querySelector("ol").children].entries()) {
      const label = images.labels[position]
      const answer = snapshot?.answers[position]
      const right = answer?.[0] === label
      item.className = answer ? (right ? "right" : "wrong") : ""
      const name = answer ? images.names[answer[0]] : ""
      const bar = /** @type {HTMLElement} */ (item.querySelector(".bar i"))
      bar.style.width = `${100 * (answer?.[1] ?? 0)}%`
      item.querySelector("path").setAttribute("d", answer ? SIGNS[right ? "right" : "wrong"] : "")
      item.querySelector("span").textContent = name
      const values = { true: images.names[label], name, confidence: numbers.percent(answer?.[1] ?? 0, 0) }
      const button = item.querySelector("button")
      button.ariaLabel = fill(answer ? (right ? words.right : words.wrong) : words.unseen, values)
      button.title = button.ariaLabel
    }
    this.#say(snapshot, moment)
  }

  /** @param {Snapshot | undefined} snapshot @param {"now" | "replay" | "end"} moment */
  #say(snapshot, moment) {
    const { words, images } = this
    const now = performance.now()
    const key = `${snapshot?.epochs} ${moment}`
    if (key === this.said || (moment === "now" && snapshot && now - this.rest < REST_MS)) return
    this.said = key
    if (!snapshot) return this.sentence.replaceChildren(words.before)
    this.rest = now
    const { right, taken_for, answers } = snapshot
    const best = right.indexOf(Math.max(...right))
    const worst = right.indexOf(Math.min(...right))
    const other = taken_for[worst]
    const values = {
      best: images.plurals[best],
      best_right: Math.round(100 * right[best]),
      worst: images.plurals[worst],
      worst_right: Math.round(100 * right[worst]),
      taken: other === null ? "" : images.plurals[other],
      right: answers.filter(([answer], position) => answer === images.labels[position]).length,
      count: answers.length,
    }
    const text = other === null ? words.all : moment === "end" ? words.end : words.now
    this.sentence.replaceChildren(...emphasized(text, values))
  }
}

/**
 * Return a text with its {places} filled, and the parts between asterisks in bold.
 * @param {string} text @param {Record<string, string | number>} values
 */
function emphasized(text, values) {
  return fill(text, values)
    .split("*")
    .map((part, position) => (position % 2 ? Object.assign(document.createElement("b"), { textContent: part }) : part))
}
