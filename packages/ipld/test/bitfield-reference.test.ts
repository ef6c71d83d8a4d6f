import { IpldError } from '@troupe/ipld'
import { Bitfield } from '@troupe/ipld/bitfield'
import { expect, test } from 'vitest'
import { toHex } from './hex.ts'
import { Generator, recordedRuns } from './reference/generator.ts'

/** What the reference calls a refusal. */
const REFUSALS: Record<string, string> = {
  'bitfield/not-minimal': 'NotMinimal',
  'bitfield/unsupported-version': 'UnsupportedVersion',
  'bitfield/overflow': 'RLEOverflow',
  'bitfield/invalid-varint': 'InvalidVarint',
}

function shown(bytes: Uint8Array): string {
  return bytes.length === 0 ? '-' : toHex(bytes)
}

function anyBitfield(g: Generator): Bitfield {
  const ranges = g.below(12)
  let at = g.below(3)
  const bits: number[] = []
  for (let left = ranges; left > 0; left--) {
    const length = 1 + g.below(1 << g.below(8))
    for (let i = 0; i < length; i++) bits.push(at + i)
    at += length + 1 + g.below(1 << g.below(10))
  }
  return Bitfield.fromBits(bits)
}

function runOperations(seed: number): string {
  const g = new Generator(seed)
  const a = anyBitfield(g)
  const b = anyBitfield(g)
  const slice = a.slice(g.below(20), g.below(20))
  const results = [
    a,
    b,
    a.union(b),
    a.intersection(b),
    a.difference(b),
    a.symmetricDifference(b),
    a.cut(b),
  ].map((set) => shown(set.encode()))
  const questions = [a.count, a.containsAny(b), a.containsAll(b)].join(' ')
  return `bitfields ${seed} ${results.join(' ')} ${slice ? shown(slice.encode()) : 'none'} ${questions}`
}

function runDecoding(seed: number): string {
  const g = new Generator(seed)
  const bytes: number[] = []
  for (let left = g.below(14); left > 0; left--) {
    const kind = g.below(6)
    bytes.push(kind === 0 ? 0xff : kind === 1 ? 0 : g.below(256))
  }
  if (g.below(4) !== 0 && bytes.length > 0) bytes[0] = (bytes[0] as number) & 0xfc
  const input = Uint8Array.from(bytes)
  try {
    return `rle+ ${seed} ${shown(input)} ${Bitfield.decode(input).count}`
  } catch (error) {
    if (!(error instanceof IpldError)) throw error
    return `rle+ ${seed} ${shown(input)} ${REFUSALS[error.code]}`
  }
}

const operations = recordedRuns('bitfields')
const decodings = recordedRuns('rle+')

test('there are recorded runs of the reference', () => {
  expect([operations.length, decodings.length]).toEqual([40, 250])
})

test.each(operations)('set operations give the bytes of the reference in run %i', (seed, line) => {
  expect(runOperations(seed)).toBe(line)
})

test.each(decodings)('RLE+ is read or refused as by the reference in run %i', (seed, line) => {
  expect(runDecoding(seed)).toBe(line)
})
