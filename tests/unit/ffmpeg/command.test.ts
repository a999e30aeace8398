import { expect, test } from 'vitest'
import { commandOf } from '../../../transcode/ffmpeg/command.ts'
import { TextTail } from '../../../transcode/ffmpeg/text-tail.ts'

test('as root a program runs as nobody, without groups and without new privileges', () => {
  expect(commandOf('ffprobe', ['-i', 'a b'], true)).toEqual({
    file: 'setpriv',
    args: ['--reuid=65534', '--regid=65534', '--clear-groups', '--no-new-privs', 'ffprobe', '-i', 'a b'],
  })
})

test('as anybody else a program runs as it is', () => {
  expect(commandOf('ffmpeg', ['-version'], false)).toEqual({ file: 'ffmpeg', args: ['-version'] })
})

test('of what a program says the last bytes are kept', () => {
  const tail = new TextTail(8)
  for (const word of ['one ', 'two ', 'three ', 'four']) tail.add(Buffer.from(word))
  expect(tail.text()).toBe('ree four')
})

test('one long sentence is cut at its front', () => {
  const tail = new TextTail(4)
  tail.add(Buffer.from('abcdefgh'))
  expect(tail.text()).toBe('efgh')
})
