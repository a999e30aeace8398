/**
 * Polls `condition` until it answers something other than null, undefined or false, and returns that.
 * @throws Error naming `what` after `deadlineMs`.
 */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  deadlineMs = 10_000,
): Promise<Exclude<T, null | undefined | false>> {
  const end = performance.now() + deadlineMs
  for (;;) {
    const value = await condition()
    if (value !== null && value !== undefined && value !== false) return value as Exclude<T, null | undefined | false>
    if (performance.now() > end) throw new Error(`waited ${deadlineMs} ms in vain until ${what}`)
    await new Promise((wake) => setTimeout(wake, 25))
  }
}
