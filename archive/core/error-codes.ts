interface ErrorFacts {
  /** One sentence: what is wrong. */
  readonly summary: string
  /** One sentence: what to do. */
  readonly hint: string
  /** Whether the same attempt may succeed later without anybody changing anything. */
  readonly retryable: boolean
}

const fixed = (summary: string, hint: string): ErrorFacts => ({ summary, hint, retryable: false })
const passing = (summary: string, hint: string): ErrorFacts => ({ summary, hint, retryable: true })

/** Every code the product can answer with. A code is permanent: it may be added, never renamed or given another meaning. */
export const errorCodes = {
  INTERNAL: fixed(
    'Something went wrong inside Hemicycle.',
    'Look in the log for the entry with this code and report it.',
  ),
  SETTINGS_INVALID: fixed('The settings cannot be used.', 'Correct each setting listed and start again.'),
  NOT_FOUND: fixed('There is nothing at this address.', 'Check the spelling of the slug or address.'),
  USAGE: fixed('The command was not understood.', 'Run it again with --help to see what it takes.'),
  AGENDA_INVALID: fixed('The agenda file cannot be read.', 'Give one item a line ("3.1 Title"), or CSV with the columns number and title.'),
  LIVE_UNREACHABLE: passing(
    'The live process does not answer.',
    'Check that the product is running; the command was kept in the catalogue.',
  ),
} as const satisfies Record<string, ErrorFacts>

export type ErrorCode = keyof typeof errorCodes
