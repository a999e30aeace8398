/** Which transcript an address asks for: `?language=nl`, or the best there is. */
export function transcriptChoice(url: URL): { language?: string; audience: 'public' } {
  const language = url.searchParams.get('language')
  return language ? { language, audience: 'public' } : { audience: 'public' }
}
