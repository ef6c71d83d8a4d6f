/**
 * @module What a storage miner keeps.
 *
 * Source: builtin-actors v18.0.0, `actors/miner/src/{state,types,deadline_state,partition_state,expiration_queue,vesting_state,beneficiary}.rs`.
 */
import {
  ADDRESS,
  amt,
  BIG_INT,
  BITFIELD,
  BOOL,
  BYTES,
  CID,
  hamt,
  INT,
  link,
  list,
  oneOf,
  optional,
  type Schema,
  TOKENS,
  tuple,
  UINT,
} from '../schema.ts'
import { EPOCH } from './shared.ts'

const POWER_PAIR = tuple({ raw: BIG_INT, qa: BIG_INT })

/** A proof of spacetime: its type and its bytes. */
export const POST_PROOF: Schema = tuple({ postProof: INT, proofBytes: BYTES })

/** How much a beneficiary may take. */
export const BENEFICIARY_TERM: Schema = tuple({ quota: TOKENS, usedQuota: TOKENS, expiration: EPOCH })

/** A change of the beneficiary that waits for approval. */
export const PENDING_BENEFICIARY: Schema = tuple({
  newBeneficiary: ADDRESS,
  newQuota: TOKENS,
  newExpiration: EPOCH,
  approvedByBeneficiary: BOOL,
  approvedByNominee: BOOL,
})

const INFO = tuple({
  owner: ADDRESS,
  worker: ADDRESS,
  controlAddresses: list(ADDRESS),
  pendingWorkerKey: optional(tuple({ newWorker: ADDRESS, effectiveAt: EPOCH })),
  peerId: BYTES,
  multiAddress: list(BYTES),
  windowPostProofType: INT,
  sectorSize: UINT,
  windowPostPartitionSectors: UINT,
  consensusFaultElapsed: EPOCH,
  pendingOwnerAddress: optional(ADDRESS),
  beneficiary: ADDRESS,
  beneficiaryTerm: BENEFICIARY_TERM,
  pendingBeneficiaryTerm: optional(PENDING_BENEFICIARY),
})

/** What is said of a sector before it is proven. */
export const PRE_COMMIT_INFO: Schema = tuple({
  sealProof: INT,
  sectorNumber: UINT,
  sealedCid: CID,
  sealRandEpoch: EPOCH,
  dealIds: list(UINT),
  expiration: EPOCH,
  unsealedCid: optional(CID),
})

/** Fields of a sector before version 16 added the daily fee. */
const FIRST_SECTOR_FIELDS = 15

const SECTOR = tuple(
  {
    sectorNumber: UINT,
    sealProof: INT,
    sealedCid: CID,
    deprecatedDealIds: list(UINT),
    activation: EPOCH,
    expiration: EPOCH,
    dealWeight: BIG_INT,
    verifiedDealWeight: BIG_INT,
    initialPledge: TOKENS,
    expectedDayReward: optional(TOKENS),
    expectedStoragePledge: optional(TOKENS),
    powerBaseEpoch: EPOCH,
    replacedDayReward: optional(TOKENS),
    sectorKeyCid: optional(CID),
    // A truth value until version 11.
    flags: oneOf(UINT, BOOL),
    dailyFee: TOKENS,
  },
  FIRST_SECTOR_FIELDS,
)

const EXPIRATIONS = tuple(
  {
    onTimeSectors: BITFIELD,
    earlySectors: BITFIELD,
    onTimePledge: TOKENS,
    activePower: POWER_PAIR,
    faultyPower: POWER_PAIR,
    feeDeduction: TOKENS,
  },
  5,
)

const PARTITION = tuple({
  sectors: BITFIELD,
  unproven: BITFIELD,
  faults: BITFIELD,
  recoveries: BITFIELD,
  terminated: BITFIELD,
  expirationsEpochs: amt(EXPIRATIONS),
  earlyTerminated: amt(BITFIELD),
  livePower: POWER_PAIR,
  unprovenPower: POWER_PAIR,
  faultyPower: POWER_PAIR,
  recoveringPower: POWER_PAIR,
})

const WINDOWED_POST = tuple({ partitions: BITFIELD, proofs: list(POST_PROOF) })

/** Fields of a deadline before version 16 added the last two. */
const FIRST_DEADLINE_FIELDS = 11

const DEADLINE = tuple(
  {
    partitions: amt(PARTITION),
    expirationsEpochs: amt(BITFIELD),
    partitionsPosted: BITFIELD,
    earlyTerminations: BITFIELD,
    liveSectors: UINT,
    totalSectors: UINT,
    faultyPower: POWER_PAIR,
    optimisticPostSubmissions: amt(WINDOWED_POST),
    sectorsSnapshot: amt(SECTOR),
    partitionsSnapshot: amt(PARTITION),
    optimisticPostSubmissionsSnapshot: amt(WINDOWED_POST),
    livePower: POWER_PAIR,
    dailyFee: TOKENS,
  },
  FIRST_DEADLINE_FIELDS,
)

const FUNDS = list(tuple({ epoch: EPOCH, amount: TOKENS }))

/** The state of a storage miner. */
export const MINER_STATE: Schema = tuple({
  info: link(INFO),
  preCommitDeposits: TOKENS,
  lockedFunds: TOKENS,
  vestingFunds: oneOf(
    optional(tuple({ head: tuple({ epoch: EPOCH, amount: TOKENS }), tail: link(FUNDS) })),
    // Until version 15.
    link(tuple({ funds: FUNDS })),
  ),
  feeDebt: TOKENS,
  initialPledge: TOKENS,
  preCommittedSectors: hamt(
    'uint',
    tuple({ info: PRE_COMMIT_INFO, preCommitDeposit: TOKENS, preCommitEpoch: EPOCH }),
  ),
  preCommittedSectorsCleanup: amt(BITFIELD),
  allocatedSectors: link(BITFIELD),
  sectors: amt(SECTOR),
  provingPeriodStart: EPOCH,
  currentDeadline: UINT,
  deadlines: link(tuple({ due: list(link(DEADLINE)) })),
  earlyTerminations: BITFIELD,
  deadlineCronActive: BOOL,
})
