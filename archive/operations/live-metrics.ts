/** Figures that *live* keeps of itself since its start; no address, no name, nothing of what is captured. */
export interface LiveMetrics {
  readonly uptimeS: number
  readonly cpuS: number
  readonly residentBytes: number
  /** Encoders connected at this moment, and what they send in all. */
  readonly feeds: number
  readonly feedBitrateBps: number
  /** Packets that the gates have let in, and that they have turned away. */
  readonly packetsAdmitted: number
  readonly packetsDropped: number
  readonly spans: number
  /** Incidents opened, by code. */
  readonly incidents: Readonly<Record<string, number>>
  /** Notes on their way to the catalogue. */
  readonly outboxNotes: number
  /** Media that waits for the disk. */
  readonly spoolQueuedBytes: number
  /** Meetings that are served, by state. */
  readonly meetings: Readonly<Record<string, number>>
}
