import { gas, type PriceList } from './price-list.ts'
import { type SecondGenerationPrices, secondGenerationPriceList } from './second-generation.ts'
import { ZERO_COST_OPS } from './wasm-prices.ts'

/** What {@link SKYR} is made of. */
export const SKYR_PRICES: SecondGenerationPrices = {
  name: 'skyr',
  storageMultiplier: 1300,
  messageCompute: 38_863,
  messageStorageBytes: 36,
  sendBase: 29_233,
  sendTransferFunds: 27_500,
  sendTransferOnlyPremium: 159_672,
  sendInvokeMethod: -5377,
  createActorCompute: 1_108_454,
  actorStorageBytes: 36 + 40,
  secp256k1Signature: 1_637_292,
  blsSignature: 16_598_605,
  secp256k1Recovery: 1_637_292,
  hashing: 31_355,
  computeUnsealedSectorCid: 98_647,
  verifySeal: 2000,
  verifyReplicaUpdate: 36_316_136,
  verifyPost: 117_680_921,
  verifyPostPerSector: 43_780,
  verifyConsensusFault: 495_422,
  blockOpen: 114_617,
  blockLink: 353_640,
  memcpyMilligas: 500,
  memoryRetention: 10,
  syscall: 14_000,
  extern: 21_000,
  wasm: { zeroCostOps: ZERO_COST_OPS, base: gas(4), linear: undefined },
}

/**
 * The prices of network versions 16 and 17.
 *
 * Source: ref-fvm release/v2 fvm/src/gas/price_list.rs (`SKYR_PRICES`).
 */
export const SKYR: PriceList = secondGenerationPriceList(SKYR_PRICES)
