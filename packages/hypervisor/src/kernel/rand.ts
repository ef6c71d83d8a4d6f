/** @module Syscalls of the module `rand`. */
import type { Externs } from '../externs/externs.ts'
import { askExterns } from './ask.ts'
import type { Kernel } from './kernel.ts'

const DIGEST_LENGTH = 32

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

/** Shape of what is hashed (blake2b-256): tag (i64, big-endian), the extern's 32 bytes, round (i64, big-endian), entropy. */
function draw(
  kernel: Kernel,
  tag: bigint,
  round: bigint,
  entropy: Uint8Array,
  ask: (externs: Externs) => Uint8Array,
): Uint8Array {
  const { calls } = kernel
  calls.charge('OnGetRandomness', kernel.rules.prices.onRandomness(entropy.length))
  const data = new Uint8Array(48 + entropy.length)
  const view = new DataView(data.buffer)
  view.setBigInt64(0, tag)
  const digest = askExterns(kernel, ask)
  if (digest.length !== DIGEST_LENGTH) throw new RangeError(`${digest.length} bytes of randomness`)
  data.set(digest, 8)
  view.setBigInt64(40, round)
  data.set(entropy, 48)
  return calls.machine.crypto.blake2b(data, 32)
}
