/**
 * @module The storage power actor and the verified registry.
 *
 * Source: builtin-actors v18.0.0, `actors/{power,verifreg}/src/{lib,state,types}.rs`.
 */
import { type ActorInterface, both, exported, numbered } from '../interfaces.ts'
import {
  ADDRESS,
  amt,
  BIG_INT,
  BOOL,
  BYTES,
  CID,
  hamt,
  INT,
  list,
  oneOf,
  optional,
  TOKENS,
  tuple,
  UINT,
} from '../schema.ts'
import { ACTOR_ID, BATCH_RETURN, EPOCH, FILTER_ESTIMATE, RECEIVER_PARAMETERS, SIGNATURE } from './shared.ts'

/** `actors/power/src/state.rs`. */
const CRON_QUEUE_BIT_WIDTH = 6

const POWER_TOTALS = {
  totalRawBytePower: BIG_INT,
  totalBytesCommitted: BIG_INT,
  totalQualityAdjPower: BIG_INT,
  totalQaBytesCommitted: BIG_INT,
  totalPledgeCollateral: TOKENS,
  thisEpochRawBytePower: BIG_INT,
  thisEpochQualityAdjPower: BIG_INT,
  thisEpochPledgeCollateral: TOKENS,
  thisEpochQaPowerSmoothed: FILTER_ESTIMATE,
  minerCount: INT,
  minerAboveMinPowerCount: INT,
}

const POWER_TABLES = {
  cronEventQueue: hamt(
    'int',
    amt(tuple({ minerAddr: ADDRESS, callbackPayload: BYTES })),
    CRON_QUEUE_BIT_WIDTH,
  ),
  firstCronEpoch: EPOCH,
  claims: hamt(
    'address',
    tuple({ windowPostProofType: INT, rawBytePower: BIG_INT, qualityAdjPower: BIG_INT }),
  ),
  proofValidationBatch: optional(CID),
}

const MINER_PARAMETERS = tuple({
  owner: ADDRESS,
  worker: ADDRESS,
  windowPostProofType: INT,
  peer: BYTES,
  multiaddrs: list(BYTES),
})

export const POWER: ActorInterface = {
  name: 'storagepower',
  state: oneOf(
    tuple({ ...POWER_TOTALS, rampStartEpoch: EPOCH, rampDurationEpochs: UINT, ...POWER_TABLES }),
    // Until version 14.
    tuple({ ...POWER_TOTALS, ...POWER_TABLES }),
  ),
  methods: [
    numbered(1, 'Constructor'),
    both(2, 'CreateMiner', MINER_PARAMETERS, tuple({ idAddress: ADDRESS, robustAddress: ADDRESS })),
    numbered(3, 'UpdateClaimedPower', tuple({ rawByteDelta: BIG_INT, qualityAdjustedDelta: BIG_INT })),
    numbered(4, 'EnrollCronEvent', tuple({ eventEpoch: EPOCH, payload: BYTES })),
    numbered(5, 'OnEpochTickEnd'),
    numbered(6, 'UpdatePledgeTotal', TOKENS),
    // Until version 14.
    numbered(8, 'SubmitPoRepForBulkVerify'),
    numbered(
      9,
      'CurrentTotalPower',
      undefined,
      tuple(
        {
          rawBytePower: BIG_INT,
          qualityAdjPower: BIG_INT,
          pledgeCollateral: TOKENS,
          qualityAdjPowerSmoothed: FILTER_ESTIMATE,
          rampStartEpoch: EPOCH,
          rampDurationEpochs: UINT,
        },
        4,
      ),
    ),
    exported('NetworkRawPower', undefined, BIG_INT),
    exported('MinerRawPower', ACTOR_ID, tuple({ rawBytePower: BIG_INT, meetsConsensusMinimum: BOOL })),
    exported('MinerCount', undefined, INT),
    exported('MinerConsensusCount', undefined, INT),
    exported('MinerPower', ACTOR_ID, tuple({ rawBytePower: BIG_INT, qualityAdjPower: BIG_INT })),
  ],
}

const ALLOCATION = tuple({
  client: ACTOR_ID,
  provider: ACTOR_ID,
  data: CID,
  size: UINT,
  termMin: EPOCH,
  termMax: EPOCH,
  expiration: EPOCH,
})

const CLAIM = tuple({
  provider: ACTOR_ID,
  client: ACTOR_ID,
  data: CID,
  size: UINT,
  termMin: EPOCH,
  termMax: EPOCH,
  termStart: EPOCH,
  sector: UINT,
})

const VERIFIER_PARAMETERS = tuple({ address: ADDRESS, allowance: BIG_INT })
const REMOVAL_REQUEST = tuple({ verifier: ADDRESS, signature: SIGNATURE })

export const VERIFIED_REGISTRY: ActorInterface = {
  name: 'verifiedregistry',
  state: tuple({
    rootKey: ADDRESS,
    verifiers: hamt('address', BIG_INT),
    removeDataCapProposalIds: hamt('bytes', tuple({ id: UINT })),
    allocations: hamt('id', hamt('uint', ALLOCATION)),
    nextAllocationId: UINT,
    claims: hamt('id', hamt('uint', CLAIM)),
  }),
  methods: [
    numbered(1, 'Constructor', ADDRESS),
    numbered(2, 'AddVerifier', VERIFIER_PARAMETERS),
    numbered(3, 'RemoveVerifier', ADDRESS),
    both(4, 'AddVerifiedClient', VERIFIER_PARAMETERS),
    numbered(
      7,
      'RemoveVerifiedClientDataCap',
      tuple({
        verifiedClientToRemove: ADDRESS,
        dataCapAmountToRemove: BIG_INT,
        verifierRequest1: REMOVAL_REQUEST,
        verifierRequest2: REMOVAL_REQUEST,
      }),
      tuple({ verifiedClient: ADDRESS, dataCapRemoved: BIG_INT }),
    ),
    both(
      8,
      'RemoveExpiredAllocations',
      tuple({ client: ACTOR_ID, allocationIds: list(UINT) }),
      tuple({ considered: list(UINT), results: BATCH_RETURN, datacapRecovered: BIG_INT }),
    ),
    numbered(
      9,
      'ClaimAllocations',
      tuple({
        sectors: list(
          tuple({
            sector: UINT,
            expiry: EPOCH,
            claims: list(tuple({ client: ACTOR_ID, allocationId: UINT, data: CID, size: UINT })),
          }),
        ),
        allOrNothing: BOOL,
      }),
      tuple({ sectorResults: BATCH_RETURN, sectorClaims: list(BIG_INT) }),
    ),
    both(
      10,
      'GetClaims',
      tuple({ provider: ACTOR_ID, claimIds: list(UINT) }),
      tuple({ batchInfo: BATCH_RETURN, claims: list(CLAIM) }),
    ),
    both(
      11,
      'ExtendClaimTerms',
      tuple({ terms: list(tuple({ provider: ACTOR_ID, claimId: UINT, termMax: EPOCH })) }),
      BATCH_RETURN,
    ),
    both(
      12,
      'RemoveExpiredClaims',
      tuple({ provider: ACTOR_ID, claimIds: list(UINT) }),
      tuple({ considered: list(UINT), results: BATCH_RETURN }),
    ),
    exported(
      'Receive',
      RECEIVER_PARAMETERS,
      tuple({
        allocationResults: BATCH_RETURN,
        extensionResults: BATCH_RETURN,
        newAllocations: list(UINT),
      }),
    ),
  ],
}
