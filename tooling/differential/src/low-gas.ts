/**
 * @module The same messages with less gas than they need. Native actors' gas is calibrated, so that the two sides run out of it at different limits; what must hold for each of them is said here.
 */
import {
  type ActorId,
  BURNT_FUNDS_ACTOR_ID,
  ExitCode,
  exitCodeName,
  REWARD_ACTOR_ID,
} from '@troupe/hypervisor'
import type { StagedMessage } from './message.ts'
import type { Random } from './plays/random.ts'
import type { Actors, Side, Trial } from './side.ts'

/** What became of messages with a limit of their own, on both sides together. */
export interface LowGasTally {
  /** Messages that ended otherwise: as with gas enough, unless code sees its gas. */
  ended: number
  /** Messages that ran out of gas, and left nothing but their fee. */
  outOfGas: number
  /** Messages that could not even pay for their inclusion, and left nothing at all. */
  notIncluded: number
  /** Limits at which one side ended and the other ran out of gas. */
  different: number
}

/** Up to which part of what a message needs limits go. */
const ROOM = 1.1

/**
 * Tries messages with random gas limits on copies of both sides. Of each message must hold: the host does not fail; all tokens are still there; it uses no more gas than its limit; it ends as with
 * gas enough, with the same return value, events and state, or out of gas; where it fails, nothing has changed but the sender's sequence number and what was paid for gas.
 */
export class LowGas {
  readonly tally: LowGasTally = { ended: 0, outOfGas: 0, notIncluded: 0, different: 0 }
  readonly #random: Random
  readonly #limits: number
  readonly #seesGas: boolean

  /**
   * @param limits how many for each message
   * @param seesGas whether code may look at its gas, and go on after a call of its own that had too little, as contracts do: with less gas a message may then end otherwise
   */
  constructor(random: Random, limits: number, seesGas = false) {
    this.#random = random
    this.#limits = limits
    this.#seesGas = seesGas
  }

  /** Tries a message on both sides, and gives what did not hold. The sides stay as they are. */
  probe(sides: { readonly native: Side; readonly official: Side }, message: StagedMessage): string[] {
    const problems: string[] = []
    const whole = { native: sides.native.tryOut(message), official: sides.official.tryOut(message) }
    // Nobody is there to send it.
    if (whole.native === undefined || whole.official === undefined) return problems
    const needs = [whole.native, whole.official].map(({ result }) => Number(result.receipt.gasUsed))
    for (let i = 0; i < this.#limits; i++) {
      const gasLimit = BigInt(this.#limit(needs, sides.native.inclusionGas))
      const ended = (['native', 'official'] as const).map((name) => {
        const trial = sides[name].tryOut(message, gasLimit)
        if (trial === undefined) return problems.push(`${name}: the sender has gone`)
        for (const problem of brokenBy(trial, this.#seesGas ? undefined : whole[name]))
          problems.push(`${name} with a gas limit of ${gasLimit}: ${problem}`)
        return this.#count(trial)
      })
      if (ended[0] !== ended[1]) this.tally.different++
    }
    return problems
  }

  /** Most limits are between what inclusion costs and what the message needs, some close to what a side needs, and some of any order of magnitude. */
  #limit(needs: readonly number[], inclusion: number): number {
    const random = this.#random
    const part = random.below(1_000_000) / 1_000_000
    const most = Math.max(...needs) * ROOM
    const limit = random.weighted<() => number>([
      [55, () => inclusion + Math.max(0, most - inclusion) * part],
      [30, () => random.pick(needs) * (0.97 + 0.04 * part)],
      [15, () => most ** part],
    ])
    return Math.max(1, Math.floor(limit()))
  }

  #count({ result: { receipt } }: Trial): keyof LowGasTally {
    const how =
      receipt.exitCode !== ExitCode.SYS_OUT_OF_GAS
        ? 'ended'
        : receipt.gasUsed === 0n
          ? 'notIncluded'
          : 'outOfGas'
    this.tally[how]++
    return how
  }
}

/** @param whole what comes of it with gas enough, where the message must end so */
function brokenBy(trial: Trial, whole: Trial | undefined): string[] {
  const { after, before, gasLimit, result } = trial
  const { exitCode, gasUsed } = result.receipt
  const problems: string[] = []
  if (totalOf(after) !== totalOf(before))
    problems.push(`there were ${totalOf(before)} attoFIL, and are ${totalOf(after)}`)
  if (gasUsed > gasLimit) problems.push(`it uses ${gasUsed} gas`)
  const isOutOfGas = exitCode === ExitCode.SYS_OUT_OF_GAS
  const isIncluded = !isOutOfGas || gasUsed > 0n
  if (isOutOfGas && isIncluded && gasUsed !== gasLimit) problems.push(`it is out of gas after ${gasUsed}`)
  if (exitCode !== ExitCode.OK) problems.push(...changesOf(trial, isIncluded))
  if (isOutOfGas || whole === undefined) return problems
  if (exitCode !== whole.result.receipt.exitCode)
    return [
      ...problems,
      `it ends with ${exitCodeName(exitCode)}, not with ${exitCodeName(whole.result.receipt.exitCode)}`,
    ]
  const [a, b] = [summary(trial), summary(whole)]
  return a === b
    ? problems
    : [...problems, `it ends otherwise than with gas enough: ${firstDifference(a, b)}`]
}

/** What a failed message has changed that it must not. */
function changesOf({ after, before, result, sender }: Trial, isIncluded: boolean): string[] {
  const problems: string[] = []
  for (const id of new Set([...before.keys(), ...after.keys()])) {
    const was = before.get(id)
    const expected =
      was === undefined || !isIncluded
        ? was
        : {
            ...was,
            balance: was.balance + feeOf(id, sender, result.fees, true),
            // A fresh placeholder becomes an account by its first message, whatever comes of it.
            ...(id === sender ? { sequence: was.sequence + 1n, code: after.get(id)?.code ?? was.code } : {}),
          }
    const [is, should] = [render(after.get(id)), render(expected)]
    if (is !== should) problems.push(`f0${id} is ${is}, not ${should}`)
  }
  return problems
}

/** What a message has paid and given for gas to an actor. */
function feeOf(id: ActorId, sender: ActorId, fees: Trial['result']['fees'], isSenderThere: boolean): bigint {
  const burnt = fees.baseFeeBurn + fees.overEstimationBurn
  return (
    (id === sender ? -(burnt + fees.minerTip) : 0n) +
    (id === REWARD_ACTOR_ID ? fees.minerTip : 0n) +
    (id === BURNT_FUNDS_ACTOR_ID ? burnt + (isSenderThere ? 0n : fees.refund) : 0n)
  )
}

/** All that comes of a message, as if gas cost nothing. */
function summary({ after, result, sender }: Trial): string {
  const { exitCode, returnData } = result.receipt
  const actors = [...after]
    .map(([id, actor]) => ({
      ...{ id, ...actor },
      balance: actor.balance - feeOf(id, sender, result.fees, after.has(sender)),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
  return render({ exitCode, returnData, events: result.events, actors })
}

function totalOf(actors: Actors): bigint {
  let total = 0n
  for (const { balance } of actors.values()) total += balance
  return total
}

function render(value: unknown): string {
  return (
    JSON.stringify(value, (_, field: unknown) => {
      if (typeof field === 'bigint') return field.toString()
      return field instanceof Uint8Array ? field.toHex() : field
    }) ?? 'nothing'
  )
}

function firstDifference(a: string, b: string): string {
  let at = 0
  while (a[at] === b[at]) at++
  return `${a.slice(Math.max(0, at - 60), at + 60)}, not ${b.slice(Math.max(0, at - 60), at + 60)}`
}
