import { bls12_381 } from '@noble/curves/bls12-381.js'
import { loadCrypto } from '@troupe/crypto'
import { LocalExterns, NV20, NV21, OPERATIONS, ProtocolFatal } from '@troupe/hypervisor'
import { idOf } from '@troupe/testkit'
import { describe, expect, it } from 'vitest'
import { gasOf, invoke } from './invoke.ts'

const crypto = await loadCrypto()
const CONTEXT = { epoch: 2000n, timestamp: 0n, baseFee: 1n, circulatingSupply: 0n, chainId: 0n }

/** A region of an actor's memory, from its start, as the binding hands it over. */
const at =
  (bytes: Uint8Array) =>
  (length: number): Uint8Array => {
    if (length > bytes.length) throw new RangeError('out of bounds')
    return bytes.subarray(0, length)
  }
const concat = (parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]))
const lengths = (...values: readonly number[]): Uint8Array => new Uint8Array(Uint32Array.from(values).buffer)

describe('crypto.verify_bls_aggregate', () => {
  const { longSignatures: bls } = bls12_381
  const keys = [1, 2, 3].map((seed) => new Uint8Array(32).fill(seed))
  const publicKeys = keys.map((key) => bls.getPublicKey(key).toBytes())
  const messages = ['one', 'two', 'three'].map((word) => new TextEncoder().encode(word))
  const signatures = keys.map((key, i) =>
    bls
      .sign(bls.hash(messages[i] as Uint8Array, 'BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_'), key)
      .toBytes(),
  )
  const signature = crypto.blsAggregate(signatures) as Uint8Array

  interface Aggregate {
    readonly signers?: number
    readonly signature?: Uint8Array
    readonly publicKeys?: readonly Uint8Array[]
    readonly messages?: readonly Uint8Array[]
    readonly lengths?: Uint8Array
  }

  /** Asks for verification; gives the verdict or the error, and the gas. */
  async function verify(aggregate: Aggregate): Promise<[unknown, number]> {
    const all = { signers: 3, signature, publicKeys, messages, ...aggregate }
    const sizes = aggregate.lengths ?? lengths(...all.messages.map(({ length }) => length))
    let result: unknown
    let gas = 0
    await invoke(NV21, (syscall, kernel) => {
      gas = gasOf(kernel, () => {
        result = syscall(
          'crypto.verifyBlsAggregate',
          all.signers,
          all.signature,
          at(concat(all.publicKeys)),
          at(concat(all.messages)),
          at(sizes),
        )
      })
    })
    return [result, gas]
  }

  const price = (signers: number, length: number): number => 8_299_302 * (signers + 1) + 7 * length

  it('verifies a sum of signatures', async () => {
    expect(await verify({})).toEqual([true, price(3, 11)])
  })

  it('finds anything valid that nobody has signed', async () => {
    const none = { signers: 0, publicKeys: [], messages: [], signature: new Uint8Array(96) }
    expect(await verify(none)).toEqual([true, price(0, 0)])
  })

  it('tells invalid what does not fit, or is no point', async () => {
    const [one, two, three] = messages as [Uint8Array, Uint8Array, Uint8Array]
    const [a, b, c] = publicKeys as [Uint8Array, Uint8Array, Uint8Array]
    for (const wrong of [
      { messages: [one, two, one] },
      { messages: [two, one, three] },
      { publicKeys: [a, c, b] },
      { publicKeys: [a, b, new Uint8Array(48)] },
      { publicKeys: [a, b, Uint8Array.of(0xc0, ...new Uint8Array(47))] },
      { signature: new Uint8Array(96) },
      { signature: signatures[0] as Uint8Array },
    ])
      expect((await verify(wrong))[0]).toBe(false)
  })

  it('refuses more signers than keys of 48 bytes that 32 bits count, for free', async () => {
    expect(await verify({ signers: 89_478_486 })).toEqual(['IllegalArgument', 0])
  })

  it('refuses plaintexts whose lengths do not fit in 32 bits, and charges for what is left of them', async () => {
    const wrapping = { lengths: lengths(2 ** 32 - 1, 1, 11) }
    expect(await verify(wrapping)).toEqual(['IllegalArgument', price(3, 11)])
  })
})

describe('randomness in generation 4', () => {
  const externs = new LocalExterns(crypto, new Uint8Array(1))

  it('is what the node says, and costs by how long ago it was', async () => {
    await invoke(
      NV21,
      (syscall, kernel) => {
        for (const [operation, round, digest] of [
          ['rand.getChainDigest', 2000n, externs.chainRandomness(2000n)],
          ['rand.getBeaconDigest', 1990n, externs.beaconRandomness(1990n)],
        ] as const) {
          const lookback = Number(2000n - round)
          expect(gasOf(kernel, () => expect(syscall(operation, round)).toEqual(digest))).toBe(
            146_200 + 75 * lookback,
          )
        }
      },
      { externs, machine: { context: CONTEXT } },
    )
  })

  it('of a round to come uses up all gas; of one beyond 64 bits it is an illegal argument', async () => {
    const draw = (round: bigint): Promise<unknown> =>
      invoke(
        NV21,
        (syscall) => {
          expect(syscall('rand.getChainDigest', round)).toBe('IllegalArgument')
        },
        { externs, machine: { context: CONTEXT } },
      )
    await expect(draw(2001n)).rejects.toThrow('exit 7')
    await expect(draw(2000n - 2n ** 63n + 1n)).rejects.toThrow('exit 7')
    await draw(2000n - 2n ** 63n)
  })
})

describe('network.tipset_cid in generation 4', () => {
  it('goes back to the first epoch, by price', async () => {
    await invoke(
      NV21,
      (syscall, kernel) => {
        for (const epoch of [-1n, 2000n, 2001n])
          expect(
            gasOf(kernel, () => expect(syscall('network.tipsetCid', epoch)).toBe('IllegalArgument')),
          ).toBe(0)
        expect(gasOf(kernel, () => syscall('network.tipsetCid', 1999n))).toBe(146_275)
        expect(gasOf(kernel, () => syscall('network.tipsetCid', 0n))).toBe(146_200 + 75 * 2000)
      },
      { machine: { context: CONTEXT } },
    )
    await invoke(NV20, (syscall) => expect(syscall('network.tipsetCid', 0n)).toBe('IllegalArgument'), {
      machine: { context: CONTEXT },
    })
  })
})

describe('self.self_destruct in generation 4', () => {
  it('burns the balance where it is told to, and refuses to go with one otherwise', async () => {
    // ref-fvm master testing/test_actors/actors/fil-sself-actor
    const { machine } = await invoke(NV21, (syscall, kernel) => {
      const block = syscall('ipld.blockCreate', 0x55n, new TextEncoder().encode('foo')) as { value: number }
      const cid = syscall('ipld.blockLink', block.value, 0xb220n, 32)
      expect(syscall('self.setRoot', cid)).toBeUndefined()
      expect(String(syscall('self.root'))).toBe(String(cid))
      expect(syscall('self.selfDestructOrBurn', 0)).toBe('IllegalOperation')
      // Its own record has been updated before, and that of the burnt funds costs nothing.
      expect(gasOf(kernel, () => syscall('self.selfDestructOrBurn', 1))).toBe(0)
      expect(syscall('self.root')).toBe('IllegalOperation')
      expect(syscall('self.setRoot', cid)).toBe('IllegalOperation')
      expect(syscall('self.setRoot', kernel.calls.machine.emptyTuple)).toBe('NotFound')
      expect(syscall('self.currentBalance')).toEqual({ value: 0n })
      expect(gasOf(kernel, () => syscall('self.selfDestructOrBurn', 0))).toBe(0)
    })
    expect(machine.state.getActor(101n)).toBeUndefined()
    // 1000 attoFIL were the actor's; the rest are fees.
    const burnt = machine.state.getActor(99n)?.balance ?? 0n
    expect(burnt % 100n).toBe(0n)
    expect(burnt).toBeGreaterThanOrEqual(1000n)
  })

  it('needs nobody’s leave where there is no balance', async () => {
    const { machine } = await invoke(NV21, (syscall) => void syscall('self.selfDestructOrBurn', 0), {
      actors: { 101: { code: 'body' } },
    })
    expect(machine.state.getActor(101n)).toBeUndefined()
  })

  it('is fatal where the gas does not suffice for the transfer', async () => {
    await invoke(NV21, (syscall, kernel) => {
      kernel.gas.pushLimit(474_999_999n)
      expect(() => syscall('self.selfDestructOrBurn', 1)).toThrow(ProtocolFatal)
      kernel.gas.popLimit()
    })
  })

  it('is fatal where there is nobody to burn at', async () => {
    await invoke(NV21, (syscall, _kernel, { machine }) => {
      const burnt = machine.state.getActor(99n)
      machine.state.deleteActor(99n)
      expect(() => syscall('self.selfDestructOrBurn', 1)).toThrow(ProtocolFatal)
      if (burnt !== undefined) machine.state.setActor(99n, burnt)
    })
  })

  it('is refused to a reader', async () => {
    await invoke(NV21, (syscall) => void syscall('send.send', idOf(102), 2n, 0, 0n, 0n, 2n ** 64n - 1n, 1n), {
      actors: { 102: { code: 'reader' } },
      scripts: {
        reader: (kernel) => {
          const destruct = OPERATIONS['self.selfDestructOrBurn'] as (...parameters: unknown[]) => unknown
          expect(() => destruct(kernel, 1)).toThrow(expect.objectContaining({ number: 13 }))
          return 0
        },
      },
    })
  })
})

describe('a reader in generation 4', () => {
  // ref-fvm master testing/test_actors/actors/fil-readonly-actor (methods 3 and 4)
  it('opens, makes and links blocks, and sets no root', async () => {
    expect.assertions(6)
    await invoke(NV21, (syscall) => void syscall('send.send', idOf(102), 2n, 0, 0n, 0n, 2n ** 64n - 1n, 1n), {
      actors: { 102: { code: 'reader' } },
      scripts: {
        reader: (kernel) => {
          const call = (name: string, ...parameters: unknown[]): unknown =>
            (OPERATIONS[name] as (...parameters: unknown[]) => unknown)(kernel, ...parameters)
          expect(call('ipld.blockCreate', 0x55n, new TextEncoder().encode('foo'))).toEqual({ value: 1 })
          const cid = call('ipld.blockLink', 1, 0xb220n, 32)
          const used = kernel.gas.used
          expect(() => call('self.setRoot', cid)).toThrow(expect.objectContaining({ number: 13 }))
          expect(kernel.gas.used).toBe(used)
          const root = call('self.root')
          expect(String(root)).toBe(String(kernel.calls.machine.emptyTuple))
          expect(call('ipld.blockOpen', root)).toMatchObject({ size: 1 })
          expect(call('ipld.blockOpen', cid)).toMatchObject({ size: 3 })
          return 0
        },
      },
    })
  })
})
