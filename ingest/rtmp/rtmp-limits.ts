import type { SettingValues } from '#archive/core/settings-schema.ts'

export type RtmpSettings = Pick<
  SettingValues,
  | 'HEMICYCLE_RTMP_MAX_CONNECTIONS'
  | 'HEMICYCLE_RTMP_MAX_PER_ADDRESS'
  | 'HEMICYCLE_RTMP_FAILURES_PER_MINUTE'
  | 'HEMICYCLE_RTMP_HANDSHAKE_MS'
  | 'HEMICYCLE_RTMP_FIRST_MEDIA_MS'
  | 'HEMICYCLE_RTMP_IDLE_MS'
  | 'HEMICYCLE_RTMP_UNVERIFIED_BYTES'
  | 'HEMICYCLE_RTMP_MAX_BITRATE'
>

/** What one encoder, one address and all of them together may take. */
export interface RtmpLimits {
  readonly connections: number
  readonly unverifiedPerAddress: number
  readonly failuresPerMinute: number
  readonly handshakeMs: number
  readonly firstMediaMs: number
  readonly idleMs: number
  readonly unverifiedBytes: number
  readonly bitrateBps: number
}

export function rtmpLimits(settings: RtmpSettings): RtmpLimits {
  return {
    connections: settings.HEMICYCLE_RTMP_MAX_CONNECTIONS,
    unverifiedPerAddress: settings.HEMICYCLE_RTMP_MAX_PER_ADDRESS,
    failuresPerMinute: settings.HEMICYCLE_RTMP_FAILURES_PER_MINUTE,
    handshakeMs: settings.HEMICYCLE_RTMP_HANDSHAKE_MS,
    firstMediaMs: settings.HEMICYCLE_RTMP_FIRST_MEDIA_MS,
    idleMs: settings.HEMICYCLE_RTMP_IDLE_MS,
    unverifiedBytes: settings.HEMICYCLE_RTMP_UNVERIFIED_BYTES,
    bitrateBps: settings.HEMICYCLE_RTMP_MAX_BITRATE,
  }
}
