// The nine nearest training images, which the server finds among 60,000; each opens.

const PIXELS = 28 ** 2

/**
 * @typedef {{ images: string, indices: number[], captions: string[], descriptions: string[], sentence: string }} Similar
 */

export class SimilarImages {
  /** @param {HTMLElement} root @param {(index: number) => void} open a training image */
  constructor(root, open) {
    this.root = root
    this.open = open
  }

  /** @param {Similar | null} similar @param {Record<string, string>} words */
  update(similar, words) {
    this.root.querySelector("b").textContent = words.similar
    this.root.querySelector("small").textContent = similar?.sentence ?? words.similar_later
    const bytes = similar ? Uint8Array.from(atob(similar.images), (each) => each.charCodeAt(0)) : new Uint8Array(0)
    this.root.querySelector(".nine").replaceChildren(
      ...(similar?.indices ?? []).map((index, position) => {
        const button = document.createElement("button")
        const [canvas, caption] = [document.createElement("canvas"), document.createElement("span")]
        paint(canvas, bytes.subarray(PIXELS * position, PIXELS * (position + 1)))
        caption.textContent = similar.captions[position]
        button.title = similar.descriptions[position]
        button.setAttribute("aria-label", button.title)
        button.append(canvas, caption)
        button.onclick = () => this.open(index)
        return button
      }),
    )
  }
}

/** @param {HTMLCanvasElement} canvas @param {Uint8Array} greys */
function paint(canvas, greys) {
  canvas.width = canvas.height = 28
  const context = canvas.getContext("2d")
  const screen = context.createImageData(28, 28)
  new Uint32Array(screen.data.buffer).set(Array.from(greys, (grey) => 0xff000000 + grey * 0x010101))
  context.putImageData(screen, 0, 0)
}
