import { Kamt, u256Codec, u256Keys } from '@troupe/ipld/kamt'
import { expect, test } from 'vitest'
import { Generator, recordedRuns } from './reference/generator.ts'
import { trackingStore } from './tracking-store.ts'

const FORMS = [
  [5, 0, 1],
  [8, 0, 3],
  [1, 0, 3],
  [4, 1, 3],
  [2, 0, 1],
  [3, 2, 2],
  [7, 0, 2],
  [6, 3, 5],
] as const

function anyKeys(g: Generator): () => bigint {
  const bases = [0n]
  for (let i = 0; i < 3; i++) {
    let base = 0n
    for (let j = 0; j < 32; j++) base = (base << 8n) | BigInt(g.below(256))
    bases.push(base)
  }
  return () => {
    const base = bases[g.below(bases.length)] as bigint
    const key = BigInt.asUintN(256, base + BigInt(g.below(40)))
    return g.below(4) === 0 ? key ^ (1n << BigInt(255 - g.below(256))) : key
  }
}

function run(seed: number): string {
  const [bitWidth, minDataDepth, maxArrayWidth] = FORMS[seed % FORMS.length] as (typeof FORMS)[0]
  const options = { keys: u256Keys, value: u256Codec, bitWidth, minDataDepth, maxArrayWidth }
  const { store, blocks } = trackingStore()
  const g = new Generator(seed)
  const nextKey = anyKeys(g)
  let kamt = Kamt.create(store, options)
  let found = '-'
  for (let left = 20 + g.below(120); left > 0; left--) {
    const action = g.below(16)
    const key = nextKey()
    if (action < 8) kamt.set(key, BigInt(g.below(3)))
    else if (action < 13) kamt.delete(key)
    else if (action === 13) found += kamt.has(key) ? '1' : '0'
    else if (action === 14) kamt.flush()
    else kamt = Kamt.load(store, kamt.flush(), options)
  }
  return `kamt ${seed} ${kamt.flush()} ${found} ${blocks.counts.join(' ')}`
}

const runs = recordedRuns('kamt')

test('there are recorded runs of the reference', () => {
  expect(runs).toHaveLength(160)
})

test.each(runs)('a KAMT has the root, the reads and the writes of the reference in run %i', (seed, line) => {
  expect(run(seed)).toBe(line)
})
