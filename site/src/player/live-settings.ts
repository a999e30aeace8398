import type { HlsConfig, LoaderResponse, RetryConfig } from 'hls.js'

/** Speech sounds natural at this rate. */
export const gentleRate = 1.1

/** Only to come back from far behind: a short stretch that is heard as fast. */
export const hastyRate = 1.5

/** From this distance behind the target on there is haste. */
export const farBehindS = 1.5

/** Within this of the edge a viewer watches live, and is brought back there after the page was hidden. */
export const liveWithinS = 10

/** After a stall play goes on when this much has come, so that it does not stall again with every part. */
export const resumeWithS = 1

/** Or after this, whatever has come. */
export const resumeAfterMs = 2500

/** The server answers 503 when nothing came for three target durations (paused, interrupted): that is asked for again, for ever. */
const blockedMs = 15_000

function asksAgain(
  _config: RetryConfig | null | undefined,
  _count: number,
  isTimeout: boolean,
  response: LoaderResponse | undefined,
  retry: boolean,
): boolean {
  return retry || isTimeout || response?.code === 503
}

/** The distance that is aimed at is the stream's PART-HOLD-BACK. The README of the site tells what was measured. */
export const liveSettings: Partial<HlsConfig> = {
  lowLatencyMode: true,
  liveSyncOnStallIncrease: 0.2,
  maxLiveSyncPlaybackRate: gentleRate,
  playlistLoadPolicy: {
    default: {
      maxTimeToFirstByteMs: blockedMs,
      maxLoadTimeMs: blockedMs + 5000,
      timeoutRetry: { maxNumRetry: 2, retryDelayMs: 0, maxRetryDelayMs: 0, shouldRetry: asksAgain },
      errorRetry: { maxNumRetry: 2, retryDelayMs: 500, maxRetryDelayMs: 2000, shouldRetry: asksAgain },
    },
  },
}
