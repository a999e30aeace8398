import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { openCatalog } from '#archive/catalog/catalog.ts'
import { applyCommand } from '#archive/catalog/commands.ts'
import { type CommandId, newId } from '#archive/core/ids.ts'
import type { MeetingAction } from '#archive/domain/command.ts'
import { parsePlaylist } from '#archive/hls/playlist-parser.ts'
import { type EdgeProcess, forkEdge } from '../support/edge-child.ts'
import { audioSpec, smallSpec, sourceSpec } from '../support/journal.ts'
import { planMeeting } from '../support/planned-meeting.ts'
import { startScriptedLive } from '../support/scripted-live.ts'
import { until } from '../support/until.ts'

/**
 * From the end of a meeting to its replay: records one segment over and over for some hours through the real spool writer
 * and the real feed to a real edge process, ends the meeting, and asks over HTTP until everything a player needs is
 * there (multivariant, every media playlist, first and last segment). Then again with a new edge and no live process.
 * Prints one JSON object; times in milliseconds.
 */
const { values } = parseArgs({ options: { hours: { type: 'string', default: '3' } } })
const hours = Number(values.hours)
const segments = Math.round((hours * 3600) / 4)
/** Bytes of one part of 0.4 s: the playlists do not depend on them, the disk of this machine does. */
const content = [
  { spec: sourceSpec, payloadBytes: 10_000 },
  { spec: smallSpec, payloadBytes: 5_000 },
  { spec: audioSpec, payloadBytes: 5_000 },
]

const dataDir = mkdtempSync(join(tmpdir(), 'hemicycle-replay-'))
try {
  process.stdout.write(`${JSON.stringify(await measure())}\n`)
} finally {
  rmSync(dataDir, { recursive: true, force: true })
}

async function measure(): Promise<object> {
  const catalog = await openCatalog({ file: join(dataDir, 'catalogue.sqlite') })
  const id = await planMeeting(catalog, 'long-evening', 'council')
  const meeting = { id, slug: 'long-evening', recording: newId<'recording'>() }
  const press = async (action: MeetingAction) => {
    const command = { id: newId() as CommandId, meeting: id, atMs: Date.now(), by: 'bench', action }
    const outcome = await catalog.write((db) => applyCommand(db, command, 'operations'))
    if (!outcome.ok) throw new Error(outcome.message)
  }
  const live = await startScriptedLive(dataDir, join(dataDir, 'spool'))
  const edge = await forkEdge(dataDir)
  await press({ kind: 'start', recording: meeting.recording })
  const recording = await live.record(meeting, content)
  const recordedFrom = performance.now()
  for (let index = 0; index < segments; index++) {
    recording.segment()
    if (index % 16 === 15) await recording.writer.settled()
  }
  await recording.writer.settled()
  const recordMs = performance.now() - recordedFrom
  const last = `/${segments - 1}.m4s`
  await until('the edge has been told everything', async () =>
    (await edge.get('/live/long-evening/audio.m3u8')).text.includes(last),
  )

  const endedFrom = performance.now()
  recording.event({ type: 'span-end', span: recording.span, durationMs: segments * 4000, cause: 'meeting-ended' })
  recording.event({ type: 'ended', atMs: Date.now() })
  live.tellMeeting(meeting, 'ended', 'none')
  await press({ kind: 'end' })
  const sizes = await untilPlayable(edge, meeting.recording)
  const endToPlayableMs = performance.now() - endedFrom
  await recording.writer.settled()
  const endToManifestMs = performance.now() - endedFrom
  await live.close()
  await edge.stop()

  const fresh = await forkEdge(dataDir)
  const coldFrom = performance.now()
  await untilPlayable(fresh, meeting.recording)
  const coldMs = performance.now() - coldFrom
  await fresh.stop()
  await catalog.close()
  const round = (ms: number) => Math.round(ms)
  return {
    bench: 'replay',
    hours,
    segments: segments * content.length,
    recordMs: round(recordMs),
    endToPlayableMs: round(endToPlayableMs),
    endToManifestMs: round(endToManifestMs),
    newEdgeToPlayableMs: round(coldMs),
    ...sizes,
  }
}

/** Resolves when everything a player needs answers 200. */
async function untilPlayable(edge: EdgeProcess, recording: string): Promise<object> {
  const base = `/media/${recording}`
  await until('the multivariant playlist answers', async () => (await edge.get(`${base}/index.m3u8`)).status === 200)
  let playlistBytes = 0
  let playlistGzipBytes = 0
  for (const { spec } of content) {
    const { text, body } = await expectOk(edge, `${base}/${spec.name}.m3u8`)
    const playlist = parsePlaylist(text)
    if (!playlist.ok || playlist.value.kind !== 'media') throw new Error(`the playlist of ${spec.name} cannot be read`)
    const listed = playlist.value.segments
    if (listed.length !== segments || !playlist.value.ended)
      throw new Error(`${spec.name} lists ${listed.length} segments`)
    for (const segment of [listed[0], listed.at(-1)]) await expectOk(edge, segment?.uri ?? '')
    playlistBytes = Math.max(playlistBytes, body.length)
    playlistGzipBytes = Math.max(playlistGzipBytes, gzipSync(body).length)
  }
  return { playlistBytes, playlistGzipBytes }
}

async function expectOk(edge: EdgeProcess, address: string) {
  const reply = await edge.get(address)
  if (reply.status !== 200) throw new Error(`${address} answered ${reply.status}`)
  return reply
}
