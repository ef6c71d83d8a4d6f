import { Amt } from '@troupe/ipld/amt'
import { expect, test } from 'vitest'
import { Generator, recordedRuns } from './reference/generator.ts'
import { uintCodec } from './test-codecs.ts'
import { trackingStore } from './tracking-store.ts'

function run(seed: number): string {
  const { store, blocks } = trackingStore()
  const g = new Generator(seed)
  let amt = Amt.create(store, { value: uintCodec, bitWidth: 1 + (seed % 9) })
  const actions = 10 + g.below(100)
  const reach = 1 + g.below(60)
  let found = '-'
  for (let left = actions; left > 0; left--) {
    const action = g.below(16)
    let index = BigInt(g.below(20))
    if (g.below(3) === 0) index += 1n << BigInt(g.below(reach))
    if (action < 7) amt.set(index, g.below(1000))
    else if (action < 13) amt.delete(index)
    else if (action === 13) found += amt.get(index) === undefined ? '0' : '1'
    else if (action === 14) amt.flush()
    else amt = Amt.load(store, amt.flush(), { value: uintCodec })
  }
  const root = amt.flush()
  return `amt ${seed} ${root} ${found} ${amt.height} ${amt.count} ${blocks.counts.join(' ')}`
}

const runs = recordedRuns('amt')

test('there are recorded runs of the reference', () => {
  expect(runs).toHaveLength(180)
})

test.each(runs)('an AMT has the root, the reads and the writes of the reference in run %i', (seed, line) => {
  expect(run(seed)).toBe(line)
})
