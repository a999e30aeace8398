/**
 * When what is measured counts as a fault. Times are media time where a picture or sound is judged. Levels are RMS
 * over one second in dB of full scale unless they are loudness.
 */
export const thresholds = {
  /**
   * Below this there is no microphone: a cut cable or a muted bus leaves digital zeros or a converter's own noise
   * (-80 dB and less), while an empty chamber with open microphones is at -60 to -45 dB.
   */
  silentDb: -70,
  /** Pauses in speech never leave the room's own noise; a mute button during a whispered word is shorter. */
  silentMs: 20_000,

  /** Somebody speaks: the balance of channels is judged in such seconds alone, a room's noise has none. */
  audibleDb: -50,
  /** The ear places a source wholly on one side from about 18 dB on; a badly set panorama stays below 25. */
  oneSidedDb: 25,
  /** Audible seconds on end. */
  oneSidedSeconds: 30,

  /** A sample this near to full scale has been cut off, or will be by the next converter: -0.1 dB. */
  clippedLevel: 0.9886,
  /** Share of a second's samples; a single loud consonant touches the ceiling with fewer. */
  clippedShare: 0.001,
  /** So many of the last `clippedOfSeconds` seconds begin the fault; it ends below `unclippedSeconds`. */
  clippedSeconds: 10,
  unclippedSeconds: 3,
  clippedOfSeconds: 30,

  /** LUFS. Programmes are at -23 (EBU R 128); 25 below that a phone in a quiet kitchen gives no words. */
  quietLufs: -48,
  /** Without one louder second: no debate is silent for so long, a chamber that waits for a vote may be. */
  quietMs: 300_000,

  /** Luma in limited range: black is 16, the darkest grey that a phone's screen shows is near 38. */
  blackLuma: 38,
  /** Share of the picture that is black; a dark chamber shows a lamp or a face somewhere. */
  blackShare: 0.98,
  blackMs: 10_000,

  /** Luma steps, averaged over a cell of 1/160 by 1/90 of the picture; encoding the same picture again stays below. */
  changedLuma: 14,
  /** Cells: the changing digit of a small clock fills more than one. */
  changedCells: 2,
  /** A slide without a clock is read for less than this; a frozen picture stays. */
  frozenMs: 60_000,

  /** Beyond 185 ms lips and voice are called unacceptable (ITU-R BT.1359-1), and encoders differ by a frame. */
  apartMs: 200,
  /** Segments on end. */
  apartSegments: 3,

  /** Target durations without a new segment. */
  staleTargets: 3,
  /** A meeting that was just opened waits for its gate, a keyframe and a whole segment. */
  firstSegmentMs: 30_000,

  /** Requests that fail for so long mean that the edge cannot be reached; a restart of the edge takes less. */
  blindMs: 15_000,
  /** Media was given to the decoder and nothing came back. */
  undecodedMs: 30_000,
} as const
