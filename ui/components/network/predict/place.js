// What the page shows: an image, a network and a view. The address has what differs from the defaults.

/**
 * @typedef {"test" | "train" | "photo" | "draw"} Source
 * @typedef {"layers" | "explanation" | "epochs"} View
 * @typedef {object} Place
 * @property {string} run @property {number | null} epoch null: the newest
 * @property {Source} source @property {number} index @property {string | null} picture greys that the data set lacks
 * @property {View} predict_view @property {string | null} layer the one that is open
 * @property {number | null} explained_class null: the predicted one
 * @typedef {{ defaults: [string, unknown][], fixed: Record<string, string> }} Parameters
 */

/** Return the query of the address, as the server writes it. @param {Place} place @param {Parameters} parameters */
export function queryOf(place, { defaults, fixed }) {
  const values = /** @type {Record<string, unknown>} */ ({ ...place, ...fixed })
  const query = new URLSearchParams()
  for (const [name, usual] of defaults) {
    const value = values[name] ?? null
    if (value !== usual) query.append(name, String(value))
  }
  return query.size ? `?${query}` : ""
}

/** Return an image as the address has it: zlib, then base64 for URLs. @param {Uint8ClampedArray} image */
export async function pictureText(image) {
  const stream = new Blob([image.slice()]).stream().pipeThrough(new CompressionStream("deflate"))
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer())
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "")
}
