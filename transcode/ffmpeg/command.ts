export type ProgramName = 'ffmpeg' | 'ffprobe' | 'espeak-ng'

export interface Command {
  readonly file: string
  readonly args: readonly string[]
}

/** The user and group `nobody` of Debian. */
const nobody = '65534'

/**
 * The command line of a program that touches foreign media: as root it runs as nobody, without groups and without a
 * way back (setpriv replaces itself by the program, so the process id is the program's own).
 */
export function commandOf(program: ProgramName, args: readonly string[], isRoot = runsAsRoot()): Command {
  if (!isRoot) return { file: program, args }
  return {
    file: 'setpriv',
    args: [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--no-new-privs', program, ...args],
  }
}

function runsAsRoot(): boolean {
  return process.getuid?.() === 0
}
