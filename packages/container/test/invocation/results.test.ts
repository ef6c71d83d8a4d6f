import { loadCrypto } from '@troupe/crypto'
import {
  idAddress,
  type Kernel,
  MESSAGE_CONTEXT,
  NV18,
  ProtocolFatal,
  SEND,
  SYSCALLS_2,
  SYSCALLS_3,
  TOKEN_AMOUNT,
} from '@troupe/hypervisor'
import { cidOf, RAW } from '@troupe/ipld'
import { describe, expect, it } from 'vitest'
import type { GuestMemory } from '../../src/invocation/guest-memory.ts'
import { Invocation } from '../../src/invocation/invocation.ts'
import { bufferWriter, resultSize, resultWriter } from '../../src/invocation/results.ts'

function memory(): GuestMemory {
  const made = new Invocation({ rules: NV18, memory: { used: 0 } } as unknown as Kernel).memory
  made.attach({ buffer: new ArrayBuffer(65_536), grow: () => 0 })
  made.show()
  return made
}

/** The bytes that a result leaves at the out-pointer 3, in hex. */
function written(result: Parameters<typeof resultWriter>[0], value: unknown): string {
  const target = memory()
  resultWriter(result)(target, 3, value)
  return hex(target.bytes.subarray(3, 3 + resultSize(result)))
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

describe('a result', () => {
  it('has the size of the reference’s struct', () => {
    const sizes = new Map(
      [...SYSCALLS_2, ...SYSCALLS_3].map(({ module, name, result }) => [
        `${module}.${name}`,
        resultSize(result),
      ]),
    )
    expect(Object.fromEntries(sizes)).toMatchObject({
      'vm.exit': 0,
      'vm.abort': 0,
      'vm.context': 52,
      'vm.message_context': 80,
      'network.context': 44,
      'network.base_fee': 16,
      'ipld.block_open': 16,
      'ipld.block_stat': 12,
      'ipld.block_create': 4,
      'ipld.block_link': 4,
      'self.set_root': 0,
      'send.send': 20,
      'actor.resolve_address': 8,
      'actor.create_actor': 0,
      'actor.next_actor_address': 4,
      'crypto.hash': 4,
      'crypto.recover_secp_public_key': 65,
      'crypto.verify_signature': 4,
      'crypto.verify_consensus_fault': 20,
      'crypto.batch_verify_seals': 0,
      'rand.get_beacon_randomness': 32,
    })
  })

  it('is packed and little-endian', () => {
    expect(written(SEND, { exitCode: 1, returnId: 2, returnCodec: 0x55n, returnSize: 0x0304 })).toBe(
      '01000000' + '02000000' + '5500000000000000' + '04030000',
    )
    const context = {
      origin: 1n,
      nonce: 2n,
      caller: 3n,
      receiver: 4n,
      methodNumber: 5n,
      valueReceived: 6n,
      gasPremium: 7n,
      flags: 8n,
    }
    const word = (value: number): string => `0${value}00000000000000`
    expect(written(MESSAGE_CONTEXT, context)).toBe(
      [1, 2, 3, 4, 5, 6].map(word).join('') + word(0) + word(7) + word(0) + word(8),
    )
  })

  it('that is an amount has its low word first', () => {
    expect(written(TOKEN_AMOUNT, { value: 2n ** 64n + 5n })).toBe('0500000000000000' + '0100000000000000')
    expect(written(TOKEN_AMOUNT, { value: 2n ** 128n - 1n })).toBe('ff'.repeat(16))
  })

  it.each([2n ** 128n, -1n])('that is an amount of %i is fatal', (value) => {
    expect(() => written(TOKEN_AMOUNT, { value })).toThrow(ProtocolFatal)
  })

  it('that is a verdict is 0 for yes and -1 for no', () => {
    expect(written('verdict', true)).toBe('00000000')
    expect(written('verdict', false)).toBe('ffffffff')
  })

  it('that is bytes is copied', () => {
    expect(written({ bytes: 32 }, new Uint8Array(32).fill(7))).toBe('07'.repeat(32))
  })
})

describe('a result in a buffer', () => {
  const OUT = 0

  it('is copied whole, with its length at the out-pointer, or not at all', async () => {
    const cid = cidOf(await loadCrypto(), RAW, new Uint8Array())
    for (const [kind, value] of [
      ['cid', cid],
      ['address', idAddress(300n)],
    ] as const) {
      const { length } = value.bytes
      const target = memory()
      bufferWriter(kind)(target, OUT, target.slice(100, length), value)
      expect(hex(target.slice(100, length))).toBe(hex(value.bytes))
      expect(target.view.getUint32(OUT, true)).toBe(length)
      const tight = memory()
      expect(() => bufferWriter(kind)(tight, OUT, tight.slice(100, length - 1), value)).toThrow(
        expect.objectContaining({ number: 12 }),
      )
      expect(tight.bytes.every((byte) => byte === 0)).toBe(true)
    }
  })

  it('that is no address has length zero', () => {
    const target = memory()
    target.view.setUint32(OUT, 99, true)
    bufferWriter('address')(target, OUT, target.slice(100, 0), undefined)
    expect(target.view.getUint32(OUT, true)).toBe(0)
  })

  it.each([
    [40, 32],
    [32, 32],
    [5, 5],
    [0, 0],
  ])('that is a digest is cut to a buffer of %i bytes', (room, length) => {
    const target = memory()
    bufferWriter('digest')(target, OUT, target.slice(100, room), new Uint8Array(32).fill(7))
    expect(target.view.getUint32(OUT, true)).toBe(length)
    expect(target.bytes.subarray(100, 200).filter((byte) => byte === 7)).toHaveLength(length)
  })

  it('may be overwritten by its own length', () => {
    const target = memory()
    bufferWriter('digest')(target, 100, target.slice(100, 8), new Uint8Array(32).fill(7))
    expect(hex(target.slice(100, 8))).toBe('0800000007070707')
  })
})
