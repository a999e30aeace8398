import { type ErrorCode, errorCodes } from './error-codes.ts'

export interface ErrorDetail {
  /** What exactly was wrong here, one sentence; the code's summary when absent. */
  readonly message?: string
  /** What to do about it; the code's own hint when absent. */
  readonly hint?: string
  readonly cause?: unknown
}

/** What is told to people and scripts of an error: never a stack, never a secret. */
export interface ErrorReport {
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string
}

/** An error with a permanent code, a sentence on what to do, and whether it may heal by itself. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly hint: string
  readonly retryable: boolean

  constructor(code: ErrorCode, detail: ErrorDetail = {}) {
    super(detail.message ?? errorCodes[code].summary, { cause: detail.cause })
    this.name = 'AppError'
    this.code = code
    this.hint = detail.hint ?? errorCodes[code].hint
    this.retryable = errorCodes[code].retryable
  }
}

/** Any thrown thing as a report; what is not an AppError becomes INTERNAL, its text kept for the log alone. */
export function reportOf(error: unknown): ErrorReport {
  if (error instanceof AppError) return { code: error.code, message: error.message, hint: error.hint }
  return { code: 'INTERNAL', message: errorCodes.INTERNAL.summary, hint: errorCodes.INTERNAL.hint }
}

/** An expected refusal, returned rather than thrown. */
export type Refusal = { readonly ok: false } & ErrorReport
export type Outcome<T> = { readonly ok: true; readonly value: T } | Refusal

export function refuse(code: ErrorCode, detail: Omit<ErrorDetail, 'cause'> = {}): Refusal {
  return {
    ok: false,
    code,
    message: detail.message ?? errorCodes[code].summary,
    hint: detail.hint ?? errorCodes[code].hint,
  }
}
