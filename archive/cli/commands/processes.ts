import type { Answer, CliCommand } from '../command.ts'
import type { CliContext } from '../context.ts'
import type { Finding } from '../doctor.ts'
import { flag, number, text } from './options.ts'

/** What runs until it is told to stop, and what looks at the machine; the composition root knows how. */
export interface ProcessDeps {
  readonly start: (json: boolean) => Promise<void>
  readonly dev: () => Promise<void>
  readonly demo: (options: { minutes: number; input: string | null; exit: boolean }) => Promise<Answer>
  readonly doctor: () => Promise<Finding[]>
}

export function processCommands(deps: ProcessDeps): readonly CliCommand<CliContext>[] {
  const nothing: Answer = { json: null, text: '' }
  return [
    {
      path: ['start'],
      summary: 'Runs the product: ingest, edge, site and worker, each started again when it ends.',
      run: async (_context, given) => {
        await deps.start(flag(given, 'json'))
        return nothing
      },
    },
    {
      path: ['dev'],
      summary: 'Runs the product on demo data and starts its processes again when their source changes.',
      run: async () => {
        await deps.dev()
        return nothing
      },
    },
    {
      path: ['demo'],
      summary: 'Holds a meeting with a generated chamber and leaves its replay up.',
      options: {
        minutes: { type: 'string', help: 'N length of the meeting; 2 when absent' },
        input: { type: 'string', help: 'FILE to publish instead of the generated chamber' },
        exit: { type: 'boolean', help: 'checks everything in a browser and ends by itself' },
      },
      run: (_context, given) =>
        deps.demo({
          minutes: number(given, 'minutes', { min: 0.5, max: 600 }) ?? 2,
          input: text(given, 'input') ?? null,
          exit: flag(given, 'exit'),
        }),
    },
    {
      path: ['doctor'],
      summary: 'Looks at ffmpeg, disk, ports, clock, catalogue and store, and says what to do.',
      run: async () => {
        const findings = await deps.doctor()
        const line = ({ check, status, found, todo }: Finding) =>
          `${mark[status]} ${check}: ${found}${todo ? `\n    ${todo}` : ''}`
        return {
          json: { findings },
          text: findings.map(line).join('\n'),
          exitCode: findings.some(({ status }) => status === 'failed') ? 1 : 0,
        }
      },
    },
  ]
}

const mark = { ok: 'ok     ', warning: 'warning', failed: 'FAILED ' } as const
