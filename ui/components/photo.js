// Takes a picture by choice, by drop or by paste, and sends it small: a telephone's photograph has thousands of pixels a
// side, and the network twenty-eight. What the browser can show it can also send.
const QUALITY = 0.92

const takers = new WeakMap()

export default function ({ data, parentElement, setTriggerValue }) {
  if (!takers.has(parentElement)) takers.set(parentElement, new Taker(parentElement))
  const taker = takers.get(parentElement)
  taker.send = (photo) => setTriggerValue("photo", photo)
  taker.update(data)
  return () => {
    taker.close()
    takers.delete(parentElement)
  }
}

class Taker {
  constructor(root) {
    this.part = (name) => root.querySelector(name)
    this.photos = new Map() // what was sent, by the picture that the network sees of it
    const input = this.part("input")
    input.onchange = () => {
      this.take(input.files[0])
      input.value = "" // the same file again is a choice, too
    }
    const zone = this.part(".zone")
    zone.ondragover = () => zone.classList.add("over")
    zone.ondragleave = zone.ondrop = () => zone.classList.remove("over")
    this.paste = (event) => this.take([...event.clipboardData.files][0])
    document.addEventListener("paste", this.paste)
  }

  close() {
    document.removeEventListener("paste", this.paste)
  }

  async take(file) {
    if (!file) return
    this.part(".trouble").textContent = ""
    try {
      this.sent = await shrunk(file, this.data.side)
    } catch {
      this.part(".trouble").textContent = this.data.unreadable
      return
    }
    this.send(this.sent)
  }

  update(data) {
    // The answer to what was sent; where it was refused, the picture is still the last one.
    if (this.sent && data.picture !== this.data.picture) this.photos.set(data.picture, this.sent)
    this.sent = null
    this.data = data
    const choose = this.part(".choose")
    choose.textContent = data.picture ? data.another : data.choose
    choose.classList.toggle("first", !data.picture)
    this.part(".ways").textContent = data.ways
    const photo = this.part(".photo")
    photo.hidden = !this.photos.has(data.picture)
    if (!photo.hidden) photo.src = this.photos.get(data.picture)
    photo.alt = data.yours
  }
}

async function shrunk(file, side) {
  const picture = await createImageBitmap(file)
  const scale = Math.min(1, side / Math.max(picture.width, picture.height))
  const canvas = document.createElement("canvas")
  canvas.width = Math.max(1, Math.round(picture.width * scale))
  canvas.height = Math.max(1, Math.round(picture.height * scale))
  const context = canvas.getContext("2d")
  context.imageSmoothingQuality = "high"
  context.fillStyle = "white" // where it is transparent
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(picture, 0, 0, canvas.width, canvas.height)
  return canvas.toDataURL("image/jpeg", QUALITY)
}
