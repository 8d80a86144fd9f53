// The layers as the page draws them: their maps, how many stand side by side, and how large.

/**
 * @typedef {"image" | "convolution" | "pooling" | "flatten" | "dense" | "logits"} Kind
 * @typedef {import("./maps.js").Sheet & { name: string, kind: Kind }} LayerSheet
 */

/** @type {LayerSheet[]} */
export const LAYERS = [
  { name: "image", kind: "image", side: 28, maps: 1, columns: 1, scale: 3 },
  { name: "convolution_1", kind: "convolution", side: 26, maps: 32, columns: 4, scale: 1 },
  { name: "pooling_1", kind: "pooling", side: 13, maps: 32, columns: 4, scale: 2 },
  { name: "convolution_2", kind: "convolution", side: 11, maps: 64, columns: 8, scale: 2 },
  { name: "pooling_2", kind: "pooling", side: 5, maps: 64, columns: 8, scale: 4 },
  { name: "convolution_3", kind: "convolution", side: 3, maps: 64, columns: 8, scale: 6 },
  { name: "flatten", kind: "flatten", side: 1, maps: 576, columns: 9, scale: 4, height: 3 },
  { name: "dense_1", kind: "dense", side: 1, maps: 54, columns: 1, scale: 22, height: 4 },
  { name: "logits", kind: "logits", side: 1, maps: 10, columns: 1, scale: 1 },
]
