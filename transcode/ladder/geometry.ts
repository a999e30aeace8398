export interface Size {
  readonly width: number
  readonly height: number
}

/** A picture as it is shown: coded size and the shape of its pixels. */
export interface Picture extends Size {
  readonly sar: { readonly num: number; readonly den: number }
}

/** With square pixels; the larger side is stretched, so that nothing is lost. */
export function squarePixelSize({ width, height, sar }: Picture): Size {
  const ratio = sar.num / sar.den
  if (!(ratio > 0) || ratio === 1) return { width, height }
  return ratio > 1 ? { width: width * ratio, height } : { width, height: height / ratio }
}

export function shortSideOf(picture: Picture): number {
  const { width, height } = squarePixelSize(picture)
  return Math.min(width, height)
}

/** The picture with square pixels and even sides, its shorter side at most `shortSide`; never larger than it was. */
export function boundedSize(picture: Picture, shortSide: number): Size {
  const shown = squarePixelSize(picture)
  const scale = Math.min(1, shortSide / Math.min(shown.width, shown.height))
  // At full size an odd side is cut, otherwise it is rounded to the nearest even one.
  const even = (side: number) => Math.max(2, 2 * (scale === 1 ? Math.floor(side / 2) : Math.round((side * scale) / 2)))
  return { width: even(shown.width), height: even(shown.height) }
}
