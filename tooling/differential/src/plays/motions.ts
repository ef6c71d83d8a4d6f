import { AbiCoder, Interface, id, keccak256 } from 'ethers'
import type { ContractCall, Scene } from './contract-play.ts'
import type { Random } from './random.ts'

const TOKEN = new Interface(['function mint(address to, uint256 amount)'])
/** Of a hundred calls, so many come at any time, most of them too early or too late. */
const UNTIMELY = 25
/** Epochs for which a motion is queued and executed once the vote is over. */
const PATIENCE = 60n
const FOR = 1

type Calls = readonly (readonly [weight: number, call: () => ContractCall])[]

/** What becomes of motions before a Governor, one after the other: each is proposed, voted on, queued, executed, and cancelled or looked at in between. */
export class Motions {
  readonly #governor: string
  readonly #delay: bigint
  readonly #period: bigint
  #number = 0
  #proposedAt: bigint | undefined

  /** @param governor the name of its contract @param delay of votes, in epochs @param period how long they are taken */
  constructor(governor: string, delay: bigint, period: bigint) {
    this.#governor = governor
    this.#delay = delay
    this.#period = period
  }

  /** A call about the motion of the day. */
  next(random: Random, scene: Scene, from: bigint): ContractCall {
    const age = this.#proposedAt === undefined ? undefined : scene.epoch - this.#proposedAt
    if (age !== undefined && age > this.#delay + this.#period + PATIENCE) {
      this.#number++
      this.#proposedAt = undefined
    }
    const { propose, vote, settle, look } = this.#calls(random, scene, from)
    if (random.chance(UNTIMELY)) return random.weighted([...propose, ...vote, ...settle, ...look])()
    if (this.#proposedAt === undefined) {
      this.#proposedAt = scene.epoch
      return random.weighted(propose)()
    }
    if (age === undefined || age <= this.#delay) return random.weighted(look)()
    return random.weighted([...(age <= this.#delay + this.#period ? vote : settle), ...look])()
  }

  #calls(
    random: Random,
    scene: Scene,
    from: bigint,
  ): Readonly<Record<'propose' | 'vote' | 'settle' | 'look', Calls>> {
    const description = `motion ${this.#number}`
    const mint = TOKEN.encodeFunctionData('mint', [scene.addressOf('Box'), this.#number])
    const plan = [[scene.addressOf('Token')], [0], [mint]] as const
    const planned = [...plan, id(description)]
    const proposal = keccak256(
      AbiCoder.defaultAbiCoder().encode(['address[]', 'uint256[]', 'bytes[]', 'bytes32'], planned),
    )
    const call = (name: string, args: readonly unknown[]) => (): ContractCall => ({
      ...{ to: this.#governor, function: name, args, from },
    })
    return {
      propose: [[10, call('propose', [...plan, description])]],
      vote: [
        [15, call('castVote', [proposal, FOR])],
        [2, call('castVote', [proposal, random.below(4)])],
        [4, call('castVoteWithReason', [proposal, FOR, 'because'])],
      ],
      settle: [
        [10, call('queue', planned)],
        [10, call('execute', planned)],
      ],
      look: [
        [2, call('state', [proposal])],
        [2, call('proposalVotes', [proposal])],
        [1, call('cancel', planned)],
      ],
    }
  }
}
