/** @module Rule sets of generation 2: network versions 15 to 17. Source: ref-fvm release/v2. */
import { DAG_CBOR, RAW } from '@troupe/ipld'
import { SYSCALLS_2 } from '../abi/table.ts'
import { OH_SNAP } from '../gas/prices/oh-snap.ts'
import { SKYR } from '../gas/prices/skyr.ts'
import type { RuleSet } from './rule-set.ts'

/** Network version 17, Shark. */
export const NV17: RuleSet = {
  name: 'nv17',
  networkVersion: 17,
  generation: 2,
  prices: SKYR,
  syscalls: SYSCALLS_2,
  wasm: {
    stackLimit: 2048,
    instrumentation: '0.2.0',
    countsEveryLocal: false,
    chargesInitialMemory: false,
    maximumMemoryPages: 65_536,
    maximumTableElements: undefined,
  },
  stateRootVersions: [3, 4],
  actorStateArity: 4,
  receiptArity: 3,
  blockCodecs: [DAG_CBOR],
  flushCodecs: [RAW, DAG_CBOR],
  flushLinks: 'minimal',
  flushKeepsUnreachable: false,
  storesEmptyTuple: false,
  maximumBlockSize: undefined,
  tracksLinks: false,
  parametersCodec: DAG_CBOR,
  sendParametersCodec: DAG_CBOR,
  requiredActors: ['account', 'init', 'system'],
  delegatedAddresses: false,
  // The test comes before the count, so that the top-level call is not counted against the 1024.
  maximumCallDepth: 1025,
  looksUpReceiverFirst: false,
  maximumMemoryBytes: undefined,
  depthFailureKeepsGasLimit: false,
  failuresReturnData: false,
  returnChargedBy: 'message',
  callsChargedFirst: true,
  creationChargedFirst: true,
  newAddressFromKeyAddress: true,
  abortRefusesSystemCodes: true,
  exitsCanSucceed: false,
  hashChargedFirst: true,
  resolvesSigners: true,
  chargesConsensusFaultExtern: false,
  chargesBatchedSeals: false,
  misjudgedPost: undefined,
  gasMarkMovesOnCharge: true,
  tipsetLookback: 0,
  missingEntryIsFatal: true,
  reentrancyLocks: false,
  userActors: undefined,
  abstractAccounts: undefined,
  messageQueue: undefined,
  ethereumGas: undefined,
}

/** Network version 16, Skyr. */
export const NV16: RuleSet = { ...NV17, name: 'nv16', networkVersion: 16 }

/** Network version 15, OhSnap. */
export const NV15: RuleSet = {
  ...NV16,
  name: 'nv15',
  networkVersion: 15,
  prices: OH_SNAP,
  abortRefusesSystemCodes: false,
  chargesConsensusFaultExtern: true,
}
