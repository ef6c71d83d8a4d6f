/** @module Who a server listens to, and under which names it may be called. */
import { isIP } from 'node:net'

const LOOPBACK_V4 = /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/u

/** Whether nobody but this machine reaches an address, or a name of it. */
export function isLoopback(host: string): boolean {
  const name = unbracketed(host).toLowerCase()
  return name === 'localhost' || name === '::1' || LOOPBACK_V4.test(name) || name.endsWith('.localhost')
}

/**
 * Whether a server that only its own machine reaches may be called as a request calls it (`Host`). A page of the web can have its own name point to this machine
 * (DNS rebinding): then the browser takes what is here for that page's, but says the name.
 * @param names others that are allowed, without ports
 */
export function isHostAllowed(header: string | undefined, names: readonly string[]): boolean {
  if (header === undefined) return false
  const name = hostName(header)
  if (name === undefined) return false
  return isLoopback(name) || names.includes(name)
}

/** The name in `NAME`, `NAME:PORT` or `[ADDRESS]:PORT`; `undefined` for what is none of them. */
function hostName(header: string): string | undefined {
  const match = /^(\[[^\]]+\]|[^:[\]]+)(?::\d{1,5})?$/u.exec(header)
  return match?.[1] === undefined ? undefined : unbracketed(match[1]).toLowerCase()
}

/** An address as it stands in a URL. */
export function urlHost(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host
}

function unbracketed(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host
}
