// Occlusion maps from a worker: the newest request counts, those between are left out.

/** @typedef {import("../engine/network.js").Network} Network */
/** @typedef {{ network: Network, image: Float32Array, label: number }} Job */

export class Occluder {
  /** @param {(falls: Float64Array, job: Job) => void} onResult */
  constructor(onResult) {
    this.onResult = onResult
    /** @type {Worker | null} */
    this.worker = null
    /** The one whose weights the worker has. @type {Network | null} */
    this.network = null
    /** @type {Job | null} */
    this.running = null
    /** @type {Job | null} */
    this.next = null
  }

  /** @param {Job} job */
  request(job) {
    this.next = job
    if (!this.running) this.#start()
  }

  close() {
    this.worker?.terminate()
    this.worker = this.running = this.next = this.network = null
  }

  #start() {
    const job = this.next
    this.next = null
    this.running = job
    if (!job) return
    if (!this.worker) {
      this.worker = new Worker(new URL("./occlusion_worker.js", import.meta.url), { type: "module" })
      this.worker.onmessage = ({ data }) => {
        this.onResult(data, this.running)
        this.#start()
      }
    }
    const weights = job.network === this.network ? undefined : job.network.weights
    this.network = job.network
    this.worker.postMessage({ weights, image: job.image, label: job.label })
  }
}
