// Values as colors over a dimmed image: 1 is the brightest orange, -1 the brightest blue, and 0 adds nothing.

const SIDE = 28
// From the weakest value to the strongest: lightness shows the order without colors, too.
const ORANGE = [
  [110, 45, 0],
  [213, 94, 0],
  [255, 176, 64],
  [255, 244, 190],
]
const BLUE = [
  [0, 45, 90],
  [0, 114, 178],
  [86, 180, 233],
  [214, 240, 255],
]
const DIMMED = 0.45
const OPACITY = 0.85

export class HeatMap {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    canvas.width = canvas.height = SIDE
    this.context = canvas.getContext("2d")
    this.screen = this.context.createImageData(SIDE, SIDE)
  }

  /** @param {ArrayLike<number>} greys of the image @param {ArrayLike<number>} values of its pixels, -1 to 1 */
  paint(greys, values) {
    const { data } = this.screen
    for (let index = 0; index < SIDE ** 2; index++) {
      const strength = Math.min(Math.abs(values[index]), 1)
      const share = OPACITY * Math.min(2 * strength, 1)
      const colors = values[index] > 0 ? ORANGE : BLUE
      const place = Math.min(Math.floor(3 * strength), 2)
      const rest = 3 * strength - place
      for (let channel = 0; channel < 3; channel++) {
        const color = colors[place][channel] * (1 - rest) + colors[place + 1][channel] * rest
        data[4 * index + channel] = greys[index] * DIMMED * (1 - share) + color * share
      }
      data[4 * index + 3] = 255
    }
    this.context.putImageData(this.screen, 0, 0)
  }
}
