/**
 * @module Official vectors in a form that can be sent to a browser as JSON, and what runs them there and in Node alike: portable cryptography, no files.
 */
import { type CryptoProvider, loadCrypto } from '@troupe/crypto'
import { decodeMessage, rulesOf } from '@troupe/hypervisor'
import { MemoryBlockstore, parseCid } from '@troupe/ipld'
import { loadCar } from '@troupe/ipld/car'
import { wasmRuntime } from '@troupe/runtime-wasm'
import { formatDifference, runVariant } from '../../src/conformance/run-vector.ts'
import type { Vector } from '../../src/conformance/vector.ts'

/** A vector of one variant. Bytes are in base64, great numbers in decimal. */
export interface PortableVector {
  readonly id: string
  readonly networkVersion: number
  readonly epoch: string
  readonly baseFee: string
  readonly circulatingSupply: string
  readonly randomness: readonly (readonly [kind: 'chain' | 'beacon', epoch: string, value: string])[]
  readonly car: string
  readonly preRoot: string
  readonly postRoot: string
  readonly messages: readonly (readonly [message: string, length: number])[]
  readonly receipts: readonly (readonly [exitCode: number, returnData: string, gasUsed: string])[]
}

/** Vectors, and the code that they run. */
export interface PortableSuite {
  readonly vectors: readonly PortableVector[]
  /** A CAR with the official actors, in base64. */
  readonly code: string
}

/** What became of a vector. */
export interface PortableOutcome {
  readonly id: string
  readonly networkVersion: number
  /** What is not as the vector says, with exit code, return data, gas and the root of the state after. Empty where it passed. */
  readonly differences: readonly string[]
  readonly root: string
  readonly gasUsed: readonly string[]
  /** Of the first run, which transforms and compiles code, and of the second. */
  readonly milliseconds: readonly [first: number, second: number]
}

/** Runs all vectors, twice each. */
export async function runPortably(suite: PortableSuite): Promise<PortableOutcome[]> {
  const crypto = await loadCrypto()
  const code = new MemoryBlockstore()
  loadCar(code, Uint8Array.fromBase64(suite.code), crypto)
  const environment = { crypto, code, runtimes: [wasmRuntime()] }
  return suite.vectors.map((portable) => {
    const run = () => {
      const vector = vectorOf(portable, crypto)
      const start = performance.now()
      const { differences, results, root } = runVariant(vector, vector.variants[0], environment)
      return { differences, results, root, milliseconds: performance.now() - start }
    }
    const first = run()
    const second = run()
    return {
      id: portable.id,
      networkVersion: portable.networkVersion,
      differences: [...first.differences, ...second.differences].map(formatDifference),
      root: second.root.toString(),
      gasUsed: second.results.map(({ receipt }) => receipt.gasUsed.toString()),
      milliseconds: [first.milliseconds, second.milliseconds],
    }
  })
}

/** Gas in a second, in billions, of all first runs (0) or second runs (1). */
export function speedOf(outcomes: readonly PortableOutcome[], run: 0 | 1): number {
  const gas = outcomes.flatMap(({ gasUsed }) => gasUsed).reduce((sum, used) => sum + Number(used), 0)
  return gas / 1e6 / outcomes.reduce((sum, { milliseconds }) => sum + milliseconds[run], 0)
}

function vectorOf(
  portable: PortableVector,
  crypto: CryptoProvider,
): Vector & { readonly variants: readonly [Vector['variants'][number]] } {
  const blocks = new MemoryBlockstore()
  loadCar(blocks, Uint8Array.fromBase64(portable.car), crypto)
  return {
    id: portable.id,
    unsupported: undefined,
    variants: [{ id: '', epoch: BigInt(portable.epoch), rules: rulesOf(portable.networkVersion) }],
    baseFee: BigInt(portable.baseFee),
    circulatingSupply: BigInt(portable.circulatingSupply),
    randomness: portable.randomness.map(([kind, epoch, value]) => ({
      kind,
      epoch: BigInt(epoch),
      value: Uint8Array.fromBase64(value),
    })),
    blocks,
    preRoot: parseCid(portable.preRoot),
    postRoot: parseCid(portable.postRoot),
    messages: portable.messages.map(([message, length]) => ({
      message: decodeMessage(Uint8Array.fromBase64(message)),
      length,
    })),
    receipts: portable.receipts.map(([exitCode, returnData, gasUsed]) => ({
      exitCode,
      returnData: Uint8Array.fromBase64(returnData),
      gasUsed: BigInt(gasUsed),
    })),
  }
}
