// The whole occlusion map beside the page: it takes several frames.

import { Network } from "../engine/network.js"
import { occlusion } from "../engine/saliency.js"

/** @type {Network} */
let network = null

/** @param {MessageEvent<{ weights?: import("../engine/network.js").Arrays, image: Float32Array, label: number }>} event */
self.onmessage = ({ data: { weights, image, label } }) => {
  if (weights) network = new Network(weights)
  self.postMessage(occlusion(network, image, label))
}
