/** The part of sherpa-onnx-node 1.13.8 that is used; the package brings no types. Flags are numbers: `true` is ignored. */
declare module 'sherpa-onnx-node' {
  export interface WhisperConfig {
    encoder: string
    decoder: string
    language: string
    task: 'transcribe'
    tailPaddings: number
    enableTokenTimestamps: 0 | 1
    enableSegmentTimestamps: 0 | 1
  }

  export interface RecognizerConfig {
    featConfig: { sampleRate: number; featureDim: number }
    modelConfig: { whisper: WhisperConfig; tokens: string; numThreads: number; provider: 'cpu'; debug: 0 | 1 }
  }

  export interface RecognizerResult {
    lang: string
    text: string
    tokens: string[]
    /** Seconds from the start of the stretch, one for each token. */
    timestamps: number[]
    durations: number[]
  }

  export class OfflineStream {
    acceptWaveform(waveform: { samples: Float32Array; sampleRate: number }): void
  }

  export class OfflineRecognizer {
    static createAsync(config: RecognizerConfig): Promise<OfflineRecognizer>
    createStream(): OfflineStream
    setConfig(config: RecognizerConfig): void
    decodeAsync(stream: OfflineStream): Promise<RecognizerResult>
  }

  export interface VadConfig {
    sileroVad: {
      model: string
      threshold: number
      minSilenceDuration: number
      minSpeechDuration: number
      maxSpeechDuration: number
      windowSize: number
    }
    sampleRate: number
    numThreads: number
    provider: 'cpu'
    debug: 0 | 1
  }

  export class Vad {
    constructor(config: VadConfig, bufferSizeInSeconds: number)
    acceptWaveform(samples: Float32Array): void
    isEmpty(): boolean
    isDetected(): boolean
    /** Ends the process when empty. */
    front(enableExternalBuffer?: boolean): { start: number; samples: Float32Array }
    /** Ends the process when empty. */
    pop(): void
    flush(): void
    reset(): void
  }

  /** CommonJS: only the default import exists at run time. */
  const sherpa: { readonly OfflineRecognizer: typeof OfflineRecognizer; readonly Vad: typeof Vad }
  export default sherpa
}
