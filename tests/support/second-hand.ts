import type { Page } from 'playwright-core'
import type { PublishSource } from '../../transcode/ffmpeg/publisher.ts'

/** The marker's side in pixels, and the steps of its brightness: it shows the wall clock's second modulo this. */
const side = 8
const steps = 16
const darkest = 20
const stepHeight = 13

const colours = 'c0=0x1d3557:c1=0x457b9d:c2=0x2a9d8f'
const clock = "drawtext=text='%{localtime\\:%H\\\\\\:%M\\\\\\:%S}':fontsize=h/8:fontcolor=white:x=(w-tw)/2:y=(h-th)/2"

/**
 * A moving picture that carries the second of the wall clock as the brightness of its lower left corner, so that a test
 * can tell when a frame that it sees in a browser was taken.
 */
export function markedFeed(size: `${number}x${number}` = '640x360'): PublishSource {
  const brightness = `${darkest}+${stepHeight}*mod(floor(time(0))\\,${steps})`
  return {
    inputs: [
      ...['-re', '-f', 'lavfi', '-i', `gradients=size=${size}:rate=25:speed=0.02:nb_colors=3:${colours}`],
      ...[
        '-f',
        'lavfi',
        '-i',
        `nullsrc=size=${side}x${side}:rate=25,format=yuv420p,geq=lum=${brightness}:cb=128:cr=128`,
      ],
      ...['-re', '-f', 'lavfi', '-i', 'sine=frequency=330:sample_rate=48000'],
    ],
    encoding: [
      ...['-filter_complex', `[0:v]${clock}[picture];[picture][1:v]overlay=x=0:y=H-h`, '-map', '2:a'],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p'],
      ...[
        '-g',
        '50',
        '-keyint_min',
        '50',
        '-sc_threshold',
        '0',
        '-b:v',
        '700k',
        '-maxrate',
        '700k',
        '-bufsize',
        '700k',
      ],
      ...['-c:a', 'aac', '-b:a', '96k', '-ac', '2'],
    ],
  }
}

/** What the page's video shows at this moment: its position, and the marker; null before there is a picture. */
export function readMarker(page: Page): Promise<{ positionS: number; step: number } | null> {
  return page.evaluate(
    ({ low, height, count }) => {
      const video = document.querySelector('video')
      if (!video || video.readyState < 2 || video.seeking) return null
      const canvas = document.createElement('canvas')
      canvas.width = video.videoWidth
      canvas.height = video.videoHeight
      const context = canvas.getContext('2d')
      context?.drawImage(video, 0, 0)
      const pixel = context?.getImageData(4, video.videoHeight - 4, 1, 1).data[1] ?? 0
      // Studio range (16 to 235) has become 0 to 255.
      const luma = 16 + (pixel * 219) / 255
      return { positionS: video.currentTime, step: Math.round((luma - low) / height) % count }
    },
    { low: darkest, height: stepHeight, count: steps },
  )
}

/** Seconds by which a frame that was taken in the second of `step` was at least taken too early or too late for `wallMs`. */
export function secondsApart(step: number, wallMs: number): number {
  const after = (((wallMs / 1000 - step) % steps) + steps) % steps
  return after < 1 ? 0 : Math.min(after - 1, steps - after)
}
