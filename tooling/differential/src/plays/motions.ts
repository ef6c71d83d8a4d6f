import { AbiCoder, Interface, id, keccak256 } from 'ethers'
import type { ContractCall, Scene } from './contract-play.ts'
import type { Random } from './random.ts'

const TOKEN = new Interface(['function mint(address to, uint256 amount)'])
/** Of a hundred calls, so many go on to the next motion: a motion lives through dozens of epochs, in which most calls of it come too early or too late. */
const NEXT_MOTION = 2
const FOR = 1

/** What becomes of motions before a Governor: each is proposed, voted on, queued, executed and cancelled at any time, by anybody. */
export class Motions {
  readonly #governor: string
  #number = 0

  /** @param governor the name of its contract */
  constructor(governor: string) {
    this.#governor = governor
  }

  /** A call about the motion of the day. */
  next(random: Random, scene: Scene, from: bigint): ContractCall {
    if (random.chance(NEXT_MOTION)) this.#number++
    const description = `motion ${this.#number}`
    const mint = TOKEN.encodeFunctionData('mint', [scene.addressOf('Box'), this.#number])
    const plan = [[scene.addressOf('Token')], [0], [mint]] as const
    const planned = [...plan, id(description)]
    const proposal = keccak256(
      AbiCoder.defaultAbiCoder().encode(['address[]', 'uint256[]', 'bytes[]', 'bytes32'], planned),
    )
    const call = (name: string, args: readonly unknown[]): ContractCall => ({
      ...{ to: this.#governor, function: name, args, from },
    })
    return random.weighted<() => ContractCall>([
      [15, () => call('propose', [...plan, description])],
      [30, () => call('castVote', [proposal, FOR])],
      [6, () => call('castVote', [proposal, random.below(4)])],
      [6, () => call('castVoteWithReason', [proposal, FOR, 'because'])],
      [14, () => call('queue', planned)],
      [18, () => call('execute', planned)],
      [1, () => call('cancel', planned)],
      [5, () => call('state', [proposal])],
      [5, () => call('proposalVotes', [proposal])],
    ])()
  }
}
