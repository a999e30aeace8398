/** Little-endian 32-bit floats out of bytes that were cut anywhere; a rest of less than a sample is dropped. */
export async function* pcmSamples(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Float32Array> {
  let rest: Uint8Array = new Uint8Array()
  for await (const chunk of chunks) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    const whole = bytes.length - (bytes.length % 4)
    // A copy: a float array must begin at a multiple of four in its buffer.
    if (whole > 0) yield new Float32Array(Uint8Array.from(bytes.subarray(0, whole)).buffer)
    rest = bytes.subarray(whole)
  }
}
