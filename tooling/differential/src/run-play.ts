import type { CryptoProvider } from '@troupe/crypto'
import { exitCodeName } from '@troupe/hypervisor'
import { differences } from './compare.ts'
import type { StagedMessage } from './message.ts'
import type { OfficialActors } from './official-actors.ts'
import { type Play, type PlayedMessage, View } from './plays/play.ts'
import { Random } from './plays/random.ts'
import {
  createSides,
  type DifferentialReport,
  describeMessage,
  GasTally,
  LabelTally,
} from './run-differential.ts'
import type { Played, Side } from './side.ts'

/** How a play is played. */
export interface PlayOptions {
  readonly crypto: CryptoProvider
  readonly official: OfficialActors
  readonly play: Play
  readonly messages: number
  readonly seed: number
  /** Whether actors are being debugged. Default: `false`. */
  readonly debugging?: boolean
  /** Called before each message; what it gives is a disagreement. */
  readonly probe?: (
    sides: { readonly native: Side; readonly official: Side },
    message: StagedMessage,
  ) => readonly string[]
  /** Called after each message. */
  readonly onMessage?: (played: { native: Played; official: Played; message: StagedMessage }) => void
}

const GAS_LIMIT = 10_000_000_000n
/** Of a hundred messages, so many are the first of another epoch, and so many have parameters that are broken. */
const LEAPS = 10
const BROKEN = 5

/** Plays messages to both sides that depend on what came before, until they disagree. */
export function runPlay(options: PlayOptions): DifferentialReport {
  const { crypto, official: code, play, messages: count, seed, debugging = false, onMessage } = options
  const random = new Random(seed)
  const { others = [], native: actor } = play
  const runtimes = play.runtime === undefined ? [] : [play.runtime()]
  const { native, official } = createSides(
    {
      crypto,
      official: code,
      actors: actor === undefined ? [] : [actor],
      runtimes,
      others,
      relays: [],
      debugging,
    },
    play.world(crypto),
  )
  const source = play.start(new View(official), random)
  const exitCodes: Record<string, number> = {}
  const labels = new LabelTally()
  const gas = new GasTally()
  for (let played = 1; played <= count; played++) {
    if (random.chance(LEAPS)) {
      const epoch = official.machine.context.epoch + BigInt(1 + random.below(play.leap))
      native.enter(epoch)
      official.enter(epoch)
    }
    const next = play.breaks === false ? source.next() : broken(source.next(), random)
    const message = staged(next)
    const probed = options.probe?.({ native, official }, message) ?? []
    const a = native.play(message, BigInt(played))
    const b = official.play(message, BigInt(played))
    onMessage?.({ native: a, official: b, message })
    const found = [...probed, ...differences({ side: native, played: a }, { side: official, played: b })]
    if (found.length > 0) {
      const disagreement = {
        message: played,
        description: describeMessage(message, native),
        differences: found,
      }
      return {
        ...{ actor: play.actor, seed, messages: played, exitCodes, disagreement },
        ...{ labels: labels.total, gas: gas.total },
      }
    }
    source.learn?.(next, b.result)
    const name = exitCodeName(b.result.receipt.exitCode)
    exitCodes[name] = (exitCodes[name] ?? 0) + 1
    labels.add(message.label, b)
    gas.add(a, b, `${message.label}, ${name}`)
  }
  return {
    ...{ actor: play.actor, seed, messages: count, exitCodes, disagreement: undefined },
    ...{ labels: labels.total, gas: gas.total },
  }
}

function staged(message: PlayedMessage): StagedMessage {
  const { params = new Uint8Array() } = message
  return {
    ...{ label: `method ${message.method}`, value: 0n, gasLimit: GAS_LIMIT },
    ...message,
    params: params instanceof Uint8Array ? () => params : params,
  }
}

/** Some messages get parameters with a wrong bit, or too few of them. */
function broken(message: PlayedMessage, random: Random): PlayedMessage {
  const { params } = message
  if (!random.chance(BROKEN) || !(params instanceof Uint8Array) || params.length === 0) return message
  const at = random.below(params.length)
  if (random.chance(10)) return { ...message, params: params.subarray(0, at) }
  return { ...message, params: params.with(at, (params[at] as number) ^ (1 << random.below(8))) }
}
