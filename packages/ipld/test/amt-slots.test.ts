import { CborReader, CborWriter } from '@troupe/ipld'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkIndex, fitsHeight, slotOf } from '../src/amt/amt-index.ts'
import {
  copyNode,
  emptyNode,
  hasSlot,
  markSlot,
  rankOf,
  readNode,
  slotsOf,
  unionOf,
  writeNode,
} from '../src/amt/amt-node.ts'
import { uintCodec } from './test-codecs.ts'

describe.each([1, 2, 3, 4, 5, 6, 8])('the slots of a node of bit width %i', (bitWidth) => {
  const slots = fc.array(fc.tuple(fc.nat(2 ** bitWidth - 1), fc.boolean()), { maxLength: 80 })

  test('are a set of numbers, in memory and in bytes', () => {
    fc.assert(
      fc.property(slots, (steps) => {
        const node = emptyNode<number>(bitWidth)
        const model = new Set<number>()
        for (const [slot, taken] of steps) {
          markSlot(node, slot, taken)
          if (taken) model.add(slot)
          else model.delete(slot)
        }
        const expected = [...model].sort((a, b) => a - b)
        node.values.push(...expected)
        const writer = new CborWriter()
        writeNode(writer, node, bitWidth, uintCodec)
        const place = { bitWidth, height: 0, mayBeEmpty: true }
        const read = readNode(new CborReader(writer.finish()), place, uintCodec)
        for (const same of [node, copyNode(node), read]) {
          expect([...slotsOf(same)]).toEqual(expected)
          for (let slot = 0; slot < 2 ** bitWidth; slot++) {
            expect(hasSlot(same, slot)).toBe(model.has(slot))
            expect(rankOf(same, slot)).toBe(expected.filter((other) => other < slot).length)
            expect([...slotsOf(same, slot)]).toEqual(expected.filter((other) => other >= slot))
          }
        }
      }),
      { seed: 1, numRuns: 20 },
    )
  })

  test('are united', () => {
    fc.assert(
      fc.property(slots, slots, (one, other) => {
        const nodes = [one, other].map((steps) => {
          const node = emptyNode<number>(bitWidth)
          for (const [slot] of steps) markSlot(node, slot, true)
          return node
        }) as [ReturnType<typeof emptyNode>, ReturnType<typeof emptyNode>]
        const expected = new Set([...one, ...other].map(([slot]) => slot))
        expect([...slotsOf(unionOf(...nodes))]).toEqual([...expected].sort((a, b) => a - b))
      }),
      { seed: 2, numRuns: 20 },
    )
  })
})

test('small, large and bigint indices lead to the same slots', () => {
  const near = (power: number) =>
    fc.bigInt({ min: -3n, max: 3n }).map((offset) => (2n ** BigInt(power) + offset) & (2n ** 63n - 1n))
  const indices = fc.oneof(
    fc.integer({ min: 0, max: 62 }).chain(near),
    fc.bigInt({ min: 0n, max: 2n ** 53n }),
    fc.bigInt({ min: 0n, max: 2n ** 31n }),
  )
  fc.assert(
    fc.property(indices, fc.integer({ min: 1, max: 22 }), (index, bitWidth) => {
      const checked = checkIndex(index)
      for (let height = 0; height * bitWidth < 64; height++) {
        const slot = Number((index >> BigInt(height * bitWidth)) & ((1n << BigInt(bitWidth)) - 1n))
        expect(slotOf(checked, height, bitWidth)).toBe(slot)
        expect(fitsHeight(checked, height, bitWidth)).toBe(index >> BigInt((height + 1) * bitWidth) === 0n)
      }
    }),
    { seed: 3, numRuns: 1_000 },
  )
})
