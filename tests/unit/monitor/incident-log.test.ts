import { describe, expect, it } from 'vitest'
import { incidentCsv, incidentView } from '#archive/domain/incident-log.ts'

const atMs = Date.UTC(2026, 10, 23, 18, 30)
const incident = (code: string, detail = '') => ({
  ...{ id: '1', code, detail, openedAtMs: atMs, closedAtMs: atMs + 90_500 },
})

describe('the incident log', () => {
  it('says of an interruption that the page told it from the beginning', () => {
    expect(incidentView(incident('FEED_INTERRUPTED', 'no media'), null)).toEqual({
      ...{ id: '1', code: 'FEED_INTERRUPTED', what: 'The meeting is live and nothing arrives from its encoder.' },
      ...{ detail: 'no media', from: '2026-11-23T18:30:00.000Z', to: '2026-11-23T18:31:30.500Z' },
      ...{ durationSeconds: 90.5, noticed: 'live-process', told: '2026-11-23T18:30:00.000Z', acknowledged: null },
    })
  })

  it('says of a shed rendition that nobody was told', () => {
    expect(incidentView(incident('LADDER_OVERLOADED'), null)).toMatchObject({ noticed: 'live-process', told: null })
  })

  it('says of an alarm when viewers were told, and who took care', () => {
    const alarm = { toldAtMs: atMs + 60_000, acknowledged: { atMs: atMs + 70_000, by: 'console' } }
    expect(incidentView({ ...incident('SOUND_SILENT'), closedAtMs: null }, alarm)).toMatchObject({
      ...{ to: null, durationSeconds: null, noticed: 'stream-monitor', told: '2026-11-23T18:31:00.000Z' },
      acknowledged: { at: '2026-11-23T18:31:10.000Z', by: 'console' },
    })
  })

  it('keeps the code of an incident that this version does not know', () => {
    expect(incidentView(incident('FROM_A_LATER_VERSION'), null).what).toBe('FROM_A_LATER_VERSION')
  })

  it('is a table that a spreadsheet reads and never runs', () => {
    const views = [incidentView(incident('SOUND_SILENT', '=1+1, "quoted"'), null)]
    expect(incidentCsv(views)).toBe(
      'from,to,durationSeconds,code,what,detail,noticed,told\r\n' +
        '2026-11-23T18:30:00.000Z,2026-11-23T18:31:30.500Z,90.5,SOUND_SILENT,The published stream has no sound at all.,' +
        `"'=1+1, ""quoted""",stream-monitor,\r\n`,
    )
  })
})
