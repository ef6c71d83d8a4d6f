/** @module Rule sets of generation 3: network versions 18 to 20. Source: ref-fvm release/v3. */
import { CBOR, DAG_CBOR, RAW } from '@troupe/ipld'
import { SYSCALLS_3 } from '../abi/table.ts'
import { HYGGE } from '../gas/prices/hygge.ts'
import type { RuleSet } from './rule-set.ts'

const MIB = 1024 * 1024

/** Network version 18, Hygge. */
export const NV18: RuleSet = {
  name: 'nv18',
  networkVersion: 18,
  generation: 3,
  prices: HYGGE,
  syscalls: SYSCALLS_3,
  wasm: {
    stackLimit: 2048,
    instrumentation: '0.4.0',
    countsEveryLocal: false,
    chargesInitialMemory: true,
    maximumMemoryPages: 8192,
    maximumTableElements: 20_000,
  },
  stateRootVersions: [5],
  actorStateArity: 5,
  receiptArity: 4,
  blockCodecs: [CBOR, DAG_CBOR, RAW],
  flushCodecs: [RAW, DAG_CBOR, CBOR],
  flushLinks: 'lenient',
  flushKeepsUnreachable: true,
  storesEmptyTuple: true,
  maximumBlockSize: MIB,
  tracksLinks: false,
  parametersCodec: CBOR,
  sendParametersCodec: RAW,
  requiredActors: ['account', 'init', 'system', 'placeholder', 'eam', 'ethaccount'],
  delegatedAddresses: true,
  maximumCallDepth: 1024,
  looksUpReceiverFirst: true,
  maximumMemoryBytes: 2048 * MIB,
  depthFailureKeepsGasLimit: true,
  failuresReturnData: true,
  returnChargedBy: 'invocation',
  callsChargedFirst: false,
  creationChargedFirst: false,
  newAddressFromKeyAddress: false,
  abortRefusesSystemCodes: true,
  exitsCanSucceed: true,
  hashChargedFirst: false,
  resolvesSigners: false,
  chargesConsensusFaultExtern: false,
  chargesBatchedSeals: true,
  // Calibrationnet took StackedDRGWindow32GiBV1P1 for StackedDRGWindow32GiBV1 (fvm/src/kernel/default.rs).
  misjudgedPost: { chainId: 314_159n, lastEpoch: 498_691n, postProof: 13n, takenFor: 8n },
  gasMarkMovesOnCharge: false,
  tipsetLookback: 900,
  missingEntryIsFatal: true,
  reentrancyLocks: false,
  userActors: undefined,
  abstractAccounts: undefined,
  messageQueue: undefined,
  ethereumGas: undefined,
}

/** Network version 19, Lightning. */
export const NV19: RuleSet = { ...NV18, name: 'nv19', networkVersion: 19 }

/** Network version 20, Thunder. */
export const NV20: RuleSet = { ...NV18, name: 'nv20', networkVersion: 20 }
