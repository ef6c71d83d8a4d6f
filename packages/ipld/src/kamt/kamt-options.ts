import type { ValueCodec } from '../cbor/value-codec.ts'
import { IpldError } from '../errors.ts'
import type { KamtKeys } from './kamt-keys.ts'
import type { KamtForm } from './kamt-node.ts'

/** Options of a KAMT. All of them are part of its form: a root means something only together with them. */
export interface KamtOptions<K, V> {
  /** How keys are placed, ordered and written. */
  readonly keys: KamtKeys<K>
  /** How values stand in CBOR. No value decodes to `undefined`, which stands for absence. */
  readonly value: ValueCodec<V>
  /** Slots of a node, as a power of two: 1 to 8. */
  readonly bitWidth: number
  /** The highest level that may hold entries; those above hold links only. Default 0: the root may. */
  readonly minDataDepth?: number
  /** Entries a slot holds before they move to a node below. Default 3. */
  readonly maxArrayWidth?: number
}

/**
 * The form that options describe.
 * @throws {IpldError} kamt/bad-options
 */
export function checkOptions<K, V>(options: KamtOptions<K, V>): KamtForm<K, V> {
  const { keys, value, bitWidth, minDataDepth = 0, maxArrayWidth = 3 } = options
  const levels = Math.ceil((keys.width * 8) / bitWidth)
  const allowed =
    isBetween(bitWidth, 1, 8) &&
    isBetween(minDataDepth, 0, levels - 1) &&
    isBetween(maxArrayWidth, 1, Number.MAX_SAFE_INTEGER)
  if (!allowed) {
    throw new IpldError(
      'kamt/bad-options',
      `bit width ${bitWidth}, depth ${minDataDepth}, bucket ${maxArrayWidth}`,
    )
  }
  return { keys, values: value, bitWidth, minDataDepth, maxArrayWidth }
}

function isBetween(value: number, low: number, high: number): boolean {
  return Number.isInteger(value) && value >= low && value <= high
}
