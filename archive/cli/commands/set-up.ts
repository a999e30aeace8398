import { AppError } from '../../core/errors.ts'
import { bodyKinds } from '../../domain/governing-body.ts'
import { answer, type CliCommand } from '../command.ts'
import type { CliContext } from '../context.ts'
import { flag, oneOf, positional, required, text } from './options.ts'

const bodyAdd: CliCommand<CliContext> = {
  path: ['body', 'add'],
  summary: 'Adds a governing body: a council, a committee, or the press office.',
  options: {
    name: { type: 'string', help: 'NAME as the public reads it', required: true },
    slug: { type: 'string', help: 'SLUG for its addresses; made from the name when absent' },
    kind: { type: 'string', help: 'KIND council (the default) or press' },
    room: { type: 'string', help: 'ROOM slug of the room where it usually meets' },
    'publish-by-hand': { type: 'boolean', help: 'replays become public only after "meeting publish"' },
    'publish-on-end': { type: 'boolean', help: 'replays become public when a meeting ends' },
  },
  run: async ({ operations }, given) => {
    const kind = oneOf(given, 'kind', bodyKinds)
    const slug = text(given, 'slug')
    const room = text(given, 'room')
    const publishesOnEnd = flag(given, 'publish-by-hand') ? false : flag(given, 'publish-on-end') ? true : undefined
    const outcome = await (await operations()).addBody({
      name: required(given, 'name'),
      ...(slug && { slug }),
      ...(kind && { kind }),
      ...(room && { room }),
      ...(publishesOnEnd !== undefined && { publishesOnEnd }),
    })
    return answer(outcome, (body) => `added ${body.slug}`)
  },
}

const bodyList: CliCommand<CliContext> = {
  path: ['body', 'list'],
  summary: 'Lists the governing bodies.',
  run: async ({ operations }) => {
    const bodies = await (await operations()).listBodies()
    return {
      json: bodies,
      text: bodies.map(({ slug, name, kind, room }) => `${slug}\t${name}\t${kind}\t${room ?? '-'}`).join('\n'),
    }
  },
}

const roomAdd: CliCommand<CliContext> = {
  path: ['room', 'add'],
  summary: 'Adds a room: a place with an encoder.',
  options: {
    name: { type: 'string', help: 'NAME of the room', required: true },
    slug: { type: 'string', help: 'SLUG that names it in commands; made from the name when absent' },
    'keep-unplanned': { type: 'boolean', help: 'records a feed that no meeting was planned for, as a private draft' },
  },
  run: async ({ operations }, given) => {
    const slug = text(given, 'slug')
    const room = { name: required(given, 'name'), ...(slug && { slug }), keepUnplanned: flag(given, 'keep-unplanned') }
    return answer(await (await operations()).addRoom(room), (added) => `added ${added.slug}`)
  },
}

const roomList: CliCommand<CliContext> = {
  path: ['room', 'list'],
  summary: 'Lists the rooms.',
  run: async ({ operations }) => {
    const rooms = await (await operations()).listRooms()
    return { json: rooms, text: rooms.map(({ slug, name }) => `${slug}\t${name}`).join('\n') }
  },
}

const keyAdd: CliCommand<CliContext> = {
  path: ['key', 'add'],
  summary: 'Makes a stream key for a room, or for the usual room of a body. It is shown this once.',
  options: {
    body: { type: 'string', help: 'BODY slug; its usual room is made when it has none' },
    room: { type: 'string', help: 'ROOM slug' },
  },
  run: async ({ operations }, given) => {
    const room = text(given, 'room')
    const body = text(given, 'body')
    if ((room === undefined) === (body === undefined)) {
      throw new AppError('USAGE', {
        message: 'A key belongs to one room: name it with --room, or by its body with --body.',
      })
    }
    const outcome = await (await operations()).addKey(room === undefined ? { body: body ?? '' } : { room })
    return answer(
      outcome,
      ({ key, room: slug }) =>
        `stream key for ${slug}: ${key}\nIt is not shown again. In OBS: Settings > Stream > Custom, and Output > Keyframe Interval: 2 s.`,
    )
  },
}

const keyList: CliCommand<CliContext> = {
  path: ['key', 'list'],
  summary: 'Lists the stream keys, without the keys themselves.',
  run: async ({ operations }) => {
    const keys = await (await operations()).listKeys()
    const line = (key: (typeof keys)[number]) =>
      `${key.id}\t${key.room}\t${key.createdAt}\t${key.revokedAt ? `revoked ${key.revokedAt}` : 'valid'}`
    return { json: keys, text: keys.map(line).join('\n') }
  },
}

const keyRevoke: CliCommand<CliContext> = {
  path: ['key', 'revoke'],
  summary: 'Revokes a stream key; what is being published with it ends within a second.',
  positionals: ['ID'],
  run: async ({ operations }, given) =>
    answer(await (await operations()).revokeKey(positional(given)), ({ id, live }) => `revoked ${id} (live: ${live})`),
}

export const setUpCommands = [bodyAdd, bodyList, roomAdd, roomList, keyAdd, keyList, keyRevoke]
