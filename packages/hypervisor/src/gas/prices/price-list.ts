/**
 * @module What execution costs: the questions that a price list answers, the same for all network versions.
 *
 * All amounts are milligas (1/1000 gas): doubles, and bigints where actors can ask for more than a double holds. Lengths and counts are 32-bit integers, or smaller, wherever they come from an actor;
 * the dearest price is below 3.4 * 10^6 milligas a byte, so that amounts stay exact up to 2.6 GiB and saturate at 2^53-1 milligas
 * (9 * 10^12 gas, nine hundred times the gas limit of a block) above.
 */

import type { MethodNumber } from '../../actor/method-number.ts'
import type { TokenAmount } from '../../actor/token-amount.ts'
import type { ActorId } from '../../address/address.ts'
import type { WasmPrices } from './wasm-prices.ts'

/** Multihash codes of the hash functions that actors can ask for: sha2-256, blake2b-256, blake2b-512, keccak-256, ripemd-160. */
export type SupportedHash = 0x12 | 0xb220 | 0xb240 | 0x1b | 0x1053

/** Kinds of signature that actors can have verified: 1 secp256k1, 2 BLS. */
export type VerifiableSignatureType = 1 | 2

/** The prices of one or more network versions, in milligas. What a generation does not charge for is zero. */
export interface PriceList {
  /** Names the list in traces: `hygge`, ... */
  readonly name: string
  /** Actors whose lookup and update never cost anything (FIP-0055). */
  readonly preloadedActors: readonly ActorId[]
  readonly wasm: WasmPrices

  /** Inclusion of a message of `length` bytes; see `chainLength`. */
  onChainMessage(length: number): number
  /** A return value that goes into the receipt. */
  onChainReturnValue(length: number): number

  /** A transfer of value that is not zero. In generation 2 part of {@link PriceList.onMethodInvocation}. */
  onValueTransfer(): number
  /**
   * A call. Generation 2 charges every call, by value and method; from generation 3 on the price is flat, and for calls that run code only:
   * the caller does not ask where the method is 0.
   * @param links links in the parameters
   */
  onMethodInvocation(value: TokenAmount, method: MethodNumber, links: number): number
  /** A return value that goes to another actor, by the links in it. */
  onInnerReturnValue(links: number): number

  /** The first look at an actor in one message. */
  onActorLookup(): number
  /** The first change of an actor in one message. */
  onActorUpdate(): number
  /** Room in the state tree for a new actor. */
  onCreateActor(): number
  /** The entry in the address map, on top of {@link PriceList.onCreateActor}, of an actor that a call to its address creates. */
  onAddressAssignment(): number
  /** Code of `size` bytes that is installed. Zero in the reference's lists; see `withUserActors`. */
  onInstallActor(size: number): number
  /** Negative in generation 2: a refund. */
  onDeleteActor(): number

  /** Every syscall. */
  onSyscall(): number

  onBlockOpenBase(): number
  onBlockOpen(size: number, links: number): number
  onBlockCreate(size: number, links: number): number
  onBlockRead(size: number): number
  /** Blocks can be linked by blake2b-256 only. */
  onBlockLink(size: number): number
  /** One item of DAG-CBOR that is scanned for links. */
  onScanItem(): number
  /** One tagged CID that the scan comes upon, whatever becomes of it. On top of {@link PriceList.onScanItem} for the tag. */
  onScanLink(): number
  /** An actor asking for the root of its state. */
  onRoot(): number
  /** An actor setting the root of its state. */
  onSetRoot(): number

  onHash(hash: SupportedHash, length: number): number
  onVerifySignature(type: VerifiableSignatureType, length: number): number
  /** @param length bytes of all plaintexts together */
  onVerifyBlsAggregate(signers: number, length: number): bigint
  onRecoverSecpPublicKey(): number
  onComputeUnsealedSectorCid(): number
  onVerifySeal(): number
  /** @param sealProof the integer of the registered seal proof; unknown ones cost what 32 GiB sectors do */
  onVerifyAggregateSeals(sealProof: bigint, count: number): number
  onVerifyReplicaUpdate(): number
  /** The same for all kinds of proof. */
  onVerifyPost(challengedSectors: number): number
  onVerifyConsensusFault(): number

  /** @param lookback epochs between the current one and the round; negative for a round to come, which is dearer than any past one */
  onRandomness(entropyLength: number, lookback: bigint): bigint
  /** @param lookback epochs between the current one and the tipset's, at least 1 */
  onTipsetCid(lookback: bigint): bigint

  /** An encoded event, before it is looked at. */
  onEventValidate(length: number): number
  /** A valid event; `length` is that of its encoding. */
  onEventAccept(length: number): number
  /** An event that is handed over in parts, before it is looked at. */
  onEvent(entries: number, keyBytes: number, valueBytes: number): number

  /** The minimum of a new instance's memory. */
  onMemoryInit(bytes: number): number
  /** The minimum of a new instance's table. */
  onTableInit(elements: number): number
}

/** Milligas of one gas. */
export const MILLIGAS_PER_GAS = 1000

/** Whole gas in milligas. */
export function gas(amount: number): number {
  return amount * MILLIGAS_PER_GAS
}

/** An amount, or 2^53-1 where it is greater. */
export function saturate(milligas: number): number {
  return Math.min(milligas, Number.MAX_SAFE_INTEGER)
}
