/** Boxes of ISO/IEC 14496-12 4.2: big-endian, built from their parts. */
export function box(type: string, ...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([u32(8 + parts.reduce((sum, part) => sum + part.length, 0)), text(type), ...parts])
}

export function fullBox(type: string, head: { version: number; flags: number }, ...parts: Uint8Array[]): Uint8Array {
  return box(type, u32(head.version * 0x1000000 + head.flags), ...parts)
}

export function u8(...values: number[]): Uint8Array {
  return Uint8Array.from(values)
}

export function u16(...values: number[]): Uint8Array {
  const bytes = Buffer.allocUnsafe(values.length * 2)
  values.forEach((value, index) => {
    bytes.writeUInt16BE(value, index * 2)
  })
  return bytes
}

export function u32(...values: number[]): Uint8Array {
  const bytes = Buffer.allocUnsafe(values.length * 4)
  values.forEach((value, index) => {
    bytes.writeUInt32BE(value, index * 4)
  })
  return bytes
}

/** A whole number up to 2^53, in 64 bits. */
export function u64(value: number): Uint8Array {
  return u32(Math.floor(value / 2 ** 32), value % 2 ** 32)
}

export function zeros(count: number): Uint8Array {
  return new Uint8Array(count)
}

export function text(value: string): Uint8Array {
  return Buffer.from(value, 'latin1')
}
