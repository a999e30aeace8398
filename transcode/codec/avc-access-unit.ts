const idrNalType = 5

/**
 * Whether an access unit of length-prefixed NAL units (ISO/IEC 14496-15 5.3.2) holds an IDR picture, the only kind of
 * keyframe after which nothing earlier is referred to. Reads only the NAL headers; broken lengths end the search.
 */
export function hasIdr(accessUnit: Uint8Array, nalLengthSize: 1 | 2 | 4): boolean {
  let at = 0
  while (at + nalLengthSize < accessUnit.length) {
    let length = 0
    for (let i = 0; i < nalLengthSize; i += 1) length = length * 256 + (accessUnit[at + i] ?? 0)
    if (((accessUnit[at + nalLengthSize] ?? 0) & 0x1f) === idrNalType && length > 0) return true
    at += nalLengthSize + length
  }
  return false
}
