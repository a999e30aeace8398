/** Mono 16-bit PCM. */
export interface Wave {
  readonly sampleRate: number
  readonly samples: Int16Array
}

/** Reads a mono 16-bit RIFF WAVE file, as espeak-ng writes it. Null when it is anything else. */
export function readWave(bytes: Buffer): Wave | null {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WAVE') return null
  let at = 12
  let sampleRate = 0
  while (at + 8 <= bytes.length) {
    const kind = bytes.toString('latin1', at, at + 4)
    const start = at + 8
    const size = bytes.readUInt32LE(at + 4)
    if (kind === 'fmt ') {
      if (bytes.readUInt16LE(start + 2) !== 1 || bytes.readUInt16LE(start + 14) !== 16) return null
      sampleRate = bytes.readUInt32LE(start + 4)
    }
    if (kind === 'data') {
      // A streamed file announces more than it has.
      const data = bytes.subarray(start, Math.min(start + size, bytes.length))
      const samples = new Int16Array(Math.floor(data.length / 2))
      for (let index = 0; index < samples.length; index += 1) samples[index] = data.readInt16LE(index * 2)
      return sampleRate > 0 ? { sampleRate, samples } : null
    }
    at = start + size + (size % 2)
  }
  return null
}

export function writeWave({ sampleRate, samples }: Wave): Buffer {
  const data = Buffer.alloc(samples.length * 2)
  for (const [index, sample] of samples.entries()) data.writeInt16LE(sample, index * 2)
  const header = Buffer.alloc(44)
  header.write('RIFF', 0, 'latin1')
  header.writeUInt32LE(36 + data.length, 4)
  header.write('WAVEfmt ', 8, 'latin1')
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(sampleRate, 24)
  header.writeUInt32LE(sampleRate * 2, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36, 'latin1')
  header.writeUInt32LE(data.length, 40)
  return Buffer.concat([header, data])
}
