import type { Config } from '../core/config.ts'
import type { Operations } from '../operations/operations.ts'

/** What a command may use. `operations` opens the catalogue at its first use, so that `--help` and `doctor` need none. */
export interface CliContext {
  readonly config: Config
  operations(): Promise<Operations>
}
