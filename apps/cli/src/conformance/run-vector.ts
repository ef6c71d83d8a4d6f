import type { CryptoProvider } from '@troupe/crypto'
import {
  Executor,
  exitCodeName,
  FidelityTally,
  Machine,
  type MessageResult,
  type Runtime,
  type TraceListener,
} from '@troupe/hypervisor'
import { type Blockstore, CborStore, type Cid, cidEquals, IpldError } from '@troupe/ipld'
import { CliError } from '../errors.ts'
import { OverlayBlockstore } from '../overlay-blockstore.ts'
import { formatBytes, grouped } from '../render/plain.ts'
import { compareStates } from '../state/compare-states.ts'
import { ConformanceProofs } from './conformance-proofs.ts'
import type { Vector, VectorReceipt, VectorVariant } from './vector.ts'
import { VectorExterns } from './vector-externs.ts'

/** What vectors are run with. One environment runs any number of them. */
export interface VectorEnvironment {
  readonly crypto: CryptoProvider
  /** Where the code of official actors is. */
  readonly code: Blockstore
  readonly runtimes: readonly Runtime[]
}

/** Something that is not as the vector says. */
export interface Difference {
  readonly what: string
  readonly expected: string
  readonly actual: string
  /** What else is known about it. */
  readonly remark?: string
}

/** What became of one variant of a vector. */
export interface VariantRun {
  readonly machine: Machine
  readonly results: readonly MessageResult[]
  /** The state after. */
  readonly root: Cid
  /** Empty where all is as the vector says: exit codes, return data, gas and the root of the state after. */
  readonly differences: readonly Difference[]
  /** The least of all messages. */
  readonly fidelity: MessageResult['fidelity']
}

/** What the chain takes for an epoch, in seconds. The reference's runner gives actors this timestamp. */
const EPOCH_SECONDS = 30n
/** Which release of the official actors a network version runs, for advice. */
const RELEASES: Readonly<Record<number, string>> = {
  15: 'v7',
  16: 'v8',
  17: 'v9',
  18: 'v10',
  19: 'v11',
  20: 'v11',
}

/**
 * Runs one variant of a vector: applies its messages one after the other, flushes, and compares.
 *
 * Source: ref-fvm release/v3 testing/conformance/src/driver.rs (`run_variant`). Differs: the reference only warns where a vector lacks blocks of the
 * state after; here they are not asked for, because only the root is compared.
 *
 * @param traceOf gives what listens to a message, by its position
 * @throws {CliError} vector/unknown-bundle, vector/unrecorded-extern
 * @throws {HypervisorError | IpldError} where the state before cannot be opened
 * @throws whatever the host fails with
 */
export function runVariant(
  vector: Vector,
  variant: VectorVariant,
  environment: VectorEnvironment,
  traceOf?: (messageIndex: number) => TraceListener,
): VariantRun {
  const { crypto, code, runtimes } = environment
  const externs = new VectorExterns(vector.randomness)
  const blocks = new OverlayBlockstore(vector.blocks, code)
  const machine = Machine.create({
    rules: variant.rules,
    context: {
      epoch: variant.epoch,
      timestamp: variant.epoch * EPOCH_SECONDS,
      baseFee: vector.baseFee,
      circulatingSupply: vector.circulatingSupply,
      chainId: 0n,
    },
    blocks,
    root: vector.preRoot,
    crypto,
    externs,
    runtimes,
    proofs: new ConformanceProofs(vector.id),
  })
  checkCode(machine, blocks)
  const executor = new Executor(machine)
  const results = vector.messages.map(({ message, length }, index) => {
    const trace = traceOf?.(index)
    return executor.execute(message, { length, ...(trace === undefined ? {} : { trace }) })
  })
  const root = machine.flush()
  const differences = results.flatMap((result, index) =>
    compareReceipts(vector.receipts[index] as VectorReceipt, result).map((difference) => ({
      ...difference,
      what: results.length === 1 ? difference.what : `${difference.what} of message ${index + 1}`,
    })),
  )
  if (!cidEquals(root, vector.postRoot))
    differences.push({
      what: 'state root',
      expected: vector.postRoot.toString(),
      actual: root.toString(),
      remark: explainRoots(new CborStore(blocks, crypto), vector.postRoot, root),
    })
  return { machine, results, root, differences, fidelity: leastFidelity(results, externs) }
}

/** A difference in one line: `gas used: 12, not 13 (-1)`. */
export function formatDifference({ what, expected, actual, remark }: Difference): string {
  return `${what}: ${actual}, not ${expected}${remark === undefined ? '' : ` (${remark})`}`
}

/** Finds out before anything runs where code is missing: once an actor is called, that would be an outcome. */
function checkCode(machine: Machine, blocks: Blockstore): void {
  const missing = machine.manifest.actors.filter(([, code]) => !blocks.has(code)).map(([name]) => name)
  if (missing.length === 0) return
  const { networkVersion } = machine.rules
  const release = RELEASES[networkVersion]
  throw new CliError(
    'vector/unknown-bundle',
    `no cached bundle has the code of the actors of this state (network version ${networkVersion}: ${missing.join(', ')})`,
    {
      advice: `troupe bundle add ${release ?? 'RELEASE'}.tar.zst (builtin-actors ${release ?? 'of that network version'})`,
    },
  )
}

function compareReceipts(expected: VectorReceipt, { receipt, failure }: MessageResult): Difference[] {
  const differences: Difference[] = []
  if (receipt.exitCode !== expected.exitCode)
    differences.push({
      what: 'exit code',
      expected: formatExit(expected.exitCode),
      actual: formatExit(receipt.exitCode),
      ...(failure === undefined ? {} : { remark: failure.backtrace?.toString() || failure.message }),
    })
  if (!sameBytes(receipt.returnData, expected.returnData))
    differences.push({
      what: 'return data',
      expected: formatBytes(expected.returnData),
      actual: formatBytes(receipt.returnData),
    })
  if (receipt.gasUsed !== expected.gasUsed) {
    const more = receipt.gasUsed - expected.gasUsed
    differences.push({
      what: 'gas used',
      expected: grouped(expected.gasUsed),
      actual: grouped(receipt.gasUsed),
      remark: `${more > 0n ? '+' : ''}${grouped(more)}`,
    })
  }
  return differences
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

/** An exit code with its name. */
export function formatExit(exitCode: number): string {
  return `${exitCodeName(exitCode)} (${exitCode})`
}

/** Where two states differ, as far as a vector tells: it need not hold the blocks of the one after. */
function explainRoots(store: CborStore, expected: Cid, actual: Cid): string {
  try {
    return compareStates(store, expected, actual)
  } catch (error) {
    if (error instanceof IpldError) return `where is unknown: ${error.message}`
    throw error
  }
}

function leastFidelity(results: readonly MessageResult[], externs: VectorExterns): MessageResult['fidelity'] {
  const tally = new FidelityTally()
  for (const { fidelity } of results) {
    tally.touch({ level: fidelity.level })
    for (const reason of fidelity.reasons) tally.touch({ level: fidelity.level, reason })
  }
  tally.touch(externs.fidelity)
  return tally.result
}
