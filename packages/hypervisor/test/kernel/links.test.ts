import { loadCrypto } from '@troupe/crypto'
import { type Kernel, NV21 } from '@troupe/hypervisor'
import { CborWriter, type Cid, cidOf, createCid, DAG_CBOR, RAW } from '@troupe/ipld'
import { describe, expect, it } from 'vitest'
import { gasOf, invoke, type Syscall } from './invoke.ts'

const crypto = await loadCrypto()
const text = new TextEncoder()
const MIB = 2 ** 20
const CBOR = 0x51
const BLAKE2B_256 = 0xb220
const digest = crypto.blake2b(text.encode('foobar'), 32)
const known = createCid(RAW, BLAKE2B_256, digest)

/** The tuple of the reference's tests: a number, a link, a number. */
const linking = (cid: Cid): Uint8Array => new CborWriter().array(3).uint(0).cid(cid).uint(1).finish()
const bytesOf = (...values: (number | readonly number[])[]): Uint8Array => Uint8Array.from(values.flat())
/** Tag 42 over these bytes. */
const tagged = (bytes: Uint8Array): Uint8Array => bytesOf(0xd8, 42, 0x58, bytes.length, [...bytes])

/** Creates a block where `known` can be reached; gives the error, if any, and the gas of the scan: items 35, links 400. */
async function scan(
  codec: number,
  data: Uint8Array,
): Promise<{ result: unknown; gas: number; kernel: Kernel }> {
  let outcome: { result: unknown; gas: number; kernel: Kernel } | undefined
  await invoke(NV21, (syscall, kernel) => {
    kernel.blocks.markReachable(known)
    const charges: number[] = []
    kernel.gas.listen((name, milligas) => {
      if (name === 'OnScanIpldLinks') charges.push(Number(milligas) / 1000)
    })
    const result = syscall('ipld.blockCreate', BigInt(codec), data)
    kernel.gas.listen(undefined)
    outcome = { result, gas: charges.reduce((sum, gas) => sum + gas, 0), kernel }
  })
  if (outcome === undefined) throw new Error('nothing was invoked')
  return outcome
}

describe('the scan for links', () => {
  // ref-fvm master fvm/src/ipld/mod.rs, tests skip_raw, basic_cbor, recursive_cbor, ignores_pieces.
  it('finds them in DAG-CBOR only', async () => {
    const { result, gas, kernel } = await scan(DAG_CBOR, linking(known))
    expect(result).toEqual({ value: 1 })
    expect(gas).toBe(4 * 35 + 400)
    expect(kernel.blocks.get(1).links?.map(String)).toEqual([String(known)])
    for (const codec of [RAW, CBOR]) {
      const other = await scan(codec, linking(known))
      expect(other.gas).toBe(0)
      expect(other.kernel.blocks.get(1).links).toEqual([])
    }
    expect(await scan(RAW, bytesOf(1, 2, 3))).toMatchObject({ result: { value: 1 }, gas: 0 })
  })

  it('looks into blocks that are part of their CID', async () => {
    const inline = createCid(DAG_CBOR, 0, linking(known))
    const { gas, kernel } = await scan(DAG_CBOR, linking(inline))
    expect(gas).toBe(8 * 35 + 2 * 400)
    expect(kernel.blocks.get(1).links?.map(String)).toEqual([String(known)])
    for (const codec of [RAW, CBOR])
      expect(await scan(DAG_CBOR, linking(createCid(codec, 0, linking(known))))).toMatchObject({
        result: { value: 1 },
        gas: 4 * 35 + 400,
      })
    expect(await scan(DAG_CBOR, linking(createCid(DAG_CBOR, 0, bytesOf())))).toMatchObject({
      result: 'Serialization',
      gas: 3 * 35 + 400 + 35,
    })
  })

  it('passes over sector commitments, whatever their hash', async () => {
    for (const codec of [0xf101, 0xf102])
      for (const cid of [createCid(codec, BLAKE2B_256, digest), createCid(codec, 0x12, digest.subarray(1))])
        expect(await scan(DAG_CBOR, linking(cid))).toMatchObject({
          result: { value: 1 },
          gas: 4 * 35 + 400,
        })
  })

  it('counts a link as often as it occurs', async () => {
    const twice = new CborWriter().array(2).cid(known).cid(known).finish()
    const { gas, kernel } = await scan(DAG_CBOR, twice)
    expect(gas).toBe(3 * 35 + 2 * 400)
    expect(kernel.blocks.get(1).links).toHaveLength(2)
  })

  it('refuses links that no block can have', async () => {
    const version0 = bytesOf(0, 0x12, 0x20, [...digest])
    for (const data of [
      linking(createCid(0x70, BLAKE2B_256, digest)),
      linking(createCid(RAW, 0x12, digest)),
      linking(createCid(RAW, BLAKE2B_256, digest.subarray(0, 31))),
      linking(createCid(RAW, BLAKE2B_256, bytesOf([...digest], 0))),
    ])
      expect(await scan(DAG_CBOR, data)).toMatchObject({ result: 'NotFound', gas: 3 * 35 + 400 })
    expect(await scan(DAG_CBOR, tagged(version0))).toMatchObject({ result: 'NotFound', gas: 435 })
  })

  const cid = [...known.bytes]
  it.each<[string, Uint8Array, number]>([
    ['an empty block', bytesOf(), 35],
    ['bytes after the item', bytesOf(0, 0), 35],
    ['an item that is missing', bytesOf(0x82, 0), 3 * 35],
    ['a header that is cut off', bytesOf(0x19, 0), 35],
    ['an indefinite length', bytesOf(0x9f, 0xff), 35],
    ['reserved additional information', bytesOf(0x1c), 35],
    ['bytes that are cut off', bytesOf(0x42, 0), 35],
    ['a text that is cut off', bytesOf(0x7b, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), 35],
    ['a link that is none', bytesOf(0xd8, 42, 0), 435],
    ['a link at the end', bytesOf(0xd8, 42), 435],
    ['a link without bytes', bytesOf(0xd8, 42, 0x40), 435],
    ['a link without the prefix', tagged(bytesOf(1, cid)), 435],
    ['a link that is cut off', tagged(bytesOf(0, cid)).subarray(0, -1), 435],
    ['a link with bytes after it', tagged(bytesOf(0, cid, 0)), 435],
    ['a link of half a CID', tagged(bytesOf(0, cid.slice(0, -1))), 435],
    ['more items than 64 bits count, in one map', bytesOf(0xbb, [0x80, 0, 0, 0, 0, 0, 0, 0]), 35],
    [
      'more items than 64 bits count, in two arrays',
      bytesOf(0x9b, Array(8).fill(255), 0x9b, [0, 0, 0, 0, 0, 0, 0, 2]),
      2 * 35,
    ],
    [
      'as many items as 64 bits count, but not there',
      bytesOf(0x9b, Array(8).fill(255), 0x9b, [0, 0, 0, 0, 0, 0, 0, 1], 0),
      4 * 35,
    ],
    ['a count beyond all bytes', bytesOf(0x9b, Array(8).fill(255), 0x80, 0x80), 4 * 35],
  ])('refuses %s, and charges for what it has seen', async (_, data, gas) => {
    expect(await scan(DAG_CBOR, data)).toMatchObject({ result: 'Serialization', gas })
  })

  it.each<[string, Uint8Array, number]>([
    ['headers that are not minimal', bytesOf(0x9b, [0, 0, 0, 0, 0, 0, 0, 2], 0x18, 0, 0x59, 0, 1, 7), 3],
    ['floats and simple values', bytesOf(0x84, 0xf9, 0, 0, 0xfa, 0, 0, 0, 0, 0xf6, 0xf8, 7), 5],
    ['maps with keys twice', bytesOf(0xa2, 0, 1, 0, 1), 5],
    ['texts that are not UTF-8', bytesOf(0x61, 0xff), 1],
    ['other tags', bytesOf(0xc1, 0xd9, 0xff, 0xff, 0), 3],
  ])('accepts %s', async (_, data, items) => {
    expect(await scan(DAG_CBOR, data)).toMatchObject({ result: { value: 1 }, gas: items * 35 })
  })

  it('uses up the gas where that does not suffice', async () => {
    const run = (gas: bigint): Promise<unknown> =>
      invoke(NV21, (syscall, kernel) => {
        kernel.blocks.markReachable(known)
        kernel.gas.pushLimit(gas * 1000n)
        syscall('ipld.blockCreate', 0x71n, linking(known))
      })
    const scanned = 4n * 35n + 400n
    const created = BigInt(linking(known).length) * 10n
    await expect(run(scanned - 1n)).rejects.toThrow(/exit 7/)
    await expect(run(scanned + created - 1n)).rejects.toThrow(/exit 7/)
    await expect(run(scanned + created)).resolves.toBeDefined()
  })
})

describe('blocks in generation 4', () => {
  const data = new CborWriter().array(1).uint(7).finish()
  const put = (syscall: Syscall, block: Uint8Array, codec = 0x71n): Cid => {
    const { value } = syscall('ipld.blockCreate', codec, block) as { value: number }
    return syscall('ipld.blockLink', value, 0xb220n, 32) as Cid
  }

  it('can be opened and linked only where the invocation reaches them', async () => {
    await invoke(NV21, (syscall, _kernel, { blocks }) => {
      const strange = cidOf(crypto, DAG_CBOR, data)
      blocks.put(strange, data)
      expect(syscall('ipld.blockOpen', strange)).toBe('NotFound')
      expect(syscall('self.setRoot', strange)).toBe('NotFound')
      expect(syscall('ipld.blockCreate', 0x71n, linking(strange))).toBe('NotFound')
      // Neither scanned nor followed.
      expect(syscall('ipld.blockCreate', 0x51n, linking(strange))).toEqual({ value: 1 })
      expect(String(put(syscall, data))).toBe(String(strange))
      expect(syscall('ipld.blockOpen', strange)).toMatchObject({ codec: 0x71n, size: 2 })
      expect(syscall('ipld.blockCreate', 0x71n, linking(strange))).toMatchObject({})
      expect(syscall('self.setRoot', strange)).toBeUndefined()
    })
  })

  it('are reached from the root, and from what was opened', async () => {
    await invoke(NV21, (syscall, kernel, { store, machine }) => {
      const leaf = store.putBlock(DAG_CBOR, data)
      const inner = store.putBlock(DAG_CBOR, linking(leaf))
      const state = machine.state.getActor(101n)
      if (state === undefined) throw new Error('no actor')
      machine.state.setActor(101n, { ...state, head: inner })
      expect(syscall('ipld.blockOpen', inner)).toBe('NotFound')
      expect(gasOf(kernel, () => expect(String(syscall('self.root'))).toBe(String(inner)))).toBe(300)
      expect(syscall('ipld.blockOpen', leaf)).toBe('NotFound')
      const size = linking(leaf).length
      expect(gasOf(kernel, () => syscall('ipld.blockOpen', inner))).toBe(
        187_740 + 4 * 35 + 400 + Math.max(10 * size, 2.4 * size + 300),
      )
      expect(gasOf(kernel, () => syscall('ipld.blockOpen', leaf))).toBe(187_740 + 2 * 35 + 20)
      expect(gasOf(kernel, () => syscall('self.setRoot', leaf))).toBe(475_000 + 300)
      expect(gasOf(kernel, () => syscall('self.setRoot', leaf))).toBe(300)
    })
  })

  it('that are part of their CID are not reached by that', async () => {
    await invoke(NV21, (syscall) => {
      const inline = createCid(DAG_CBOR, 0, data)
      expect(syscall('ipld.blockOpen', inline)).toBe('NotFound')
      expect(syscall('self.setRoot', inline)).toBe('NotFound')
    })
  })

  it('are not reachable just because they would be of no interest to the scan', async () => {
    await invoke(NV21, (syscall) => {
      const commitment = createCid(0xf101, 0x1012, digest)
      expect(syscall('ipld.blockOpen', commitment)).toBe('NotFound')
    })
  })

  it('have a codec that is tested before anything is charged, and a size before that', async () => {
    await invoke(NV21, (syscall, kernel) => {
      // 191919: ref-fvm master testing/test_actors/actors/fil-ipld-actor.
      for (const codec of [191_919n, 0x70n, 2n ** 64n - 1n])
        expect(
          gasOf(kernel, () => expect(syscall('ipld.blockCreate', codec, data)).toBe('IllegalCodec')),
        ).toBe(0)
      const large = new Uint8Array(MIB + 1)
      expect(
        gasOf(kernel, () => expect(syscall('ipld.blockCreate', 0x70n, large)).toBe('LimitExceeded')),
      ).toBe(0)
      expect(
        gasOf(kernel, () =>
          expect(syscall('ipld.blockCreate', 0x55n, large.subarray(1))).toEqual({ value: 1 }),
        ),
      ).toBe(10 * MIB)
    })
  })

  it('cost their links where those cost more than their bytes', async () => {
    await invoke(NV21, (syscall, kernel) => {
      const leaf = put(syscall, data)
      const links = new CborWriter().array(40)
      for (let i = 0; i < 40; i++) links.cid(leaf)
      const block = links.finish()
      expect(gasOf(kernel, () => syscall('ipld.blockCreate', 0x71n, block))).toBe(
        41 * 35 + 40 * 400 + Math.max(10 * block.length, 2.4 * block.length + 300 * 40),
      )
      expect(gasOf(kernel, () => syscall('ipld.blockLink', 1, 0xb220n, 32))).toBe(
        506_300 + 3352.4 * data.length,
      )
    })
  })

  it('keep their links where the actor writes over its memory', async () => {
    await invoke(NV21, (syscall, kernel) => {
      const leaf = put(syscall, data)
      const mine = linking(leaf)
      syscall('ipld.blockCreate', 0x71n, mine)
      mine.fill(0)
      expect(kernel.blocks.get(2).links?.map(String)).toEqual([String(leaf)])
    })
  })
})
