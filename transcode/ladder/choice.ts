import { type Capacity, fitsMachine } from './capacity.ts'
import { boundedSize, type Picture, shortSideOf } from './geometry.ts'
import { codecsOf, levelFor } from './level.ts'
import { type Rung, type RungName, rungs } from './rung.ts'

export type LadderSetting = 'auto' | 'none' | readonly RungName[]

export interface LadderRequest {
  readonly picture: Picture
  readonly framesPerSecond: number
  /** `source`: the feed itself is the top, only what lies under it is encoded. `encoded`: the top is encoded too. */
  readonly top: 'source' | 'encoded'
  readonly setting: LadderSetting
  /** Null when this machine was never measured. */
  readonly capacity: Capacity | null
  /** How many steps cheaper than it could be, because the machine did not keep up. */
  readonly steps: number
}

export interface EncodedRendition {
  readonly name: RungName
  readonly width: number
  readonly height: number
  readonly bitrateBps: number
  readonly profile: 'main' | 'high'
  readonly levelIdc: number
  /** RFC 6381; the encoder is held to it, so that playlists may name it before the first frame. */
  readonly codecs: string
}

/** Without a measurement no more than this is risked. */
const unmeasuredTop = 720
const unmeasuredBeside: readonly RungName[] = ['480p', '360p']

/** The renditions to encode, from the top down; empty when the source goes alone. */
export function chooseLadder(request: LadderRequest): readonly EncodedRendition[] {
  let chosen = request.top === 'source' ? besideSource(request) : encodedLadder(request)
  for (let step = 0; step < request.steps; step += 1) {
    chosen = request.top === 'source' ? chosen.slice(1) : cheaper(chosen)
  }
  return chosen.map((rung) => renditionOf(rung, request))
}

/** What the operator's setting may mean, read from HEMICYCLE_LADDER. */
export function ladderSettingOf(text: string): LadderSetting {
  if (text === 'auto' || text === 'none') return text
  const named = text.split(',')
  return rungs.map((rung) => rung.name).filter((name) => named.includes(name))
}

function besideSource(request: LadderRequest): readonly Rung[] {
  if (request.setting === 'none') return []
  const { setting } = request
  const smaller = rungs.filter((rung) => rung.shortSide < shortSideOf(request.picture))
  if (setting !== 'auto') return smaller.filter((rung) => setting.includes(rung.name))
  return withinCapacity([], smaller, request)
}

function encodedLadder(request: LadderRequest): readonly Rung[] {
  const { setting } = request
  const top = encodedTop(request)
  const smaller = rungs.filter((rung) => rung.shortSide < Math.min(top.shortSide, shortSideOf(request.picture)))
  if (setting === 'none') return [top]
  if (setting !== 'auto') return [top, ...smaller.filter((rung) => setting.includes(rung.name))]
  return withinCapacity([top], smaller, request)
}

/** The highest rung that the source fills and the machine carries; the lowest one whatever the machine. */
function encodedTop(request: LadderRequest): Rung {
  const short = shortSideOf(request.picture)
  const filled = rungs.filter((_, i) => short > (rungs[i + 1]?.shortSide ?? 0))
  const carried = filled.find((rung) =>
    request.capacity ? fitsMachine(workOf([rung], request), request.capacity) : rung.shortSide <= unmeasuredTop,
  )
  return carried ?? rungs[3]
}

/** From the lowest up, as many as the machine carries: the viewer on the worst line is served first. */
function withinCapacity(first: readonly Rung[], more: readonly Rung[], request: LadderRequest): readonly Rung[] {
  const { capacity } = request
  if (!capacity) return [...first, ...more.filter((rung) => unmeasuredBeside.includes(rung.name))]
  let chosen: readonly Rung[] = []
  for (const rung of more.toReversed()) {
    if (!fitsMachine(workOf([...first, rung, ...chosen], request), capacity)) break
    chosen = [rung, ...chosen]
  }
  return [...first, ...chosen]
}

/** One step down where the top is encoded: what lies between goes first, then the top itself, never the last one. */
function cheaper(ladder: readonly Rung[]): readonly Rung[] {
  const [top, ...rest] = ladder
  if (!top) return ladder
  if (rest.length > 1) return [top, ...rest.slice(1)]
  const lower = rungs.find((rung) => rung.shortSide < top.shortSide)
  if (!lower) return ladder
  return [lower, ...rest.filter((rung) => rung.name !== lower.name)]
}

function workOf(chosen: readonly Rung[], { picture, framesPerSecond }: LadderRequest) {
  return {
    sourcePixels: picture.width * picture.height,
    framesPerSecond,
    outputs: chosen.map((rung) => ({ name: rung.name, ...boundedSize(picture, rung.shortSide) })),
  }
}

function renditionOf(rung: Rung, { picture, framesPerSecond }: LadderRequest): EncodedRendition {
  const size = boundedSize(picture, rung.shortSide)
  const nominalPixels = (rung.shortSide * rung.shortSide * 16) / 9
  const share = Math.min(1, (size.width * size.height) / nominalPixels) * (framesPerSecond > 31 ? 1.5 : 1)
  const levelIdc = levelFor(size, framesPerSecond)
  return {
    name: rung.name,
    ...size,
    bitrateBps: Math.max(100_000, 10_000 * Math.round((rung.bitrateBps * share) / 10_000)),
    profile: rung.profile,
    levelIdc,
    codecs: codecsOf(rung.profile, levelIdc),
  }
}
