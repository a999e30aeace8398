import { writeFileSync } from 'node:fs'
import { AppError } from '#archive/core/errors.ts'
import { startProgram } from './program.ts'
import type { PublishSource } from './publisher.ts'
import { readWave, type Wave, writeWave } from './wave.ts'

/** A sentence spoken by espeak-ng. `speed` is in words a minute. */
export interface SpokenLine {
  readonly atMs: number
  readonly voice: string
  readonly speed: number
  readonly text: string
}

/** espeak-ng's own rate. */
const sampleRate = 22_050

/**
 * Writes a WAVE file in which each line is spoken at its time, over the faint noise of a room.
 * Resolves to when each line ends. @throws AppError SPEECH_VOICE_MISSING without espeak-ng.
 */
export async function speakLines(lines: readonly SpokenLine[], seconds: number, file: string): Promise<number[]> {
  const samples = new Int16Array(Math.ceil(seconds * sampleRate))
  for (let index = 0; index < samples.length; index += 1) samples[index] = Math.round((Math.random() - 0.5) * 24)
  const ends: number[] = []
  for (const line of lines) {
    const spoken = await speak(line)
    const start = Math.round((line.atMs / 1000) * sampleRate)
    for (const [index, sample] of spoken.samples.entries()) {
      if (start + index < samples.length) samples[start + index] = sample
    }
    ends.push(line.atMs + (spoken.samples.length / sampleRate) * 1000)
  }
  writeFileSync(file, writeWave({ sampleRate, samples }), { mode: 0o644 })
  return ends
}

async function speak(line: SpokenLine): Promise<Wave> {
  const program = startProgram({
    program: 'espeak-ng',
    args: ['-v', line.voice, '-s', String(line.speed), '--stdout', '--', line.text],
    stdout: true,
  })
  const chunks: Buffer[] = []
  for await (const chunk of program.stdout ?? []) chunks.push(chunk as Buffer)
  await program.ended
  const wave = readWave(Buffer.concat(chunks))
  if (!wave || wave.sampleRate !== sampleRate) throw new AppError('SPEECH_VOICE_MISSING')
  return wave
}

/** A chamber that never was: a moving picture with a clock, and the sound of `waveFile`, in real time and for ever. */
export function chamberFeed(waveFile: string, size: `${number}x${number}` = '1280x720'): PublishSource {
  const clock =
    "drawtext=text='%{localtime\\:%H\\\\\\:%M\\\\\\:%S}':fontsize=h/9:fontcolor=white:x=(w-tw)/2:y=h*0.7:box=1:boxcolor=black@0.5:boxborderw=18"
  return {
    inputs: [
      ...[
        '-re',
        '-f',
        'lavfi',
        '-i',
        `gradients=size=${size}:rate=25:speed=0.02:c0=0x1d3557:c1=0x457b9d:c2=0x2a9d8f:nb_colors=3`,
      ],
      ...['-re', '-stream_loop', '-1', '-i', waveFile],
    ],
    encoding: [
      ...['-map', '0:v', '-map', '1:a', '-vf', clock],
      ...[
        '-c:v',
        'libx264',
        '-preset',
        'ultrafast',
        '-tune',
        'zerolatency',
        '-pix_fmt',
        'yuv420p',
        '-profile:v',
        'main',
      ],
      ...[
        '-g',
        '50',
        '-keyint_min',
        '50',
        '-sc_threshold',
        '0',
        '-b:v',
        '1500k',
        '-maxrate',
        '1500k',
        '-bufsize',
        '1500k',
      ],
      ...['-c:a', 'aac', '-b:a', '128k', '-ar', '48000', '-ac', '2'],
    ],
  }
}
