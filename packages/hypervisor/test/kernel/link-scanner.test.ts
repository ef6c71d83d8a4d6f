import { type Kernel, NV21, OutOfGas, SyscallError } from '@troupe/hypervisor'
import {
  BLAKE2B_256,
  CborWriter,
  type Cid,
  createCid,
  DAG_CBOR,
  NodeCache,
  RAW,
  scanLinks,
} from '@troupe/ipld'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linksOfBlock, scanForLinks } from '../../src/kernel/link-scanner.ts'

/** What a scan gives, with its gas; `undefined` where it refuses the block. */
function scan(data: Uint8Array): { links: readonly Cid[] | undefined; gas: number } {
  let gas = 0
  const kernel = {
    gas: { availableNear: 2 ** 52 },
    rules: NV21,
    calls: {
      charge: (_name: string, milligas: number) => {
        gas += milligas / 1000
      },
    },
  } as unknown as Kernel
  try {
    return { links: scanForLinks(kernel, DAG_CBOR, data), gas }
  } catch (error) {
    if (error instanceof SyscallError) return { links: undefined, gas }
    throw error
  }
}

type Value = { items: number; links: number; write: (writer: CborWriter) => void }

const leaf = fc.oneof(
  fc.integer().map((n): Value => ({ items: 1, links: 0, write: (writer) => void writer.int(n) })),
  fc
    .uint8Array({ maxLength: 40 })
    .map((bytes): Value => ({ items: 1, links: 0, write: (writer) => void writer.bytes(bytes) })),
  fc
    .string({ maxLength: 40 })
    .map((text): Value => ({ items: 1, links: 0, write: (writer) => void writer.text(text) })),
  fc.uint8Array({ minLength: 32, maxLength: 32 }).map(
    (digest): Value => ({
      items: 1,
      links: 1,
      write: (writer) => void writer.cid(createCid(RAW, BLAKE2B_256, digest)),
    }),
  ),
)
const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 6 }).map((values) => ({
      items: values.reduce((sum, { items }) => sum + items, 1),
      links: values.reduce((sum, { links }) => sum + links, 0),
      write: (writer: CborWriter) => {
        writer.array(values.length)
        for (const { write } of values) write(writer)
      },
    })),
  ),
})).value

describe('the scan for links of any block', () => {
  it('finds what the scan of a flush finds, and costs 35 an item and 400 a link', () => {
    fc.assert(
      fc.property(value, ({ items, links, write }) => {
        const writer = new CborWriter()
        write(writer)
        const data = writer.finish()
        const found = scan(data)
        expect(found.links?.map(String)).toEqual(scanLinks(data).map(String))
        expect(found).toMatchObject({ gas: items * 35 + links * 400 })
        expect(found.links).toHaveLength(links)
      }),
      { seed: 4, numRuns: 200 },
    )
  })

  it('refuses or accepts any bytes, and never costs more than a byte can hold', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.array(fc.constantFrom(0x81, 0x9b, 0xbb, 0xd8, 42, 0x58, 0x25, 0, 1, 0x71, 0xff), { maxLength: 60 }),
    )
    fc.assert(
      fc.property(bytes, (values) => {
        const { gas } = scan(Uint8Array.from(values))
        // The item that is missing at the end counts too.
        expect(gas).toBeLessThanOrEqual((values.length + 1) * 435)
      }),
      { seed: 4, numRuns: 1000 },
    )
  })
})

describe('the scan for links of a block that was scanned before', () => {
  const digest = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
  const [first, second] = [1, 2].map((fill) => createCid(RAW, BLAKE2B_256, digest(fill))) as [Cid, Cid]
  const data = new CborWriter().array(3).cid(first).uint(1).cid(second).finish()
  const cid = createCid(DAG_CBOR, BLAKE2B_256, digest(9))
  const cost = 1000 * (4 * 35 + 2 * 400)

  function open(
    nodes: NodeCache,
    milligas: number,
  ): { links: readonly Cid[] | 'out of gas'; charged: number[] } {
    const charged: number[] = []
    const kernel = {
      gas: { availableNear: milligas },
      rules: NV21,
      calls: { machine: { nodes }, charge: (_name: string, amount: number) => charged.push(amount) },
    } as unknown as Kernel
    try {
      return { links: linksOfBlock(kernel, cid, data), charged }
    } catch (error) {
      if (error instanceof OutOfGas) return { links: 'out of gas', charged }
      throw error
    }
  }

  it('finds the same, and costs the same', () => {
    const nodes = new NodeCache()
    const found = open(nodes, cost)
    expect(found).toEqual({ links: [first, second], charged: [cost] })
    expect(open(nodes, cost)).toEqual(found)
    expect(nodes.counts).toEqual({ hits: 1, misses: 1 })
  })

  it.each([cost - 1, 3 * 35_000 + 400_000, 1, 0])(
    'runs out of gas where it did, with %i milligas',
    (milligas) => {
      const nodes = new NodeCache()
      const failed = open(nodes, milligas)
      expect(failed).toEqual({ links: 'out of gas', charged: [milligas] })
      open(nodes, cost)
      expect(open(nodes, milligas)).toEqual(failed)
    },
  )
})
