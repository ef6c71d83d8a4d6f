/**
 * @module The actors that each network has once, but those of storage.
 *
 * Source: builtin-actors v18.0.0, `actors/{system,init,cron,reward,eam,datacap}/src/{lib,state,types}.rs`; experimental/fvm-m2 `actors/init/src/types.rs`; frc46_token 15.0.0 `src/token/{state,types}.rs`.
 */
import { type ActorInterface, exported, numbered } from '../interfaces.ts'
import {
  ADDRESS,
  BIG_INT,
  BOOL,
  BYTES,
  CID,
  constant,
  hamt,
  INT,
  link,
  list,
  oneOf,
  optional,
  type Schema,
  TEXT,
  TOKENS,
  tuple,
  UINT,
} from '../schema.ts'
import { ACTOR_ID, EPOCH, FILTER_ESTIMATE } from './shared.ts'

export const SYSTEM: ActorInterface = {
  name: 'system',
  state: tuple({ builtinActors: link(list(tuple({ name: TEXT, code: CID }))) }),
  methods: [numbered(1, 'Constructor')],
}

const EXEC_RETURN = tuple({ idAddress: ADDRESS, robustAddress: ADDRESS })

export const INIT: ActorInterface = {
  name: 'init',
  state: tuple(
    {
      addressMap: hamt('address', ACTOR_ID),
      nextId: ACTOR_ID,
      networkName: TEXT,
      // On networks whose users install code.
      installedActors: link(list(CID)),
    },
    3,
  ),
  methods: [
    numbered(1, 'Constructor', tuple({ networkName: TEXT })),
    numbered(2, 'Exec', tuple({ codeCid: CID, constructorParams: BYTES }), EXEC_RETURN),
    numbered(3, 'Exec4', tuple({ codeCid: CID, constructorParams: BYTES, subaddress: BYTES }), EXEC_RETURN),
    numbered(4, 'InstallCode', tuple({ code: BYTES }), tuple({ code: CID, isNew: BOOL })),
  ],
}

const CRON_STATE = tuple({ entries: list(tuple({ receiver: ADDRESS, methodNum: UINT })) })

export const CRON: ActorInterface = {
  name: 'cron',
  state: CRON_STATE,
  methods: [numbered(1, 'Constructor', CRON_STATE), numbered(2, 'EpochTick')],
}

export const REWARD: ActorInterface = {
  name: 'reward',
  state: tuple({
    cumsumBaseline: BIG_INT,
    cumsumRealized: BIG_INT,
    effectiveNetworkTime: EPOCH,
    effectiveBaselinePower: BIG_INT,
    thisEpochReward: TOKENS,
    thisEpochRewardSmoothed: FILTER_ESTIMATE,
    thisEpochBaselinePower: BIG_INT,
    epoch: EPOCH,
    totalStoragePowerReward: TOKENS,
    simpleTotal: TOKENS,
    baselineTotal: TOKENS,
  }),
  methods: [
    numbered(1, 'Constructor', optional(BIG_INT)),
    numbered(
      2,
      'AwardBlockReward',
      tuple({ miner: ADDRESS, penalty: TOKENS, gasReward: TOKENS, winCount: INT }),
    ),
    numbered(
      3,
      'ThisEpochReward',
      undefined,
      tuple({ thisEpochRewardSmoothed: FILTER_ESTIMATE, thisEpochBaselinePower: BIG_INT }),
    ),
    numbered(4, 'UpdateNetworkKPI', optional(BIG_INT)),
  ],
}

const EAM_RETURN = tuple({ actorId: ACTOR_ID, robustAddress: optional(ADDRESS), ethAddress: BYTES })

export const EAM: ActorInterface = {
  name: 'eam',
  state: undefined,
  methods: [
    numbered(1, 'Constructor'),
    numbered(2, 'Create', tuple({ initcode: BYTES, nonce: UINT }), EAM_RETURN),
    numbered(3, 'Create2', tuple({ initcode: BYTES, salt: BYTES }), EAM_RETURN),
    numbered(4, 'CreateExternal', BYTES, EAM_RETURN),
  ],
}

/** The state of a token whose HAMTs have this bit width, which stands in it. */
const TOKEN_STATE = (bitWidth: number): Schema =>
  tuple({
    supply: TOKENS,
    balances: hamt('id', TOKENS, bitWidth),
    allowances: hamt('id', hamt('id', TOKENS, bitWidth), bitWidth),
    hamtBitWidth: constant(BigInt(bitWidth)),
  })

/** That of networks that began with the actor, which is the token library's own; and that of those which were migrated to it, mainnet among them. */
const TOKEN_BIT_WIDTHS = [3, 5]

/** Methods of the actor before version 10, when they had numbers of their own; as places in order, `-` where one is free. */
const NUMBERED_DATACAP =
  'Mint Destroy - - - - - - Name Symbol TotalSupply BalanceOf Transfer TransferFrom IncreaseAllowance DecreaseAllowance RevokeAllowance Burn BurnFrom Allowance'

const ALLOWANCE_CHANGE = (name: 'increase' | 'decrease'): Schema =>
  tuple({ operator: ADDRESS, [name]: TOKENS })

export const DATACAP: ActorInterface = {
  name: 'datacap',
  state: tuple({
    governor: ADDRESS,
    token: oneOf(...TOKEN_BIT_WIDTHS.map(TOKEN_STATE)),
  }),
  methods: [
    numbered(1, 'Constructor', ADDRESS),
    ...NUMBERED_DATACAP.split(' ').flatMap((name, index) =>
      name === '-' ? [] : [numbered(index + 2, name)],
    ),
    exported(
      'Mint',
      tuple({ to: ADDRESS, amount: TOKENS, operators: list(ADDRESS) }),
      tuple({ balance: TOKENS, supply: TOKENS, recipientData: BYTES }),
    ),
    exported('Destroy', tuple({ owner: ADDRESS, amount: TOKENS }), tuple({ balance: TOKENS })),
    exported('Name', undefined, TEXT),
    exported('Symbol', undefined, TEXT),
    exported('Granularity', undefined, UINT),
    exported('TotalSupply', undefined, TOKENS),
    exported('Balance', ADDRESS, TOKENS),
    exported(
      'Transfer',
      tuple({ to: ADDRESS, amount: TOKENS, operatorData: BYTES }),
      tuple({ fromBalance: TOKENS, toBalance: TOKENS, recipientData: BYTES }),
    ),
    exported(
      'TransferFrom',
      tuple({ from: ADDRESS, to: ADDRESS, amount: TOKENS, operatorData: BYTES }),
      tuple({ fromBalance: TOKENS, toBalance: TOKENS, allowance: TOKENS, recipientData: BYTES }),
    ),
    exported('IncreaseAllowance', ALLOWANCE_CHANGE('increase'), TOKENS),
    exported('DecreaseAllowance', ALLOWANCE_CHANGE('decrease'), TOKENS),
    exported('RevokeAllowance', tuple({ operator: ADDRESS }), TOKENS),
    exported('Burn', tuple({ amount: TOKENS }), tuple({ balance: TOKENS })),
    exported(
      'BurnFrom',
      tuple({ owner: ADDRESS, amount: TOKENS }),
      tuple({ balance: TOKENS, allowance: TOKENS }),
    ),
    exported('Allowance', tuple({ owner: ADDRESS, operator: ADDRESS }), TOKENS),
  ],
}
