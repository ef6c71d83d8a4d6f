/** @module The storage miner actor. Source: builtin-actors v18.0.0, `actors/miner/src/{lib,types}.rs`. */
import { type ActorInterface, both, exported, numbered } from '../interfaces.ts'
import {
  ADDRESS,
  BIG_INT,
  BITFIELD,
  BOOL,
  BYTES,
  CID,
  INT,
  list,
  optional,
  type Schema,
  TOKENS,
  tuple,
  UINT,
} from '../schema.ts'
import {
  BENEFICIARY_TERM,
  MINER_STATE,
  PENDING_BENEFICIARY,
  POST_PROOF,
  PRE_COMMIT_INFO,
} from './miner-state.ts'
import { ACTOR_ID, BATCH_RETURN, EPOCH, FILTER_ESTIMATE } from './shared.ts'

/** Sectors of one partition. */
const DECLARATION = { deadline: UINT, partition: UINT, sectors: BITFIELD }

const PIECE = tuple({
  cid: CID,
  size: UINT,
  verifiedAllocationKey: optional(tuple({ client: ACTOR_ID, id: UINT })),
  notify: list(tuple({ address: ADDRESS, payload: BYTES })),
})

const ACTIVATION_OPTIONS = { requireActivationSuccess: BOOL, requireNotificationSuccess: BOOL }

/** A tuple of a single field. */
const only = (name: string, schema: Schema): Schema => tuple({ [name]: schema })

export const MINER: ActorInterface = {
  name: 'storageminer',
  state: MINER_STATE,
  methods: [
    numbered(
      1,
      'Constructor',
      tuple({
        owner: ADDRESS,
        worker: ADDRESS,
        controlAddresses: list(ADDRESS),
        windowPostProofType: INT,
        peerId: BYTES,
        multiAddresses: list(BYTES),
      }),
    ),
    numbered(
      2,
      'ControlAddresses',
      undefined,
      tuple({ owner: ADDRESS, worker: ADDRESS, controlAddresses: list(ADDRESS) }),
    ),
    both(3, 'ChangeWorkerAddress', tuple({ newWorker: ADDRESS, newControlAddresses: list(ADDRESS) })),
    both(4, 'ChangePeerID', only('newId', BYTES)),
    numbered(
      5,
      'SubmitWindowedPoSt',
      tuple({
        deadline: UINT,
        partitions: list(tuple({ index: UINT, skipped: BITFIELD })),
        proofs: list(POST_PROOF),
        chainCommitEpoch: EPOCH,
        chainCommitRand: BYTES,
      }),
    ),
    numbered(6, 'PreCommitSector'),
    numbered(7, 'ProveCommitSector', tuple({ sectorNumber: UINT, proof: BYTES })),
    numbered(8, 'ExtendSectorExpiration'),
    numbered(9, 'TerminateSectors', only('terminations', list(tuple(DECLARATION))), only('done', BOOL)),
    numbered(10, 'DeclareFaults', only('faults', list(tuple(DECLARATION)))),
    numbered(11, 'DeclareFaultsRecovered', only('recoveries', list(tuple(DECLARATION)))),
    numbered(
      12,
      'OnDeferredCronEvent',
      tuple({
        eventPayload: BYTES,
        rewardSmoothed: FILTER_ESTIMATE,
        qualityAdjPowerSmoothed: FILTER_ESTIMATE,
      }),
    ),
    numbered(13, 'CheckSectorProven', only('sectorNumber', UINT)),
    numbered(14, 'ApplyRewards', tuple({ reward: TOKENS, penalty: TOKENS })),
    numbered(15, 'ReportConsensusFault', tuple({ header1: BYTES, header2: BYTES, headerExtra: BYTES })),
    both(16, 'WithdrawBalance', only('amountRequested', TOKENS), TOKENS),
    numbered(
      17,
      'InternalSectorSetupForPreseal',
      tuple({
        sectors: list(UINT),
        rewardSmoothed: FILTER_ESTIMATE,
        rewardBaselinePower: BIG_INT,
        qualityAdjPowerSmoothed: FILTER_ESTIMATE,
      }),
    ),
    both(18, 'ChangeMultiaddrs', only('newMultiAddrs', list(BYTES))),
    numbered(19, 'CompactPartitions', tuple({ deadline: UINT, partitions: BITFIELD })),
    numbered(20, 'CompactSectorNumbers', only('maskSectorNumbers', BITFIELD)),
    both(21, 'ConfirmChangeWorkerAddress'),
    both(22, 'RepayDebt'),
    both(23, 'ChangeOwnerAddress', ADDRESS),
    numbered(24, 'DisputeWindowedPoSt', tuple({ deadline: UINT, postIndex: UINT })),
    numbered(25, 'PreCommitSectorBatch'),
    numbered(26, 'ProveCommitAggregate'),
    numbered(27, 'ProveReplicaUpdates'),
    numbered(28, 'PreCommitSectorBatch2', only('sectors', list(PRE_COMMIT_INFO))),
    numbered(29, 'ProveReplicaUpdates2'),
    both(30, 'ChangeBeneficiary', tuple({ newBeneficiary: ADDRESS, newQuota: TOKENS, newExpiration: EPOCH })),
    both(
      31,
      'GetBeneficiary',
      undefined,
      tuple({
        active: tuple({ beneficiary: ADDRESS, term: BENEFICIARY_TERM }),
        proposed: optional(PENDING_BENEFICIARY),
      }),
    ),
    numbered(
      32,
      'ExtendSectorExpiration2',
      only(
        'extensions',
        list(
          tuple({
            ...DECLARATION,
            sectorsWithClaims: list(
              tuple({ sectorNumber: UINT, maintainClaims: list(UINT), dropClaims: list(UINT) }),
            ),
            newExpiration: EPOCH,
          }),
        ),
      ),
    ),
    numbered(
      34,
      'ProveCommitSectors3',
      tuple({
        sectorActivations: list(tuple({ sectorNumber: UINT, pieces: list(PIECE) })),
        sectorProofs: list(BYTES),
        aggregateProof: BYTES,
        aggregateProofType: optional(INT),
        ...ACTIVATION_OPTIONS,
      }),
      BATCH_RETURN,
    ),
    numbered(
      35,
      'ProveReplicaUpdates3',
      tuple({
        sectorUpdates: list(
          tuple({ sector: UINT, deadline: UINT, partition: UINT, newSealedCid: CID, pieces: list(PIECE) }),
        ),
        sectorProofs: list(BYTES),
        aggregateProof: BYTES,
        updateProofsType: INT,
        aggregateProofType: optional(INT),
        ...ACTIVATION_OPTIONS,
      }),
      BATCH_RETURN,
    ),
    numbered(
      36,
      'ProveCommitSectorsNI',
      tuple({
        sectors: list(
          tuple({
            sealingNumber: UINT,
            sealerId: ACTOR_ID,
            sealedCid: CID,
            sectorNumber: UINT,
            sealRandEpoch: EPOCH,
            expiration: EPOCH,
          }),
        ),
        aggregateProof: BYTES,
        sealProofType: INT,
        aggregateProofType: INT,
        provingDeadline: UINT,
        requireActivationSuccess: BOOL,
      }),
      BATCH_RETURN,
    ),
    exported('GetOwner', undefined, tuple({ owner: ADDRESS, proposed: optional(ADDRESS) })),
    exported('IsControllingAddress', ADDRESS, BOOL),
    exported('GetSectorSize', undefined, UINT),
    exported('GetAvailableBalance', undefined, TOKENS),
    exported(
      'GetVestingFunds',
      undefined,
      only('vestingFunds', list(tuple({ epoch: EPOCH, amount: TOKENS }))),
    ),
    exported('GetPeerID', undefined, only('peerId', BYTES)),
    exported('GetMultiaddrs', undefined, only('multiAddrs', list(BYTES))),
    exported('MaxTerminationFee', tuple({ power: BIG_INT, initialPledge: TOKENS }), TOKENS),
    exported('InitialPledge', undefined, TOKENS),
    exported('GenerateSectorLocation', only('sectorNumber', UINT), tuple({ status: UINT, auxData: BYTES })),
    exported('ValidateSectorStatus', tuple({ sectorNumber: UINT, status: UINT, auxData: BYTES }), BOOL),
    exported('GetNominalSectorExpiration', UINT, EPOCH),
  ],
}
