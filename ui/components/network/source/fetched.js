// Content of the API by its address, each fetched once: an address names its content.

const RETRY_MS = 5_000

/** @template T */
export class Fetched {
  /** @param {(bytes: ArrayBuffer) => T} read */
  constructor(read) {
    this.read = read
    /** @type {Map<string, T>} */
    this.values = new Map()
    /** @type {Map<string, Promise<T>>} */
    this.pending = new Map()
  }

  /** Return what is here already, else null. @param {string} address */
  get(address) {
    return this.values.get(address) ?? null
  }

  /** Return the content, from the server the first time. Rejects where it cannot be had. @param {string} address */
  load(address) {
    if (!this.pending.has(address)) {
      const loaded = bytesAt(address).then((bytes) => {
        this.values.set(address, this.read(bytes))
        return this.values.get(address)
      })
      loaded.catch(() => setTimeout(() => this.pending.delete(address), RETRY_MS))
      this.pending.set(address, loaded)
    }
    return this.pending.get(address)
  }
}

/** @param {string} address */
async function bytesAt(address) {
  const response = await fetch(new URL(address, document.baseURI))
  // Under another base path Streamlit sends its page, with status 200.
  const isContent = response.headers.get("Content-Type")?.startsWith("application/octet-stream")
  if (!response.ok || !isContent) throw new Error(`${response.status} for ${address}`)
  return response.arrayBuffer()
}
