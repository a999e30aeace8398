import { must, type SeededTown } from './site-seed.ts'

const agenda = [
  ['1', 'Notulen van de vorige zitting'],
  ['2', 'Mededelingen van de burgemeester'],
  ['3', 'Mobiliteitsplan'],
  ['3.1', 'Fietsstraat in de Ieperstraat tussen de Dorpsstraat en het stationsplein'],
  ['3.2', 'Zone 30 rond de school De Wijzer'],
  ['4', 'Belastingreglement op leegstaande panden: vaststelling'],
  ['5', 'Vragen van raadsleden'],
] as const

const cues = [
  [0, 3.5, 'Goedenavond, ik open de vergadering.'],
  [3.6, 8, 'We beginnen met de notulen van de vorige zitting.'],
  [8.2, 12, 'Zijn er opmerkingen? Dat is niet het geval.'],
  [14.9, 20, 'Dan gaan we naar het mobiliteitsplan.'],
  [20.5, 26, 'De fietsstraat in de Ieperstraat wordt volgend voorjaar aangelegd.'],
  [26.2, 31, 'Bewoners vragen meer bomen en minder vrachtverkeer.'],
  [36, 42, 'We stemmen over het belastingreglement op leegstaande panden.'],
  [42.4, 48, 'Het voorstel is goedgekeurd met algemene stemmen.'],
] as const

/** Slugs of a town in which every state of a meeting can be seen. */
export interface EveningSlugs {
  replay: string
  live: string
  scheduled: string
  paused: string
  closed: string
  cancelled: string
  unpublished: string
}

/** Seeds a year of a small town; the recordings are as long as the stand's generated media. */
export async function seedEvening(town: SeededTown): Promise<EveningSlugs> {
  const { operations } = town
  must(await operations.addRoom({ name: 'Raadzaal' }))
  for (const [name, room] of [
    ['Gemeenteraad', 'raadzaal'],
    ['Raad voor maatschappelijk welzijn', 'raadzaal'],
    ['Jeugdraad', 'jeugdhuis'],
    ['Commissie ruimte', 'commissiezaal'],
  ] as const) {
    if (room !== 'raadzaal') must(await operations.addRoom({ name: room }))
    must(await operations.addBody({ name, room }))
  }
  must(await operations.addBody({ name: 'Persdienst', kind: 'press', room: 'raadzaal' }))
  const replay = await add(town, 'gemeenteraad', 'Gemeenteraad van november', '2025-11-24T19:30', true)
  await town.begin(replay, '2025-11-24T18:31:00Z')
  await town.press(replay, { 1: 3.6, '3.1': 20.5, 4: 36 })
  await town.finish(replay, 60)
  const captions = { language: 'nl', origin: 'automatic' as const, cues: cues.map(asCue) }
  must(await operations.importTranscript(replay, captions))
  await town.index(replay)

  const unpublished = await add(town, 'persdienst', 'Nieuwe sporthal voorgesteld', '2025-12-01T11:00', false)
  await town.begin(unpublished, '2025-12-01T10:02:00Z')
  await town.finish(unpublished, 60)

  const live = await add(town, 'gemeenteraad', 'Gemeenteraad van december', '2025-12-15T19:30', true)
  await town.begin(live, '2025-12-15T18:30:00Z')
  await town.connect('raadzaal')
  await town.press(live, { 1: 4, 2: 12 })
  const paused = await add(town, 'jeugdraad', 'Jeugdraad', '2025-12-15T19:00', false)
  await town.begin(paused, '2025-12-15T18:00:00Z')
  must(await operations.pause(paused))
  const closed = await add(town, 'commissie-ruimte', 'Commissie ruimte en wonen', '2025-12-15T18:00', false)
  await town.begin(closed, '2025-12-15T17:00:00Z')
  must(await operations.command(closed, 'closed'))

  // What is "to come" is so for a reader of today, whenever these tests run.
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
  const scheduled = await add(
    town,
    'raad-voor-maatschappelijk-welzijn',
    'Raad voor maatschappelijk welzijn',
    `${inDays(9)}T19:00`,
    true,
  )
  const cancelled = await add(
    town,
    'commissie-ruimte',
    'Commissie ruimte: bezoek aan de containerparken',
    `${inDays(16)}T18:00`,
    false,
  )
  must(await operations.command(cancelled, 'cancel'))
  return { replay, live, scheduled, paused, closed, cancelled, unpublished }
}

function asCue([start, end, text]: (typeof cues)[number]) {
  return { startMs: start * 1000, endMs: end * 1000, text }
}

async function add(town: SeededTown, body: string, title: string, at: string, withAgenda: boolean): Promise<string> {
  const items = withAgenda ? agenda.map(([number, name]) => ({ number, title: name, public: number !== '5' })) : []
  const { slug } = must(await town.operations.addMeeting({ body, title, at, agenda: items }))
  return slug
}
