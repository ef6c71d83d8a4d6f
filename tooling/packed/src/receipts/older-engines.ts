/** @module A setup file of vitest: tests are written for the newest Node, and say bytes as text. Engines that cannot are given what they lack; no package uses it. */

const given: Readonly<Record<string, unknown>> = {
  toHex(this: Uint8Array) {
    return Buffer.from(this).toString('hex')
  },
  toBase64(this: Uint8Array) {
    return Buffer.from(this).toString('base64')
  },
}
const made: Readonly<Record<string, unknown>> = {
  fromHex: (text: string) => new Uint8Array(Buffer.from(text, 'hex')),
  fromBase64: (text: string) => new Uint8Array(Buffer.from(text, 'base64')),
}

for (const [target, methods] of [
  [Uint8Array.prototype, given],
  [Uint8Array, made],
] as const)
  for (const [name, value] of Object.entries(methods))
    if (!(name in target)) Object.defineProperty(target, name, { value, configurable: true, writable: true })
