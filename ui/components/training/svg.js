// Elements of an SVG.

/**
 * @param {string} name @param {Record<string, string | number>} attributes
 * @param {string} [text]
 */
export function node(name, attributes, text = "") {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value))
  made.textContent = text
  return made
}
