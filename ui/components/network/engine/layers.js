// Convolution, max pooling and dense layer on flat Float32Arrays: maps row by row, the channels of a place together, as
// Keras and the store keep them.

export const KERNEL = 3
export const POOL = 2
// Filters at a time: as many sums as a loop can keep in registers.
const BLOCK = 8

/** @typedef {{ rows: [number, number], columns: [number, number] }} Region From the first to before the last. */
/** @typedef {{ side: number, channels: number }} Shape Of a square stack of maps. */

const values = new Float64Array(KERNEL * KERNEL * 64)
const offsets = new Int32Array(KERNEL * KERNEL * 64)

/**
 * Convolve without padding, add the bias and apply ReLU, in a region of the output.
 * Half to three quarters of all inputs are 0: the others of a window are gathered once for all filters.
 * @param {Float32Array} input @param {Shape} shape
 * @param {Float32Array} kernel (3, 3, channels, filters) @param {Float32Array} bias (filters)
 * @param {Float32Array} output @param {Region} region
 */
export function convolve(input, { side, channels }, kernel, bias, output, { rows, columns }) {
  const filters = bias.length
  const outputSide = side - KERNEL + 1
  for (let row = rows[0]; row < rows[1]; row++) {
    for (let column = columns[0]; column < columns[1]; column++) {
      const count = gather(input, side, channels, row, column, filters)
      const place = (row * outputSide + column) * filters
      for (let first = 0; first < filters; first += BLOCK) {
        let s0 = bias[first]
        let s1 = bias[first + 1]
        let s2 = bias[first + 2]
        let s3 = bias[first + 3]
        let s4 = bias[first + 4]
        let s5 = bias[first + 5]
        let s6 = bias[first + 6]
        let s7 = bias[first + 7]
        for (let index = 0; index < count; index++) {
          const value = values[index]
          const at = offsets[index] + first
          s0 += value * kernel[at]
          s1 += value * kernel[at + 1]
          s2 += value * kernel[at + 2]
          s3 += value * kernel[at + 3]
          s4 += value * kernel[at + 4]
          s5 += value * kernel[at + 5]
          s6 += value * kernel[at + 6]
          s7 += value * kernel[at + 7]
        }
        const to = place + first
        output[to] = Math.max(s0, 0)
        output[to + 1] = Math.max(s1, 0)
        output[to + 2] = Math.max(s2, 0)
        output[to + 3] = Math.max(s3, 0)
        output[to + 4] = Math.max(s4, 0)
        output[to + 5] = Math.max(s5, 0)
        output[to + 6] = Math.max(s6, 0)
        output[to + 7] = Math.max(s7, 0)
      }
    }
  }
}

/**
 * Collect the inputs of a window that are not 0, and where their weights begin; return their number.
 * @param {Float32Array} input @param {number} side @param {number} channels
 * @param {number} row @param {number} column @param {number} filters
 */
function gather(input, side, channels, row, column, filters) {
  let count = 0
  for (let y = 0; y < KERNEL; y++) {
    const from = ((row + y) * side + column) * channels
    const weights = y * KERNEL * channels * filters
    for (let index = 0; index < KERNEL * channels; index++) {
      const value = input[from + index]
      if (value !== 0) {
        values[count] = value
        offsets[count++] = weights + index * filters
      }
    }
  }
  return count
}

/**
 * Take the largest of each 2 × 2 places, in a region of the output.
 * @param {Float32Array} input @param {Shape} shape @param {Float32Array} output @param {Region} region
 */
export function pool(input, { side, channels }, output, { rows, columns }) {
  const outputSide = Math.floor(side / POOL)
  const below = side * channels
  for (let row = rows[0]; row < rows[1]; row++) {
    for (let column = columns[0]; column < columns[1]; column++) {
      let from = (row * POOL * side + column * POOL) * channels
      let to = (row * outputSide + column) * channels
      for (let channel = 0; channel < channels; channel++, from++, to++) {
        const upper = Math.max(input[from], input[from + channels])
        output[to] = Math.max(upper, input[from + below], input[from + below + channels])
      }
    }
  }
}

/**
 * Multiply by a matrix and add the bias.
 * @param {Float32Array} input @param {Float32Array} kernel (inputs, units) @param {Float32Array} bias (units)
 * @param {Float32Array} output @param {boolean} relu
 */
export function dense(input, kernel, bias, output, relu) {
  const units = bias.length
  const sums = Float64Array.from(bias)
  for (let index = 0; index < input.length; index++) {
    const value = input[index]
    if (value === 0) continue
    const weights = index * units
    for (let unit = 0; unit < units; unit++) sums[unit] += value * kernel[weights + unit]
  }
  for (let unit = 0; unit < units; unit++) output[unit] = relu ? Math.max(sums[unit], 0) : sums[unit]
}
