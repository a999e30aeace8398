import { createHash } from 'node:crypto'
import * as controls from 'media-chrome'
import * as menus from 'media-chrome/menu'

/**
 * Content security policy sources (`sha256-…`, CSP level 3, 2.3.1) of the style elements that media-chrome writes into
 * its shadow roots, read from its own templates, so that the policy needs no `unsafe-inline`.
 */
export function playerStyleHashes(): `sha256-${string}`[] {
  const styles = new Set<string>()
  for (const part of Object.values({ ...controls, ...menus })) {
    for (const [, css] of templateOf(part).matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g)) styles.add(css ?? '')
  }
  return [...styles].map((css) => `sha256-${createHash('sha256').update(css).digest('base64')}` as const)
}

function templateOf(part: unknown): string {
  if (typeof part !== 'function' || !('getTemplateHTML' in part)) return ''
  const { getTemplateHTML } = part
  return typeof getTemplateHTML === 'function' ? String(getTemplateHTML.call(part, {}, {})) : ''
}
