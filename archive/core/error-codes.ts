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
  CAPTIONS_INVALID: fixed(
    'The captions file cannot be read.',
    'Correct the line named, or export the captions again as WebVTT or SubRip.',
  ),
  SEARCH_INDEX_MISSING: passing(
    'There is no search index yet.',
    'Start the worker: it builds the index from the catalogue.',
  ),
  SEARCH_INDEX_CORRUPT: passing(
    'The search index is damaged.',
    'Restart the worker: it builds the index again from the catalogue.',
  ),
  SPEECH_MODEL_INCOMPLETE: fixed(
    'A file of the speech model is missing.',
    'Put the files named into the folder of HEMICYCLE_SPEECH_MODEL, or leave the setting out.',
  ),
  SPEECH_ENGINE_UNAVAILABLE: fixed(
    'The speech engine cannot be loaded on this machine.',
    'Install the optional package of sherpa-onnx for this platform, or leave HEMICYCLE_SPEECH_MODEL out.',
  ),
  SPEECH_MODEL_UNUSABLE: fixed(
    'The speech model cannot be loaded.',
    'Compare the files of HEMICYCLE_SPEECH_MODEL with their published checksums and copy them again.',
  ),
  SPEECH_ENGINE_CRASHED: passing(
    'The speech engine ended in the middle of its work.',
    'It is started again by itself; if this recurs, free some memory or choose a smaller model.',
  ),
  UPLOAD_MISMATCH: passing(
    'The store does not hold the bytes that were sent to it.',
    'The upload is tried again; if this recurs, check the disk and memory of the store.',
  ),
  SPOOL_DAMAGED: fixed(
    'A segment in the spool differs from its journal.',
    'Keep the spool folder, check the disk, and look in the log for the segment named.',
  ),
} as const satisfies Record<string, ErrorFacts>

export type ErrorCode = keyof typeof errorCodes
