import {
  type ActorId,
  type Address,
  addressCodec,
  BURNT_FUNDS_ACTOR_ID,
  ExitCode,
  idAddress,
  METHOD_SEND,
  STORAGE_POWER_ACTOR_ID,
  SYSTEM_ACTOR_ID,
  type TokenAmount,
  tokenAmountCodec,
} from '@troupe/hypervisor'
import type { ValueCodec } from '@troupe/ipld'
import {
  type ActorContext,
  bigIntCodec,
  defineActor,
  encodeBlock,
  fail,
  i64Codec,
  method,
  type NativeActor,
  optionalCodec,
  tupleCodec,
} from '@troupe/runtime-native'
import { type FilterEstimate, filterEstimateCodec } from '../reward/filter.ts'
import { DivisionByZero, divideFloor } from '../reward/fixed-point.ts'
import {
  advanceReward,
  type EpochListener,
  initialRewardState,
  rewardStateCodec,
} from '../reward/reward-state.ts'
import { ACTORS_VERSION } from './version.ts'

/** Method numbers of the reward actor. */
export const RewardMethod = {
  CONSTRUCTOR: 1,
  AWARD_BLOCK_REWARD: 2,
  THIS_EPOCH_REWARD: 3,
  UPDATE_NETWORK_KPI: 4,
} as const

/** Parameters of `AwardBlockReward`. */
export interface AwardBlockRewardParameters {
  miner: Address
  penalty: TokenAmount
  gasReward: TokenAmount
  winCount: bigint
}

/** Shape: `[miner, penalty, gas reward, win count]`. */
export const awardBlockRewardParametersCodec: ValueCodec<AwardBlockRewardParameters> = tupleCodec({
  miner: addressCodec,
  penalty: tokenAmountCodec,
  gasReward: tokenAmountCodec,
  winCount: i64Codec,
})

/** What `ThisEpochReward` returns. Shape: `[[position, velocity], baseline power]`. */
export const thisEpochRewardCodec: ValueCodec<{ smoothedReward: FilterEstimate; baselinePower: bigint }> =
  tupleCodec({ smoothedReward: filterEstimateCodec, baselinePower: bigIntCodec })

/** What a miner's penalty is multiplied with. */
const PENALTY_MULTIPLIER = 3n
const EXPECTED_LEADERS_PER_EPOCH = 5n
/** The method of a miner that takes a reward. */
const APPLY_REWARDS = 14n
const applyRewardsCodec = tupleCodec({ reward: tokenAmountCodec, penalty: tokenAmountCodec })

/** Gas of the code for parts of its methods, in milligas. */
const WORK = {
  /** One epoch that is worked through. */
  epoch: 6_770_000,
  /** The first state. */
  initialState: 907_000_000,
  /** The reward of an epoch. */
  epochReward: 1_265_000_000,
  /** What a winner is paid. */
  payment: 124_000_000,
}

/** The reward actor (f02): it mints, and pays those who make blocks. Source: builtin-actors v18 actors/reward/src/lib.rs. */
export const rewardActor: NativeActor = defineActor({
  name: 'reward',
  version: ACTORS_VERSION,
  gas: { memoryPages: 17, entry: 47_100_000, failure: 9_000_000 },
  methods: {
    [RewardMethod.CONSTRUCTOR]: method({
      name: 'Constructor',
      parameters: optionalCodec(bigIntCodec),
      gas: { base: 8_000_000 },
      run: (context, power) => {
        context.requireCaller(idAddress(SYSTEM_ACTOR_ID))
        if (power === undefined) fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'the power of the network is missing')
        context.state.create(
          rewardStateCodec,
          computed(context, WORK.initialState, (onEpoch) => initialRewardState(power, onEpoch)),
        )
      },
    }),
    [RewardMethod.AWARD_BLOCK_REWARD]: method({
      name: 'AwardBlockReward',
      parameters: awardBlockRewardParametersCodec,
      gas: { base: 29_700_000, perParameterByte: 443_000, perStateByte: 205_000 },
      run: awardBlockReward,
    }),
    [RewardMethod.THIS_EPOCH_REWARD]: method({
      name: 'ThisEpochReward',
      returns: thisEpochRewardCodec,
      gas: { base: 49_500_000, perStateByte: 420_000 },
      run: (context) => {
        context.acceptAnyCaller()
        return context.state.read(rewardStateCodec)
      },
    }),
    [RewardMethod.UPDATE_NETWORK_KPI]: method({
      name: 'UpdateNetworkKPI',
      parameters: optionalCodec(bigIntCodec),
      gas: { base: 8_000_000 },
      run: (context, power) => {
        context.requireCaller(idAddress(STORAGE_POWER_ACTOR_ID))
        if (power === undefined) fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'the power of the network is missing')
        context.state.change(rewardStateCodec, (state) => {
          const { epoch } = context.network
          computed(context, WORK.epochReward, (onEpoch) => advanceReward(state, power, epoch, onEpoch))
        })
      },
    }),
  },
})

function awardBlockReward(context: ActorContext, parameters: AwardBlockRewardParameters): void {
  const { miner, penalty, gasReward, winCount } = parameters
  context.requireCaller(idAddress(SYSTEM_ACTOR_ID))
  const balance = context.balance()
  if (penalty < 0n) fail(ExitCode.USR_ILLEGAL_ARGUMENT, `a penalty of ${penalty}`)
  if (gasReward < 0n) fail(ExitCode.USR_ILLEGAL_ARGUMENT, `a gas reward of ${gasReward}`)
  if (balance < gasReward) fail(ExitCode.USR_ILLEGAL_STATE, `a gas reward of ${gasReward} out of ${balance}`)
  if (winCount <= 0n) fail(ExitCode.USR_ILLEGAL_ARGUMENT, `a win count of ${winCount}`)
  const minerId = context.actors.resolve(miner)
  if (minerId === undefined) fail(ExitCode.USR_NOT_FOUND, 'the miner has no id')
  const total = context.state.change(rewardStateCodec, (state) => {
    context.gas.work(WORK.payment)
    let blockReward = divideFloor(state.epochReward * winCount, EXPECTED_LEADERS_PER_EPOCH)
    let sum = gasReward + blockReward
    const available = context.balance()
    if (sum > available) {
      context.log(`a reward of ${sum} is cut down to the balance, ${available}`)
      sum = available
      blockReward = sum - gasReward
      if (blockReward < 0n) fail(ExitCode.USR_ILLEGAL_STATE, `a block reward of ${blockReward}`)
    }
    state.totalReward += blockReward
    return sum
  })
  if (total > balance) fail(ExitCode.USR_ILLEGAL_STATE, `a reward of ${total} out of ${balance}`)
  payMiner(context, minerId, total, penalty * PENALTY_MULTIPLIER)
}

/** Pays a miner, and burns what it does not take. */
function payMiner(context: ActorContext, miner: ActorId, reward: TokenAmount, penalty: TokenAmount): void {
  const parameters = encodeBlock(applyRewardsCodec, { reward, penalty })
  const paid = context.send({ to: idAddress(miner), method: APPLY_REWARDS, parameters, value: reward })
  if (paid.exitCode === ExitCode.OK) return
  context.log(`the miner did not take a reward of ${reward}`)
  const burnt = context.send({ to: idAddress(BURNT_FUNDS_ACTOR_ID), method: METHOD_SEND, value: reward })
  if (burnt.exitCode !== ExitCode.OK) context.log(`a reward of ${reward} could not be burnt`)
}

function computed<T>(context: ActorContext, work: number, compute: (onEpoch: EpochListener) => T): T {
  context.gas.work(work)
  try {
    return compute(() => context.gas.work(WORK.epoch))
  } catch (error) {
    if (error instanceof DivisionByZero) return context.panic('attempt to divide by zero')
    throw error
  }
}
