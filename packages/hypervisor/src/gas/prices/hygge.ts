import { INTERACTIVE_SEALS } from './aggregate-seals.ts'
import { gas, type PriceList } from './price-list.ts'
import { type ThirdGenerationPrices, thirdGenerationPriceList } from './third-generation.ts'
import { ZERO_COST_OPS } from './wasm-prices.ts'

/** What {@link HYGGE} is made of. */
export const HYGGE_PRICES: ThirdGenerationPrices = {
  name: 'hygge',
  preloadedActors: [0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n, 10n, 99n],
  messageCompute: 38_863,
  messageStorage: { flat: 36 * 1300, scale: 1300 },
  returnStoragePerByte: 1300,
  sendTransferFunds: 6000,
  sendInvokeMethod: 75_000,
  actorLookup: 500_000,
  actorUpdate: 475_000,
  actorCreateStorage: 650_000,
  addressLookup: 1_050_000,
  addressAssignment: 1_000_000,
  secp256k1Signature: { flat: 1_637_292, scale: 10 },
  blsSignature: { flat: 16_598_605, scale: 26 },
  secp256k1Recovery: 1_637_292,
  hashingPerByte: { 18: 7, 45600: 10, 45632: 10, 27: 33, 4179: 35 },
  tipsetCidLatest: 50_000,
  tipsetCidHistorical: 215_000,
  computeUnsealedSectorCid: 98_647,
  verifySeal: 2000,
  aggregateSeals: INTERACTIVE_SEALS,
  verifyReplicaUpdate: 36_316_136,
  verifyPost: { flat: 117_680_921, scale: 43_780 },
  verifyConsensusFault: 516_422,
  randomnessSeed: 21_000,
  blockOpen: 187_440,
  blockAllocatePerByte: 2,
  memcpyPerByteMilligas: 400,
  memoryRetentionPerByte: 10,
  blockPersistCompute: 172_000,
  blockPersistStorage: { flat: 334_000, scale: 3340 },
  syscall: 14_000,
  eventValidation: { flat: 1750, scale: 25 },
  memoryInitPerByteMilligas: 400,
  wasm: {
    zeroCostOps: ZERO_COST_OPS,
    base: gas(4),
    linear: { grow: 65_536 * 400, copyFillInit: 400, table: 8 * 400 },
  },
}

/**
 * The prices of network versions 18 to 20.
 *
 * Source: ref-fvm release/v3 fvm/src/gas/price_list.rs (`HYGGE_PRICES`).
 */
export const HYGGE: PriceList = thirdGenerationPriceList(HYGGE_PRICES)
