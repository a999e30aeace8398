import node from '@astrojs/node'
import { defineConfig } from 'astro/config'
import { compressedAssets } from './build/compressed-assets.ts'
import { playerStyleHashes } from './build/player-style-hashes.ts'

export default defineConfig({
  root: import.meta.dirname,
  output: 'server',
  adapter: node({ mode: 'middleware' }),
  integrations: [compressedAssets()],
  trailingSlash: 'ignore',
  compressHTML: true,
  markdown: { syntaxHighlight: false },
  devToolbar: { enabled: false },
  // One stylesheet for every page: the second page of a visit costs no style at all.
  build: { inlineStylesheets: 'never' },
  security: {
    // The edge strips these headers from the outside and sets them itself, so any host it names is the site's.
    allowedDomains: [{}],
    checkOrigin: true,
    csp: {
      algorithm: 'SHA-256',
      directives: [
        "default-src 'none'",
        "base-uri 'none'",
        "connect-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
        "img-src 'self' data:",
        "manifest-src 'self'",
        "media-src 'self' blob:",
        "worker-src 'self'",
      ],
    },
  },
  vite: {
    define: { 'import.meta.env.PLAYER_STYLE_HASHES': JSON.stringify(playerStyleHashes()) },
    build: { assetsInlineLimit: 0 },
  },
})
