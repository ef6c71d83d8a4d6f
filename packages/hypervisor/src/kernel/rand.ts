/** @module Syscalls of the module `rand`. */

import { ErrorNumber } from '../actor/error-number.ts'
import type { Externs } from '../externs/externs.ts'
import { ChargeName } from '../gas/prices/charge-names.ts'
import { askExterns } from './ask.ts'
import { SyscallError } from './errors.ts'
import type { Kernel } from './kernel.ts'

const DIGEST_LENGTH = 32
const MAX_INT64 = 2n ** 63n - 1n

/** `rand.get_chain_randomness`. @throws {SyscallError} IllegalArgument where the node has none for this round */
export function getChainRandomness(
  kernel: Kernel,
  tag: bigint,
  round: bigint,
  entropy: Uint8Array,
): Uint8Array {
  return draw(kernel, tag, round, entropy, (externs) => externs.chainRandomness(round))
}

/** `rand.get_beacon_randomness`. @throws {SyscallError} IllegalArgument where the node has none for this round */
export function getBeaconRandomness(
  kernel: Kernel,
  tag: bigint,
  round: bigint,
  entropy: Uint8Array,
): Uint8Array {
  return draw(kernel, tag, round, entropy, (externs) => externs.beaconRandomness(round))
}

/** `rand.get_chain_randomness` of generation 4: the node's digest as it is. @throws {SyscallError} IllegalArgument as above */
export function getChainDigest(kernel: Kernel, round: bigint): Uint8Array {
  return digestOf(kernel, round, (externs) => externs.chainRandomness(round))
}

/** `rand.get_beacon_randomness` of generation 4: the node's digest as it is. @throws {SyscallError} IllegalArgument as above */
export function getBeaconDigest(kernel: Kernel, round: bigint): Uint8Array {
  return digestOf(kernel, round, (externs) => externs.beaconRandomness(round))
}

function digestOf(kernel: Kernel, round: bigint, ask: (externs: Externs) => Uint8Array): Uint8Array {
  if (lookback(kernel, round) > MAX_INT64)
    throw new SyscallError(ErrorNumber.IllegalArgument, `there is no round ${round}`)
  charge(kernel, round, 0)
  return asked(kernel, ask)
}

/** Shape of what is hashed (blake2b-256): tag (i64, big-endian), the extern's 32 bytes, round (i64, big-endian), entropy. */
function draw(
  kernel: Kernel,
  tag: bigint,
  round: bigint,
  entropy: Uint8Array,
  ask: (externs: Externs) => Uint8Array,
): Uint8Array {
  charge(kernel, round, entropy.length)
  const data = new Uint8Array(48 + entropy.length)
  const view = new DataView(data.buffer)
  view.setBigInt64(0, tag)
  data.set(asked(kernel, ask), 8)
  view.setBigInt64(40, round)
  data.set(entropy, 48)
  return kernel.calls.machine.crypto.blake2b(data, 32)
}

function charge(kernel: Kernel, round: bigint, entropyLength: number): void {
  kernel.gas.chargeWide(
    ChargeName.ON_GET_RANDOMNESS,
    kernel.rules.prices.onRandomness(entropyLength, lookback(kernel, round)),
  )
}

function lookback(kernel: Kernel, round: bigint): bigint {
  return kernel.calls.machine.context.epoch - round
}

function asked(kernel: Kernel, ask: (externs: Externs) => Uint8Array): Uint8Array {
  const digest = askExterns(kernel, ask)
  if (digest.length !== DIGEST_LENGTH) throw new RangeError(`${digest.length} bytes of randomness`)
  return digest
}
