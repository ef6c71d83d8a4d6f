import { rulesOf } from '@troupe/hypervisor'
import { cidOf, DAG_CBOR } from '@troupe/ipld'
import { describe, expect, it } from 'vitest'
import { execute } from '../machine/message.ts'
import { gasOf, invoke } from './invoke.ts'

const nv17 = rulesOf(17)
const nv18 = rulesOf(18)
const MIB = 2 ** 20
const BLAKE2B = 0xb220n
const data = new Uint8Array([0x82, 1, 2])

describe('ipld syscalls', () => {
  it('create, link, open, stat and read a block', async () => {
    await invoke(nv18, (syscall, kernel, { crypto }) => {
      expect(syscall('ipld.blockCreate', 0x71n, data)).toEqual({ value: 1 })
      const cid = syscall('ipld.blockLink', 1, BLAKE2B, 32)
      expect(String(cid)).toBe(cidOf(crypto, DAG_CBOR, data).toString())
      expect(syscall('ipld.blockOpen', cid)).toEqual({ codec: 0x71n, id: 2, size: 3 })
      expect(syscall('ipld.blockStat', 2)).toEqual({ codec: 0x71n, size: 3 })
      const buffer = new Uint8Array(5)
      expect(syscall('ipld.blockRead', 2, 1, buffer)).toEqual({ value: -3 })
      expect([...buffer]).toEqual([1, 2, 0, 0, 0])
      expect(syscall('ipld.blockRead', 2, 0, new Uint8Array(2))).toEqual({ value: 1 })
      expect(kernel.lastFailure).toBeUndefined()
    })
  })

  it('keep a block apart from the memory it was created from', async () => {
    await invoke(nv18, (syscall, kernel) => {
      const mine = new Uint8Array([1, 2, 3])
      syscall('ipld.blockCreate', 0x55n, mine)
      mine.fill(9)
      expect([...kernel.blocks.get(1).data]).toEqual([1, 2, 3])
    })
  })

  it('accept the codecs of the generation, and charge before they refuse others', async () => {
    await invoke(nv17, (syscall, kernel) => {
      expect(syscall('ipld.blockCreate', 0x71n, data)).toEqual({ value: 1 })
      for (const codec of [0x51n, 0x55n, 0x70n, 2n ** 64n - 1n])
        expect(
          gasOf(kernel, () => expect(syscall('ipld.blockCreate', codec, data)).toBe('IllegalCodec')),
        ).toBe(31.5)
    })
    await invoke(nv18, (syscall, kernel) => {
      for (const codec of [0x71n, 0x51n, 0x55n])
        expect(syscall('ipld.blockCreate', codec, data)).toMatchObject({})
      expect(gasOf(kernel, () => expect(syscall('ipld.blockCreate', 0x70n, data)).toBe('IllegalCodec'))).toBe(
        30,
      )
    })
  })

  it('bound the size of a block from generation 3 on, before charging', async () => {
    await invoke(nv18, (syscall, kernel) => {
      expect(syscall('ipld.blockCreate', 0x55n, new Uint8Array(MIB))).toEqual({ value: 1 })
      expect(
        gasOf(kernel, () =>
          expect(syscall('ipld.blockCreate', 0x55n, new Uint8Array(MIB + 1))).toBe('LimitExceeded'),
        ),
      ).toBe(0)
    })
    await invoke(nv17, (syscall) => {
      expect(syscall('ipld.blockCreate', 0x71n, new Uint8Array(MIB + 1))).toEqual({ value: 1 })
    })
  })

  it('charge by size', async () => {
    await invoke(nv18, (syscall, kernel, { machine }) => {
      expect(gasOf(kernel, () => syscall('ipld.blockCreate', 0x71n, data))).toBe(30)
      expect(gasOf(kernel, () => syscall('ipld.blockLink', 1, BLAKE2B, 32))).toBe(506_000 + 3352.4 * 3)
      expect(gasOf(kernel, () => syscall('ipld.blockOpen', machine.emptyTuple))).toBe(187_440 + 10)
      expect(gasOf(kernel, () => syscall('ipld.blockRead', 1, 0, new Uint8Array(10)))).toBeCloseTo(1.2)
      expect(gasOf(kernel, () => syscall('ipld.blockStat', 1))).toBe(0)
    })
    await invoke(nv17, (syscall, kernel, { machine }) => {
      expect(gasOf(kernel, () => syscall('ipld.blockCreate', 0x71n, data))).toBe(31.5)
      expect(gasOf(kernel, () => syscall('ipld.blockLink', 1, BLAKE2B, 32))).toBe(353_640 + 1301 * 3)
      expect(gasOf(kernel, () => syscall('ipld.blockOpen', machine.emptyTuple))).toBe(135_617 + 10.5)
    })
  })

  it('refuse other hashes, unknown handles and ranges beyond 2^31', async () => {
    await invoke(nv18, (syscall) => {
      syscall('ipld.blockCreate', 0x55n, data)
      expect(syscall('ipld.blockLink', 1, 0x12n, 32)).toBe('IllegalCid')
      expect(syscall('ipld.blockLink', 1, BLAKE2B, 20)).toBe('IllegalCid')
      expect(syscall('ipld.blockLink', 2, BLAKE2B, 32)).toBe('InvalidHandle')
      for (const handle of [0, 2, 2 ** 32 - 1]) {
        expect(syscall('ipld.blockStat', handle)).toBe('InvalidHandle')
        expect(syscall('ipld.blockRead', handle, 0, new Uint8Array(1))).toBe('InvalidHandle')
      }
      expect(syscall('ipld.blockRead', 1, 2 ** 31 - 1, new Uint8Array(0))).toEqual({
        value: 3 - (2 ** 31 - 1),
      })
      expect(syscall('ipld.blockRead', 1, 2 ** 31 - 1, new Uint8Array(1))).toBe('IllegalArgument')
      expect(syscall('ipld.blockRead', 1, 2 ** 32 - 1, new Uint8Array(0))).toBe('IllegalArgument')
    })
  })

  it('end the message where an actor opens a block that is absent', async () => {
    for (const rules of [nv17, nv18]) {
      const missing = new Uint8Array([0xf6])
      const run = invoke(rules, (syscall, _kernel, { crypto }) => {
        syscall('ipld.blockOpen', cidOf(crypto, DAG_CBOR, missing))
      })
      await expect(run).rejects.toThrow(/exit 10: missing state/)
    }
  })
})

describe('a store that cannot answer', () => {
  it('makes no receipt', async () => {
    const { createTestNetwork } = await import('@troupe/testkit')
    const { IpldError } = await import('@troupe/ipld')
    const { OPERATIONS } = await import('@troupe/hypervisor')
    const network = await createTestNetwork({
      rules: nv18,
      actors: { 100: { code: 'account', balance: 10n ** 24n }, 101: { code: 'body' } },
      scripts: {
        body: (kernel) => {
          const open = OPERATIONS['ipld.blockOpen'] as (...parameters: unknown[]) => unknown
          open(kernel, cidOf(network.crypto, DAG_CBOR, new Uint8Array([0xf6])))
          return 0
        },
      },
    })
    const root = network.machine.flush()
    network.blocks.get = () => {
      throw new IpldError('blockstore/unavailable', 'the disk is gone')
    }
    expect(() => execute(network)).toThrow(expect.objectContaining({ code: 'blockstore/unavailable' }))
    expect(network.machine.flush().toString()).toBe(root.toString())
  })
})
