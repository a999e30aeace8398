/** RFC 9110 12.5.3, as far as browsers and proxies use it. */
export function acceptsGzip(header: string | string[] | undefined): boolean {
  return /(^|[,\s])(gzip|\*)\s*(;\s*q=(1|0?\.\d*[1-9])|,|$)/i.test(String(header ?? ''))
}
