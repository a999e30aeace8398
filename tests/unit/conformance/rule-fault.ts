import type { Fault } from './breaking-proxy.ts'
import type { ModelOptions } from './model-origin.ts'

/** A fault, and the checks that must fail because of it: more than one where no fault can break one rule alone. */
export interface RuleFault {
  readonly breaks: readonly string[]
  readonly fault?: Fault
  readonly options?: Partial<ModelOptions>
  readonly redirect?: (url: URL) => URL
}

export type RuleFaults = Readonly<Record<string, RuleFault>>
