/**
 * The texts of the page in the tab's language; those in braces are filled.
 * @typedef {object} Words
 * @property {string[]} names of the classes
 * @property {string} title @property {string} pad
 * @property {Record<string, string>} tools @property {Record<string, string>} controls
 * @property {Record<string, string>} views @property {Record<string, string>} layers @property {Record<string, string>} sizes
 * @property {Record<string, string>} notes @property {Record<string, string>} verdict
 * @property {Record<string, string>} photo @property {Record<string, string>} why
 * @property {Record<string, string>} history @property {Record<string, string>} opened
 */

/** Return a text with its {places} filled. @param {string} text @param {Record<string, string | number>} values */
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]))

/** Return a whole number with its thousands separated, as in both languages. @param {number} value */
export const grouped = (value) => value.toLocaleString("en")
