// The input of a file by dialog, drop or paste. A small file is sent as it is: the page and the command line read the
// same bytes. A phone's photograph has thousands of pixels a side, and is scaled down first.

// The formats that the server reads, by their first bytes; a file's name may differ.
const FORMATS = /^(\x89PNG|\xff\xd8\xff|GIF8|BM|RIFF....WEBP)/s

const DRAGS = /** @type {const} */ (["dragover", "drop"])

/**
 * The server's result for the file of a number: the network's input, null for a file without a picture.
 * @typedef {{ number: number | null, picture: string | null }} Result
 * @typedef {{ size: number, pixels: number, side: number }} Limits bytes, and pixels in all and of a side
 * @typedef {{ result: Result, limits: Limits, error: string | null }} Photo
 * @typedef {{ number: number, name: string, photo: string | null }} Choice
 */

/** Photographs by the network's input that was made of them. @type {Map<string, string | null>} */
const photos = new Map()
let newest = 0 // the number of the last file

export class PhotoInput {
  /** @param {HTMLElement} zone @param {(choice: Choice) => void} send */
  constructor(zone, send) {
    this.zone = zone
    this.send = send
    /** @type {(selector: string) => HTMLElement} */
    this.part = (selector) => zone.querySelector(selector)
    /** @type {Map<number, string | null>} */
    this.sent = new Map() // photographs, by the number of the choice
    const input = zone.querySelector("input")
    this.input = input
    input.onchange = () => this.#takeChosen()
    /** @type {HTMLImageElement} */
    this.image = zone.querySelector(".photo")
    zone.ondragover = () => zone.classList.add("over")
    zone.ondragleave = zone.ondrop = () => zone.classList.remove("over")
    /** @type {AbortController | null} */
    this.listeners = null
  }

  open() {
    if (this.listeners) return
    this.listeners = new AbortController()
    const { signal } = this.listeners
    const paste = (/** @type {ClipboardEvent} */ event) => {
      if (!this.zone.hidden) this.take([...event.clipboardData.files][0])
    }
    document.addEventListener("paste", paste, { signal })
    // The browser would replace the page by a file that is dropped beside the zone.
    /** @param {DragEvent} event */
    const stay = (event) => {
      const inside = event.composedPath().includes(this.input)
      if (event.dataTransfer?.types.includes("Files") && !inside) event.preventDefault()
    }
    for (const kind of DRAGS) document.addEventListener(kind, stay, { signal })
  }

  close() {
    this.listeners?.abort()
    this.listeners = null
  }

  #takeChosen() {
    this.take(this.input.files[0])
    this.input.value = "" // the same file can be chosen again
  }

  /** @param {File | undefined} file */
  async take(file) {
    if (!file) return
    const number = Math.max(Date.now(), newest + 1)
    newest = number
    const photo = await contentOf(file, this.limits).catch(/** @returns {null} */ () => null)
    if (number !== newest) return // a later, smaller file was ready before this one
    this.sent.set(number, photo)
    this.send({ number, name: file.name, photo })
  }

  /** @param {Photo} photo @param {string | null} picture that is shown @param {Record<string, string>} words */
  update({ result, limits, error }, picture, words) {
    this.limits = limits
    if (this.input.files.length) this.#takeChosen() // while the script was being loaded
    const { number } = result // results arrive in the order of the files
    if (result.picture && this.sent.has(number)) photos.set(result.picture, this.sent.get(number))
    for (const each of [...this.sent.keys()]) if (each <= number) this.sent.delete(each)
    const choose = this.part(".choose")
    choose.textContent = picture ? words.another : words.choose
    this.part(".ways").textContent = words.ways
    this.part(".advice").textContent = words.advice
    this.part(".error").textContent = error ?? ""
    this.image.hidden = !photos.has(picture)
    if (!this.image.hidden) this.image.src = photos.get(picture)
    this.image.alt = words.yours
  }
}

// A file as a data URL: unchanged where the server reads it, else scaled down; null where the browser cannot read it.
/**
 * @param {File} file
 * @param {Limits} limits
 */
async function contentOf(file, { size, pixels, side }) {
  const image = await createImageBitmap(file).catch(/** @returns {null} */ () => null)
  const small = file.size <= size && (!image || (image.width * image.height <= pixels && (await isKnown(file))))
  const content = small ? await unchanged(file) : image && shrunk(image, side)
  image?.close()
  return content
}

/** @param {File} file */
async function isKnown(file) {
  return FORMATS.test(String.fromCharCode(...new Uint8Array(await file.slice(0, 12).arrayBuffer())))
}

/**
 * @param {File} file
 * @returns {Promise<string>}
 */
function unchanged(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = reject
    reader.readAsDataURL(file)
  })
}

/**
 * @param {ImageBitmap} image
 * @param {number} side
 */
function shrunk(image, side) {
  const scale = Math.min(1, side / Math.max(image.width, image.height))
  const canvas = document.createElement("canvas")
  canvas.width = Math.max(1, Math.round(image.width * scale))
  canvas.height = Math.max(1, Math.round(image.height * scale))
  const context = canvas.getContext("2d")
  context.imageSmoothingQuality = "high"
  context.drawImage(image, 0, 0, canvas.width, canvas.height)
  return canvas.toDataURL("image/png") // keeps transparent pixels
}
