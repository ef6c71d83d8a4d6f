import { METHOD_SEND } from '../../actor/method-number.ts'
import { aggregateSealsPrice, INTERACTIVE_SEALS } from './aggregate-seals.ts'
import { gas, type PriceList, saturate } from './price-list.ts'
import type { WasmPrices } from './wasm-prices.ts'

/** What the price lists of network versions 15 to 17 are made of: gas, and milligas where the name says so. */
export interface SecondGenerationPrices {
  readonly name: string
  /** Gas of one byte of storage. */
  readonly storageMultiplier: number
  readonly messageCompute: number
  /** Bytes that a message takes beside its own. */
  readonly messageStorageBytes: number
  readonly sendBase: number
  readonly sendTransferFunds: number
  readonly sendTransferOnlyPremium: number
  /** Negative. */
  readonly sendInvokeMethod: number
  readonly createActorCompute: number
  /** Bytes that an actor takes in the state tree; given back when it is deleted. */
  readonly actorStorageBytes: number
  readonly secp256k1Signature: number
  readonly blsSignature: number
  readonly secp256k1Recovery: number
  readonly hashing: number
  readonly computeUnsealedSectorCid: number
  readonly verifySeal: number
  readonly verifyReplicaUpdate: number
  readonly verifyPost: number
  readonly verifyPostPerSector: number
  readonly verifyConsensusFault: number
  readonly blockOpen: number
  readonly blockLink: number
  /** A byte that is copied between actor and system. */
  readonly memcpyMilligas: number
  /** A byte that the system keeps for an actor. */
  readonly memoryRetention: number
  readonly syscall: number
  /** Every question to the node, on top of its own price. */
  readonly extern: number
  readonly wasm: WasmPrices
}

/**
 * A price list of network versions 15 to 17.
 *
 * Source: ref-fvm release/v2 fvm/src/gas/price_list.rs.
 */
export function secondGenerationPriceList(prices: SecondGenerationPrices): PriceList {
  const storagePerByte = gas(prices.storageMultiplier)
  const retainedPerByte = gas(prices.memoryRetention) + prices.memcpyMilligas
  const actorStorage = prices.actorStorageBytes * storagePerByte
  return {
    name: prices.name,
    preloadedActors: [],
    wasm: prices.wasm,

    onChainMessage: (length) =>
      saturate(gas(prices.messageCompute) + (prices.messageStorageBytes + length) * storagePerByte),
    onChainReturnValue: (length) => saturate(length * storagePerByte),

    onValueTransfer: () => 0,
    onInnerReturnValue: () => 0,
    onMethodInvocation: (value, method) => {
      const transfer =
        prices.sendTransferFunds + (method === METHOD_SEND ? prices.sendTransferOnlyPremium : 0)
      return gas(
        prices.sendBase +
          (value === 0n ? 0 : transfer) +
          (method === METHOD_SEND ? 0 : prices.sendInvokeMethod),
      )
    },

    onActorLookup: () => 0,
    onActorUpdate: () => 0,
    onCreateActor: () => gas(prices.createActorCompute) + actorStorage,
    onAddressAssignment: () => 0,
    onInstallActor: () => 0,
    onDeleteActor: () => -actorStorage,

    onSyscall: () => gas(prices.syscall),

    onBlockOpenBase: () => gas(prices.extern + prices.blockOpen),
    onBlockOpen: (size) => saturate(size * retainedPerByte),
    onBlockCreate: (size) => saturate(size * retainedPerByte),
    onBlockRead: (size) => saturate(size * prices.memcpyMilligas),
    // Two copies: into the write buffer, and from there to the node's store when the machine is flushed.
    onBlockLink: (size) =>
      saturate(gas(prices.blockLink) + size * (2 * prices.memcpyMilligas + storagePerByte)),

    onScanItem: () => 0,
    onScanLink: () => 0,
    onRoot: () => 0,
    onSetRoot: () => 0,

    onHash: () => gas(prices.hashing),
    onVerifySignature: (type) => gas(type === 1 ? prices.secp256k1Signature : prices.blsSignature),
    onVerifyBlsAggregate: () => 0n,
    onRecoverSecpPublicKey: () => gas(prices.secp256k1Recovery),
    onComputeUnsealedSectorCid: () => gas(prices.computeUnsealedSectorCid),
    onVerifySeal: () => gas(prices.verifySeal),
    onVerifyAggregateSeals: aggregateSealsPrice(INTERACTIVE_SEALS),
    onVerifyReplicaUpdate: () => gas(prices.verifyReplicaUpdate),
    onVerifyPost: (sectors) => saturate(gas(prices.verifyPost + prices.verifyPostPerSector * sectors)),
    onVerifyConsensusFault: () => gas(prices.extern + prices.verifyConsensusFault),

    onRandomness: () => BigInt(gas(prices.extern)),
    onTipsetCid: () => 0n,

    onEventValidate: () => 0,
    onEventAccept: () => 0,
    onEvent: () => 0,

    onMemoryInit: () => 0,
    onTableInit: () => 0,
  }
}
