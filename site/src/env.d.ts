/// <reference types="astro/client" />

declare namespace App {
  interface Locals {
    /** Given by the process that owns the handler (site/main.ts). */
    record: import('./model/public-record.ts').PublicRecord
    town: import('./model/public-record.ts').TownFacts
    /** Set by the middleware from the address. */
    language: import('./model/locale.ts').Language
    /** The path without its language. */
    path: string
  }
}

interface ImportMetaEnv {
  readonly PLAYER_STYLE_HASHES: readonly `sha256-${string}`[]
}
