import type { MediaPlaylist } from '#archive/hls/playlist.ts'
import { askPlaylist, type Following } from './playlist-asking.ts'
import { noDirectives } from './playlist-reading.ts'
import { isAfter, newest } from './position.ts'
import { tryRules } from './rule-probes.ts'
import type { Directives } from './session.ts'

/** Answers that are no playlist are asked for again after this long. */
const retryMs = 1000
/** A server that blocks not at all is not asked more often than this. */
const noNewsMs = 200

/** Whoever has seen so many playlists has seen every moment of a segment. */
const lastTurnToTry = 12

/** Early in a segment nothing that is tried comes true while it is asked for. */
function canTryRules({ serverControl, openParts }: MediaPlaylist): boolean {
  return !serverControl?.canBlockReload || (openParts.length > 0 && openParts.length <= 3)
}

/**
 * Follows one rendition as hls.js does (the next part of the newest segment, roll-over left to the server), every other
 * time with a delta update beside the full playlist. Where the origin does not block, it polls as plain players do.
 */
export async function follow(following: Following): Promise<void> {
  const { transport, media, untilMs } = following
  let probes: Promise<void> | null = null
  let latest = (await askPlaylist(following, 'follow', noDirectives)).playlist
  for (let turn = 0; transport.nowMs() < untilMs; turn++) {
    if (latest) media.look(latest)
    if (latest && (turn >= lastTurnToTry || canTryRules(latest))) probes ??= tryRules(following, latest)
    if (latest?.ended) break
    if (latest && !latest.serverControl?.canBlockReload) await transport.sleep(latest.targetDurationS * 500)
    if (!latest) await transport.sleep(retryMs)
    latest = await askNext(following, latest, turn)
  }
  if (latest?.ended) await tryEnd(following, latest)
  await probes
  await media.settled()
  await media.again()
}

async function askNext(
  following: Following,
  latest: MediaPlaylist | null,
  turn: number,
): Promise<MediaPlaylist | null> {
  const control = latest?.serverControl
  if (!latest || !control?.canBlockReload) {
    return (await askPlaylist(following, 'follow', noDirectives)).playlist
  }
  const directives = latest.partTargetS === null ? nextSegment(latest) : nextPart(latest)
  const wantsDelta = turn % 2 === 1 && control.canSkipUntilS !== null
  const [full] = await Promise.all([
    askPlaylist(following, 'follow', directives),
    wantsDelta ? askPlaylist(following, 'follow', { ...directives, skip: true }) : null,
  ])
  const isNews = !full.playlist || full.playlist.ended || isAfter(newest(full.playlist), newest(latest))
  if (!isNews) await following.transport.sleep(noNewsMs)
  return full.playlist
}

function nextPart(playlist: MediaPlaylist): Directives {
  const { msn, part } = newest(playlist)
  return { msn, part: part + 1, skip: false }
}

function nextSegment(playlist: MediaPlaylist): Directives {
  return { msn: newest(playlist).msn + 1, part: null, skip: false }
}

async function tryEnd(following: Following, playlist: MediaPlaylist): Promise<void> {
  const { msn } = newest(playlist)
  await askPlaylist(following, 'after-end', { msn: msn + 1, part: 0, skip: true })
  await following.transport.sleep(playlist.targetDurationS * 1000)
  await askPlaylist(following, 'after-end-plain', noDirectives)
}
