import { Bitfield, type BitRange } from '@troupe/ipld'

const RANGE = /^(\d{1,20})(?:-(\d{1,20}))?$/u

/** A bitfield as text: ranges with both of their ends, in ascending order, `0-9, 12`. */
export function formatBitfield(bitfield: Bitfield): string {
  return Array.from(bitfield.ranges(), ({ start, end }) =>
    end === start + 1n ? String(start) : `${start}-${end - 1n}`,
  ).join(', ')
}

/**
 * The bitfield that a text says.
 * @throws {IpldError} bitfield/out-of-range
 */
export function parseBitfield(text: string): Bitfield | undefined {
  if (text === '') return Bitfield.empty()
  const ranges: BitRange[] = []
  for (const part of text.split(/, ?/u)) {
    const [, first, last = first] = RANGE.exec(part) ?? []
    if (first === undefined || last === undefined) return undefined
    ranges.push({ start: BigInt(first), end: BigInt(last) + 1n })
  }
  return Bitfield.fromRanges(ranges)
}
