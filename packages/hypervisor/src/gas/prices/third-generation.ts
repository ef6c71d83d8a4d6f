import type { ActorId } from '../../address/address.ts'
import { type AggregateSealPrices, aggregateSealsPrice } from './aggregate-seals.ts'
import { gas, type PriceList, type SupportedHash, saturate } from './price-list.ts'
import type { WasmPrices } from './wasm-prices.ts'

/** A price with a fixed part and a part that grows with a length, in gas. */
export interface ScalingPrice {
  readonly flat: number
  readonly scale: number
}

/** What the price lists from network version 18 on are made of: gas, and milligas where the name says so. */
export interface ThirdGenerationPrices {
  readonly name: string
  readonly preloadedActors: readonly ActorId[]
  readonly messageCompute: number
  readonly messageStorage: ScalingPrice
  readonly returnStoragePerByte: number
  readonly sendTransferFunds: number
  readonly sendInvokeMethod: number
  readonly actorLookup: number
  readonly actorUpdate: number
  readonly actorCreateStorage: number
  readonly addressLookup: number
  readonly addressAssignment: number
  readonly secp256k1Signature: ScalingPrice
  readonly blsSignature: ScalingPrice
  readonly secp256k1Recovery: number
  /** Gas of one byte, by the multihash code of the function. */
  readonly hashingPerByte: Readonly<Record<SupportedHash, number>>
  readonly tipsetCidLatest: number
  readonly tipsetCidHistorical: number
  readonly computeUnsealedSectorCid: number
  readonly verifySeal: number
  readonly aggregateSeals: AggregateSealPrices
  readonly verifyReplicaUpdate: number
  readonly verifyPost: ScalingPrice
  readonly verifyConsensusFault: number
  readonly randomnessSeed: number
  readonly blockOpen: number
  readonly blockAllocatePerByte: number
  readonly memcpyPerByteMilligas: number
  /** The least that a byte of a block costs that the system keeps for an actor. */
  readonly memoryRetentionPerByte: number
  readonly blockPersistCompute: number
  readonly blockPersistStorage: ScalingPrice
  readonly syscall: number
  readonly eventValidation: ScalingPrice
  /** A byte that a new instance's memory or table takes. */
  readonly memoryInitPerByteMilligas: number
  readonly wasm: WasmPrices
}

/** What is hashed beside the entropy when randomness is drawn: tag (8), digest (32), round (8). */
const RANDOMNESS_HASH_EXTRA_LENGTH = 48
/** What a stamped event takes beside the actor's event: the emitter, and CBOR around both. */
const STAMP_EXTRA_LENGTH = 12
/** What one element of a table is taken for, in bytes. */
const TABLE_ELEMENT_SIZE = 8

const BLAKE2B_256 = 0xb220

/**
 * A price list of network versions 18 to 20.
 *
 * Source: ref-fvm release/v3 fvm/src/gas/price_list.rs.
 */
export function thirdGenerationPriceList(prices: ThirdGenerationPrices): PriceList {
  const scaling = (price: ScalingPrice, length: number): number =>
    saturate(gas(price.flat) + gas(price.scale) * length)
  const memcpy = prices.memcpyPerByteMilligas
  const allocate = gas(prices.blockAllocatePerByte)
  const hash = gas(prices.hashingPerByte[BLAKE2B_256])
  const retained = Math.max(allocate + memcpy, gas(prices.memoryRetentionPerByte))
  const linkFlat = gas(prices.blockPersistCompute + prices.blockPersistStorage.flat)
  const linkPerByte = memcpy + allocate + hash + gas(prices.blockPersistStorage.scale)
  // Three copies (into the stamped event, into the AMT, out to the client), two allocations, and the AMT's hash.
  const eventPerByte = 3 * memcpy + 2 * allocate + hash

  return {
    name: prices.name,
    preloadedActors: prices.preloadedActors,
    wasm: prices.wasm,

    onChainMessage: (length) =>
      saturate(gas(prices.messageCompute + prices.actorUpdate) + scaling(prices.messageStorage, length)),
    onChainReturnValue: (length) => saturate(gas(prices.returnStoragePerByte) * length),

    onValueTransfer: () => gas(prices.sendTransferFunds),
    onMethodInvocation: () => gas(prices.sendInvokeMethod),
    onInnerReturnValue: () => 0,

    onActorLookup: () => gas(prices.actorLookup),
    onActorUpdate: () => gas(prices.actorUpdate),
    onCreateActor: () => gas(prices.actorCreateStorage),
    onAddressAssignment: () => gas(prices.addressAssignment + prices.addressLookup),
    onInstallActor: () => 0,
    onDeleteActor: () => 0,

    onSyscall: () => gas(prices.syscall),

    onBlockOpenBase: () => gas(prices.blockOpen),
    onBlockOpen: (size) => saturate(retained * size),
    onBlockCreate: (size) => saturate(retained * size),
    onBlockRead: (size) => saturate(memcpy * size),
    onBlockLink: (size) => saturate(linkFlat + linkPerByte * size),

    onScanItem: () => 0,
    onScanLink: () => 0,
    onRoot: () => 0,
    onSetRoot: () => 0,

    onHash: (function_, length) => saturate(gas(prices.hashingPerByte[function_]) * length),
    onVerifySignature: (type, length) =>
      scaling(type === 1 ? prices.secp256k1Signature : prices.blsSignature, length),
    onVerifyBlsAggregate: () => 0n,
    onRecoverSecpPublicKey: () => gas(prices.secp256k1Recovery),
    onComputeUnsealedSectorCid: () => gas(prices.computeUnsealedSectorCid),
    onVerifySeal: () => gas(prices.verifySeal),
    onVerifyAggregateSeals: aggregateSealsPrice(prices.aggregateSeals),
    onVerifyReplicaUpdate: () => gas(prices.verifyReplicaUpdate),
    onVerifyPost: (sectors) => scaling(prices.verifyPost, sectors),
    onVerifyConsensusFault: () => gas(prices.verifyConsensusFault),

    onRandomness: (entropyLength) =>
      BigInt(saturate(gas(prices.randomnessSeed) + hash * (entropyLength + RANDOMNESS_HASH_EXTRA_LENGTH))),
    onTipsetCid: (lookback) =>
      BigInt(gas(lookback > 1n ? prices.tipsetCidHistorical : prices.tipsetCidLatest)),

    onEventValidate: (length) =>
      saturate(scaling(prices.eventValidation, length) + (memcpy + allocate) * length),
    onEventAccept: (length) => saturate(eventPerByte * (length + STAMP_EXTRA_LENGTH)),
    onEvent: () => 0,

    onMemoryInit: (bytes) => saturate(prices.memoryInitPerByteMilligas * bytes),
    onTableInit: (elements) => saturate(prices.memoryInitPerByteMilligas * TABLE_ELEMENT_SIZE * elements),
  }
}
