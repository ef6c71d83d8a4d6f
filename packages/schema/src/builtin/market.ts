/** @module The storage market actor. Source: builtin-actors v18.0.0, `actors/market/src/{lib,state,types,deal,balance_table,ext}.rs`. */
import { type ActorInterface, both, exported, numbered } from '../interfaces.ts'
import {
  ADDRESS,
  ANY,
  amt,
  BITFIELD,
  BOOL,
  BYTES,
  CID,
  hamt,
  INT,
  list,
  oneOf,
  optional,
  TEXT,
  TOKENS,
  tuple,
  UINT,
} from '../schema.ts'
import { ACTOR_ID, BATCH_RETURN, EPOCH, SIGNATURE } from './shared.ts'

/** `actors/market/src/balance_table.rs`. */
const BALANCES_BIT_WIDTH = 6

const LABEL = oneOf(TEXT, BYTES)

const PROPOSAL = tuple({
  pieceCid: CID,
  pieceSize: UINT,
  verifiedDeal: BOOL,
  client: ADDRESS,
  provider: ADDRESS,
  label: LABEL,
  startEpoch: EPOCH,
  endEpoch: EPOCH,
  storagePricePerEpoch: TOKENS,
  providerCollateral: TOKENS,
  clientCollateral: TOKENS,
})

const DEAL_STATE = tuple({
  sectorNumber: UINT,
  sectorStartEpoch: EPOCH,
  lastUpdatedEpoch: EPOCH,
  slashEpoch: EPOCH,
})

/** What maps have that are used as sets. */
const MEMBER = ANY

const SECTOR_DEALS = tuple({
  sectorNumber: UINT,
  sectorType: INT,
  sectorExpiry: EPOCH,
  dealIds: list(UINT),
})

/** Fields of the state before versions 9 and 13 added the last two. */
const FIRST_STATE_FIELDS = 11

export const MARKET: ActorInterface = {
  name: 'storagemarket',
  state: tuple(
    {
      proposals: amt(PROPOSAL),
      states: amt(DEAL_STATE),
      pendingProposals: hamt('cid', MEMBER),
      escrowTable: hamt('address', TOKENS, BALANCES_BIT_WIDTH),
      lockedTable: hamt('address', TOKENS, BALANCES_BIT_WIDTH),
      nextId: UINT,
      // From version 14 on epochs are signed here; before, their keys had no zigzag.
      dealOpsByEpoch: hamt('int', hamt('uint', MEMBER)),
      lastCron: EPOCH,
      totalClientLockedCollateral: TOKENS,
      totalProviderLockedCollateral: TOKENS,
      totalClientStorageFee: TOKENS,
      pendingDealAllocationIds: hamt('uint', UINT),
      providerSectors: hamt('id', hamt('uint', list(UINT))),
    },
    FIRST_STATE_FIELDS,
  ),
  methods: [
    numbered(1, 'Constructor'),
    both(2, 'AddBalance', ADDRESS),
    both(3, 'WithdrawBalance', tuple({ providerOrClient: ADDRESS, amount: TOKENS }), TOKENS),
    both(
      4,
      'PublishStorageDeals',
      tuple({ deals: list(tuple({ proposal: PROPOSAL, clientSignature: SIGNATURE })) }),
      tuple({ ids: list(UINT), validDeals: BITFIELD }),
    ),
    numbered(
      5,
      'VerifyDealsForActivation',
      tuple({ sectors: list(SECTOR_DEALS) }),
      tuple({ unsealedCids: list(optional(CID)) }),
    ),
    numbered(
      6,
      'BatchActivateDeals',
      tuple({ sectors: list(SECTOR_DEALS), computeCid: BOOL }),
      tuple({
        activationResults: BATCH_RETURN,
        activations: list(
          tuple({
            activated: list(tuple({ client: ACTOR_ID, allocationId: UINT, data: CID, size: UINT })),
            unsealedCid: optional(CID),
          }),
        ),
      }),
    ),
    numbered(7, 'OnMinerSectorsTerminate', tuple({ epoch: EPOCH, sectors: BITFIELD })),
    // Until version 11.
    numbered(8, 'ComputeDataCommitment'),
    numbered(9, 'CronTick'),
    exported('GetBalance', ADDRESS, tuple({ balance: TOKENS, locked: TOKENS })),
    exported('GetDealDataCommitment', UINT, tuple({ data: CID, size: UINT })),
    exported('GetDealClient', UINT, ACTOR_ID),
    exported('GetDealProvider', UINT, ACTOR_ID),
    exported('GetDealLabel', UINT, LABEL),
    exported('GetDealTerm', UINT, tuple({ start: EPOCH, duration: EPOCH })),
    exported('GetDealTotalPrice', UINT, TOKENS),
    exported('GetDealClientCollateral', UINT, TOKENS),
    exported('GetDealProviderCollateral', UINT, TOKENS),
    exported('GetDealVerified', UINT, BOOL),
    exported('GetDealActivation', UINT, tuple({ activated: EPOCH, terminated: EPOCH })),
    exported('GetDealSector', UINT, UINT),
    exported(
      'SettleDealPayments',
      BITFIELD,
      tuple({ results: BATCH_RETURN, settlements: list(tuple({ payment: TOKENS, completed: BOOL })) }),
    ),
    exported(
      'SectorContentChanged',
      list(
        tuple({
          sector: UINT,
          minimumCommitmentEpoch: EPOCH,
          added: list(tuple({ data: CID, size: UINT, payload: BYTES })),
        }),
      ),
      list(list(BOOL)),
    ),
  ],
}
