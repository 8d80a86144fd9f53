// Numbers and durations in the format of the page's language.

/** Return a text with its {places} filled. @param {string} text @param {Record<string, string | number>} values */
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]))

export class Numbers {
  /** @param {string} locale @param {Record<string, string>} units texts with {seconds}, {minutes}, {hours} */
  constructor(locale, units) {
    this.locale = locale
    this.units = units
  }

  /** @param {number} value @param {number} [digits] decimals */
  number(value, digits = 0) {
    return value.toLocaleString(this.locale, { minimumFractionDigits: digits, maximumFractionDigits: digits })
  }

  /** @param {number} fraction @param {number} [digits] decimals */
  percent(fraction, digits = 1) {
    return `${this.number(100 * fraction, digits)}%`
  }

  /** Return a duration in words, from two minutes on in whole minutes. @param {number} seconds */
  duration(seconds) {
    const whole = Math.round(seconds)
    const minutes = Math.round(whole / 60)
    if (whole < 60) return fill(this.units.seconds, { seconds: whole })
    if (whole < 120) return fill(this.units.minute, { minutes: 1, seconds: whole - 60 })
    if (minutes < 60) return fill(this.units.minutes, { minutes })
    return fill(this.units.hours, { hours: Math.floor(minutes / 60), minutes: minutes % 60 })
  }
}
