/** Headers that a page may send. */
const ALLOWED_HEADERS = 'authorization, content-type'
const MAX_AGE_SECONDS = '600'

/**
 * Whether a page may call: it is one of those that were named, or the server's own. What is no browser says no origin, and is not asked.
 * @param origin the header `Origin`
 * @param host the header `Host`
 * @param allowed origins, or `*` for all
 */
export function isOriginAllowed(
  origin: string | undefined,
  host: string | undefined,
  allowed: readonly string[],
): boolean {
  if (origin === undefined || allowed.includes('*') || allowed.includes(origin)) return true
  return host !== undefined && origin === `http://${host}`
}

/** The headers by which a browser lets a page read what is answered. */
export function corsHeaders(origin: string | undefined): Record<string, string> {
  if (origin === undefined) return {}
  return { 'access-control-allow-origin': origin, vary: 'origin' }
}

/** The headers of the answer to a browser that asks before it sends (CORS, and private network access). */
export function preflightHeaders(origin: string | undefined): Record<string, string> {
  return {
    ...corsHeaders(origin),
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': ALLOWED_HEADERS,
    'access-control-allow-private-network': 'true',
    'access-control-max-age': MAX_AGE_SECONDS,
  }
}
