/** An input as JSON on one line: byte strings in hex, integers of any size in decimal. */
export function formatInput(input: unknown): string {
  return input instanceof Uint8Array ? hex(input) : JSON.stringify(plain(input))
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return hex(value)
  if (typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, plain(field)]))
  return value
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
