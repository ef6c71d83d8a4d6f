import {
  type ActorState,
  actorStateCodec,
  decodeActorState,
  delegatedAddress,
  encodeActorState,
} from '@troupe/hypervisor'
import { CborWriter, decodeValue, encodeValue, parseCid } from '@troupe/ipld'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const CODE = parseCid('bafy2bzacebs6x6wi25vfd2mxglovctqcoxraohdbzr6hdnhgos5xj5toln4ng')
const HEAD = parseCid('bafy2bzacedswlneip6kczfktf7yfdwkffobnf4kpenru4jdwjgvzh6wanennq')

/** Actors of the main network at network versions 17 and 18, from the state trees of fvm-test-vectors (fil_9_account/Send, fil_10_storageminer/Send). */
const NV17 =
  '84d82a5827000155a0e40220a7a7fe914936fc2e318a71b9b4cdf60083f0d3c829404cba4ad6adaa462a2dacd82a5827000171a0e402200cddfa05179c06e911d7a3791a3e668e69a381e2890009d2e7a4454baf65fdfa004a0007fc83156e8b36a7d2'
const NV18 =
  '85d82a5827000155a0e4022018fb722e64c1fe9f19ebf82845187b1e133557688d7341becbe75eae4fd5b417d82a5827000171a0e40220a1a84bbbb4e0b318c6633aa6ae25b4b6a67ac485b0e6f4c79022a6c6ee226e3b0146000fd6eed0e0f6'

function bytes(hex: string): Uint8Array {
  return Uint8Array.fromHex(hex)
}

const actor = fc.record({
  code: fc.constant(CODE),
  head: fc.constant(HEAD),
  sequence: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  balance: fc.bigInt({ min: 0n, max: 2n ** 120n }),
})

describe('actors in the state tree', () => {
  it('read and write as on the main network', () => {
    const old = decodeActorState(bytes(NV17), 4)
    expect(old).toMatchObject({ sequence: 0n, balance: 147322618999999997906n })
    expect(old.code.code).toBe(0x55)
    expect(old.head.code).toBe(0x71)
    expect(encodeActorState(old, 4)).toEqual(bytes(NV17))

    const current = decodeActorState(bytes(NV18), 5)
    expect(current).toMatchObject({ sequence: 1n, balance: 68030484704n })
    expect(current.delegatedAddress).toBeUndefined()
    expect(encodeActorState(current, 5)).toEqual(bytes(NV18))
  })

  it('read back as they were written', () => {
    fc.assert(
      fc.property(actor, fc.option(fc.uint8Array({ maxLength: 54 })), (written, subaddress) => {
        const state: ActorState =
          subaddress === null ? written : { ...written, delegatedAddress: delegatedAddress(10n, subaddress) }
        const encoded = encodeValue(actorStateCodec(5), state)
        const decoded = decodeValue(actorStateCodec(5), encoded)
        expect(decoded.sequence).toBe(state.sequence)
        expect(decoded.balance).toBe(state.balance)
        expect(decoded.delegatedAddress?.key).toBe(state.delegatedAddress?.key)
        expect(encodeActorState(decoded, 5)).toEqual(encoded)
        expect(decodeActorState(encodeActorState(written, 4), 4)).toMatchObject({ balance: written.balance })
      }),
      { seed: 8 },
    )
  })

  it('cannot lose a delegated address', () => {
    const state = {
      code: CODE,
      head: HEAD,
      sequence: 0n,
      balance: 0n,
      delegatedAddress: delegatedAddress(10n, new Uint8Array(20)),
    }
    expect(() => encodeActorState(state, 4)).toThrow(
      expect.objectContaining({ code: 'actor-state/malformed' }),
    )
  })

  it.each([
    ['five fields for four', 4, (w: CborWriter) => w.array(5).cid(CODE).cid(HEAD).uint(0).bigInt(0n).null()],
    ['four fields for five', 5, (w: CborWriter) => w.array(4).cid(CODE).cid(HEAD).uint(0).bigInt(0n)],
    ['code that is no CID', 4, (w: CborWriter) => w.array(4).bytes(CODE.bytes).cid(HEAD).uint(0).bigInt(0n)],
    ['a head that is null', 4, (w: CborWriter) => w.array(4).cid(CODE).null().uint(0).bigInt(0n)],
    ['a negative sequence', 4, (w: CborWriter) => w.array(4).cid(CODE).cid(HEAD).int(-1).bigInt(0n)],
    ['a balance that is an integer', 4, (w: CborWriter) => w.array(4).cid(CODE).cid(HEAD).uint(0).int(-1)],
    [
      'a delegated address that is none',
      5,
      (w: CborWriter) => w.array(5).cid(CODE).cid(HEAD).uint(0).bigInt(0n).bytes(Uint8Array.of(7, 7)),
    ],
    ['bytes after it', 4, (w: CborWriter) => w.array(4).cid(CODE).cid(HEAD).uint(0).bigInt(0n).null()],
  ] as const)('are refused with %s', (_, arity: 4 | 5, write) => {
    const writer = new CborWriter()
    write(writer)
    expect(() => decodeActorState(writer.finish(), arity)).toThrow(
      expect.objectContaining({ code: 'actor-state/malformed' }),
    )
  })
})
