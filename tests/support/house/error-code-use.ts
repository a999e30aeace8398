import { isProduct, type Source } from './source.ts'

const declaration = /^archive\/core\/(error-codes\.ts|ERRORS\.md)$/

/** Codes that nothing in the product answers with. */
export function unusedErrorCodes(codes: readonly string[], sources: readonly Source[]): readonly string[] {
  const texts = sources.filter(({ path }) => isProduct(path) && !declaration.test(path)).map(({ text }) => text)
  return codes.filter((code) => !texts.some((text) => new RegExp(`['"\`]${code}['"\`]`).test(text)))
}
