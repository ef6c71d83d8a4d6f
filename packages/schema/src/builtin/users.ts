/**
 * @module The actors that people make: accounts, contracts, wallets and channels.
 *
 * Source: builtin-actors v18.0.0, `actors/{account,placeholder,ethaccount,evm,multisig,paych}/src/{lib,state,types}.rs`.
 */
import { type ActorInterface, exported, numbered } from '../interfaces.ts'
import {
  ADDRESS,
  amt,
  BOOL,
  BYTES,
  CID,
  hamt,
  INT,
  list,
  optional,
  STORAGE,
  TOKENS,
  tuple,
  U256,
  UINT,
} from '../schema.ts'
import { ACTOR_ID, EPOCH, RECEIVER_PARAMETERS, SIGNATURE } from './shared.ts'

const AUTHENTICATE_PARAMETERS = tuple({ signature: BYTES, message: BYTES })

export const ACCOUNT: ActorInterface = {
  name: 'account',
  state: tuple({ address: ADDRESS }),
  methods: [
    numbered(1, 'Constructor', ADDRESS),
    numbered(2, 'PubkeyAddress', undefined, ADDRESS),
    // Under its own number until version 9.
    numbered(3, 'AuthenticateMessage', AUTHENTICATE_PARAMETERS),
    exported('AuthenticateMessage', AUTHENTICATE_PARAMETERS, BOOL),
  ],
}

export const PLACEHOLDER: ActorInterface = {
  name: 'placeholder',
  state: undefined,
  methods: [],
}

export const ETHACCOUNT: ActorInterface = {
  name: 'ethaccount',
  state: undefined,
  methods: [numbered(1, 'Constructor')],
}

const LIFESPAN = tuple({ origin: ACTOR_ID, nonce: UINT })
const CONTRACT_PARAMETERS = tuple({ creator: BYTES, initcode: BYTES })

export const EVM: ActorInterface = {
  name: 'evm',
  state: tuple({
    bytecode: CID,
    bytecodeHash: BYTES,
    contractState: STORAGE,
    transientData: optional(tuple({ transientDataState: STORAGE, transientDataLifespan: LIFESPAN })),
    nonce: UINT,
    tombstone: optional(LIFESPAN),
  }),
  methods: [
    numbered(1, 'Constructor', CONTRACT_PARAMETERS),
    numbered(2, 'Resurrect', CONTRACT_PARAMETERS),
    numbered(3, 'GetBytecode', undefined, optional(CID)),
    numbered(4, 'GetBytecodeHash', undefined, BYTES),
    numbered(5, 'GetStorageAt', tuple({ storageKey: U256 }), U256),
    numbered(
      6,
      'InvokeContractDelegate',
      tuple({ code: CID, input: BYTES, caller: BYTES, value: TOKENS }),
      BYTES,
    ),
    exported('InvokeEVM', BYTES, BYTES),
  ],
}

const TRANSACTION_PARAMETERS = tuple({ id: INT, proposalHash: BYTES })

export const MULTISIG: ActorInterface = {
  name: 'multisig',
  state: tuple({
    signers: list(ADDRESS),
    numApprovalsThreshold: UINT,
    nextTxId: INT,
    initialBalance: TOKENS,
    startEpoch: EPOCH,
    unlockDuration: EPOCH,
    pendingTxs: hamt(
      'int',
      tuple({ to: ADDRESS, value: TOKENS, method: UINT, params: BYTES, approved: list(ADDRESS) }),
    ),
  }),
  methods: [
    numbered(
      1,
      'Constructor',
      tuple({
        signers: list(ADDRESS),
        numApprovalsThreshold: UINT,
        unlockDuration: EPOCH,
        startEpoch: EPOCH,
      }),
    ),
    numbered(
      2,
      'Propose',
      tuple({ to: ADDRESS, value: TOKENS, method: UINT, params: BYTES }),
      tuple({ txnId: INT, applied: BOOL, code: UINT, ret: BYTES }),
    ),
    numbered(3, 'Approve', TRANSACTION_PARAMETERS, tuple({ applied: BOOL, code: UINT, ret: BYTES })),
    numbered(4, 'Cancel', TRANSACTION_PARAMETERS),
    numbered(5, 'AddSigner', tuple({ signer: ADDRESS, increase: BOOL })),
    numbered(6, 'RemoveSigner', tuple({ signer: ADDRESS, decrease: BOOL })),
    numbered(7, 'SwapSigner', tuple({ from: ADDRESS, to: ADDRESS })),
    numbered(8, 'ChangeNumApprovalsThreshold', tuple({ newThreshold: UINT })),
    numbered(9, 'LockBalance', tuple({ startEpoch: EPOCH, unlockDuration: EPOCH, amount: TOKENS })),
    exported('Receive', RECEIVER_PARAMETERS),
  ],
}

const VOUCHER = tuple({
  channelAddr: ADDRESS,
  timeLockMin: EPOCH,
  timeLockMax: EPOCH,
  secretPreImage: BYTES,
  extra: optional(tuple({ actor: ADDRESS, method: UINT, data: BYTES })),
  lane: UINT,
  nonce: UINT,
  amount: TOKENS,
  minSettleHeight: EPOCH,
  merges: list(tuple({ lane: UINT, nonce: UINT })),
  signature: optional(SIGNATURE),
})

export const PAYMENT_CHANNEL: ActorInterface = {
  name: 'paymentchannel',
  state: tuple({
    from: ADDRESS,
    to: ADDRESS,
    toSend: TOKENS,
    settlingAt: EPOCH,
    minSettleHeight: EPOCH,
    laneStates: amt(tuple({ redeemed: TOKENS, nonce: UINT })),
  }),
  methods: [
    numbered(1, 'Constructor', tuple({ from: ADDRESS, to: ADDRESS })),
    numbered(2, 'UpdateChannelState', tuple({ sv: VOUCHER, secret: BYTES })),
    numbered(3, 'Settle'),
    numbered(4, 'Collect'),
  ],
}
