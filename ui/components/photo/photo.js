// The input of a file by dialog, drop or paste. A small file is sent as it is: the page and the command line read the
// same bytes. A phone's photograph has thousands of pixels a side, and is scaled down first.

// The formats that the server reads, by their first bytes; a file's name may differ.
const FORMATS = /^(\x89PNG|\xff\xd8\xff|GIF8|BM|RIFF....WEBP)/s

const DRAGS = /** @type {const} */ (["dragover", "drop"])

/**
 * The server's result for the file of a number: the network's input, null for a file without a picture.
 * @typedef {{ number: number | null, picture: string | null }} Result
 *
 * @typedef {{ size: number, pixels: number, side: number }} Limits bytes, and pixels in all and of a side
 *
 * @typedef {{
 *   picture: string | null, result: Result, limits: Limits, choose: string, another: string, ways: string,
 *   yours: string,
 * }} Data
 */

/** @type {WeakMap<ShadowRoot, PhotoInput>} */
const inputs = new WeakMap()
let newest = 0 // the number of the last file, across remounts, too

/** @param {Component<Data>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  if (!inputs.has(parentElement)) inputs.set(parentElement, new PhotoInput(parentElement))
  const input = inputs.get(parentElement)
  input.send = (choice) => setTriggerValue("photo", choice)
  input.update(data)
  return () => {
    input.close()
    inputs.delete(parentElement)
  }
}

class PhotoInput {
  /** @param {ShadowRoot} root */
  constructor(root) {
    /** @type {(selector: string) => HTMLElement} */
    this.part = (selector) => root.querySelector(selector)
    /** @type {Map<number, string | null>} */
    this.sent = new Map() // photographs, by the number of the choice
    /** @type {Map<string, string | null>} */
    this.photos = new Map() // photographs, by the network's input that was made of them
    /** @type {(choice: { number: number, name: string, photo: string | null }) => void} */
    this.send = () => {}
    const input = root.querySelector("input")
    input.onchange = () => {
      this.take(input.files[0])
      input.value = "" // the same file can be chosen again
    }
    /** @type {HTMLImageElement} */
    this.image = root.querySelector(".photo")
    const zone = this.part(".zone")
    zone.ondragover = () => zone.classList.add("over")
    zone.ondragleave = zone.ondrop = () => zone.classList.remove("over")
    /** @param {ClipboardEvent} event */
    this.paste = (event) => this.take([...event.clipboardData.files][0])
    document.addEventListener("paste", this.paste)
    // The browser would replace the page by a file that is dropped beside the zone.
    /** @param {DragEvent} event */
    this.stay = (event) => {
      if (event.dataTransfer?.types.includes("Files") && !event.composedPath().includes(input)) event.preventDefault()
    }
    for (const kind of DRAGS) document.addEventListener(kind, this.stay)
  }

  close() {
    document.removeEventListener("paste", this.paste)
    for (const kind of DRAGS) document.removeEventListener(kind, this.stay)
  }

  /** @param {File | undefined} file */
  async take(file) {
    if (!file) return
    const number = Math.max(Date.now(), newest + 1)
    newest = number
    const photo = await contentOf(file, this.data.limits).catch(/** @returns {null} */ () => null)
    if (number !== newest) return // a later, smaller file was ready before this one
    this.sent.set(number, photo)
    this.send({ number, name: file.name, photo })
  }

  /** @param {Data} data */
  update(data) {
    this.data = data
    const { number, picture } = data.result // results arrive in the order of the files
    if (picture && this.sent.has(number)) this.photos.set(picture, this.sent.get(number))
    for (const each of [...this.sent.keys()]) if (each <= number) this.sent.delete(each)
    const choose = this.part(".choose")
    choose.textContent = data.picture ? data.another : data.choose
    choose.classList.toggle("first", !data.picture)
    this.part(".ways").textContent = data.ways
    this.part(".zone").inert = false // it has its labels now
    const photo = this.image
    photo.hidden = !this.photos.has(data.picture)
    if (!photo.hidden) photo.src = this.photos.get(data.picture)
    photo.alt = data.yours
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
