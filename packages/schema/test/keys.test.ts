import { createCid, RAW, SHA2_256 } from '@troupe/ipld'
import { formatKey } from '@troupe/schema'
import { expect, it } from 'vitest'

const LINK = createCid(RAW, SHA2_256, new Uint8Array(32))
const text = (value: string): Uint8Array => new TextEncoder().encode(value)

it.each([
  ['uint', Uint8Array.of(0x80, 1), '128'],
  ['uint', Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255, 255, 1), '18446744073709551615'],
  ['int', Uint8Array.of(2), '1'],
  ['int', Uint8Array.of(1), '-1'],
  ['id', Uint8Array.of(0xe8, 7), 'f01000'],
  ['text', text('name'), 'name'],
  ['cid', LINK.bytes, String(LINK)],
  ['bytes', Uint8Array.of(1, 0xab), '0x01ab'],
  ['address', Uint8Array.of(0, 1), '0x0001'],
] as const)('a key of kind %s is text', (kind, bytes, expected) => {
  expect(formatKey(kind, bytes)).toBe(expected)
})

it.each([
  ['uint', Uint8Array.of()],
  ['uint', Uint8Array.of(0x80)],
  ['uint', Uint8Array.of(1, 1)],
  ['uint', new Uint8Array(11).fill(0x80)],
  ['uint', Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255, 255, 2)],
  ['id', Uint8Array.of(0x80)],
  ['text', Uint8Array.of(0xff)],
  ['cid', Uint8Array.of(1)],
] as const)('a key of kind %s that is none is shown as bytes (case %#)', (kind, bytes) => {
  expect(formatKey(kind, bytes)).toBe(`0x${bytes.toHex()}`)
})

it('has addresses as whoever asks wants them', () => {
  const addresses = { format: (bytes: Uint8Array) => `t0${bytes[1]}`, parse: () => undefined }
  expect(formatKey('address', Uint8Array.of(0, 5), { addresses })).toBe('t05')
  expect(formatKey('id', Uint8Array.of(5), { addresses })).toBe('t05')
})
