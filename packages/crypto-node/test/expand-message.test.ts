import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { fromText, pattern, toHex } from '../../crypto/test/bytes.ts'
import { expandWithNoble } from '../../crypto/test/signers.ts'
import { expandMessage } from '../src/expand-message.ts'

const sha256 = (data: Uint8Array) => new Uint8Array(createHash('sha256').update(data).digest())

it('gives the uniform bytes of RFC 9380, appendix K.1', () => {
  const dst = fromText('QUUX-V01-CS02-with-expander-SHA256-128')
  const expand = (message: string, length: number) =>
    toHex(expandMessage(sha256, fromText(message), dst, length))
  expect(expand('', 32)).toBe('68a985b87eb6b46952128911f2a4412bbc302a9d759667f87f7a21d803f07235')
  expect(expand('abc', 32)).toBe('d8ccab23b5985ccea865c6c97b6e5b8350e794e603b4b97902f53a8a0d605615')
})

it('agrees with noble, also at its greatest length', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.uint8Array({ minLength: 1, maxLength: 255 }),
      fc.constantFrom(1, 31, 32, 33, 255, 256, 257, 8_160),
      (message, dst, length) => {
        expect(toHex(expandMessage(sha256, message, dst, length))).toBe(
          toHex(expandWithNoble(message, dst, length)),
        )
      },
    ),
    { seed: 31, numRuns: 40 },
  )
})

it('leaves the message as it is', () => {
  const message = pattern(100)
  expandMessage(sha256, message, fromText('tag'), 64)
  expect(message).toEqual(pattern(100))
})
