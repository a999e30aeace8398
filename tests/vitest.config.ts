import { defineConfig } from 'vitest/config'

const tier = (name: string, timeoutMs: number, parallel: boolean) => ({
  test: {
    name,
    root: `${import.meta.dirname}/..`,
    include: [`tests/${name}/**/*.test.ts`],
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
    fileParallelism: parallel,
  },
})

/** Five tiers; only `unit` runs its files side by side, the others start real processes and real encoders. */
export default defineConfig({
  test: {
    projects: [
      tier('unit', 15_000, true),
      tier('integration', 120_000, false),
      tier('e2e', 240_000, false),
      tier('faults', 240_000, false),
    ],
  },
})
