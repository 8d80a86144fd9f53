// Weights from a safetensors file: the length of a JSON header, the header, float32 arrays one after the other.

/** Return the arrays of a file by their names. @param {ArrayBuffer} file @returns {Record<string, Float32Array>} */
export function readSafetensors(file) {
  const length = Number(new DataView(file).getBigUint64(0, true))
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(file, 8, length)))
  delete header.__metadata__
  return Object.fromEntries(
    Object.entries(header).map(
      ([
        name,
        {
          data_offsets: [from, to],
        },
      ]) => [name, new Float32Array(file.slice(8 + length + from, 8 + length + to))],
    ),
  )
}
