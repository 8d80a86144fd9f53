// Coarse maps on the pixels of the image.

import { SIDE } from "./network.js"

// The pixels, rows as columns, that the places of a map stand for.
export const GRAD_CAM_CENTERS = [8.5, 12.5, 16.5]
export const OCCLUSION_CENTERS = Array.from({ length: SIDE / 2 }, (_, index) => 2 * index + 0.5)

/**
 * Return a square map on the pixels of the image: bilinear, constant outside the centers.
 * @param {Float64Array} values @param {number[]} centers
 */
export function upsample(values, centers) {
  const count = centers.length
  const shares = Array.from({ length: SIDE }, (_, pixel) => {
    const after = centers.findIndex((center) => center >= pixel)
    if (after === 0) return [0, 0, 0]
    if (after < 0) return [count - 1, count - 1, 0]
    const share = (pixel - centers[after - 1]) / (centers[after] - centers[after - 1])
    return [after - 1, after, share]
  })
  return Float64Array.from({ length: SIDE ** 2 }, (_, index) => {
    const [top, bottom, down] = shares[Math.floor(index / SIDE)]
    const [left, right, across] = shares[index % SIDE]
    const upper = values[top * count + left] * (1 - across) + values[top * count + right] * across
    const lower = values[bottom * count + left] * (1 - across) + values[bottom * count + right] * across
    return upper * (1 - down) + lower * down
  })
}
