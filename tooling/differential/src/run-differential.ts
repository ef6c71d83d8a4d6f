import type { CryptoProvider } from '@troupe/crypto'
import { exitCodeName, formatAddress, Manifest, type Runtime } from '@troupe/hypervisor'
import { type CborStore, type Cid, DAG_CBOR, RAW } from '@troupe/ipld'
import {
  type NativeActor,
  type StoredManifest,
  storeManifest,
  storeNativeManifest,
} from '@troupe/runtime-native'
import fc from 'fast-check'
import { differences } from './compare.ts'
import { formatBytes } from './format.ts'
import { type Generator, messagesOf } from './generators/generator.ts'
import type { StagedMessage } from './message.ts'
import type { OfficialActors } from './official-actors.ts'
import { RELAY_CODE } from './relay.ts'
import { nativeRuntimes, type Played, RELAY_ACTOR, Side } from './side.ts'
import { createWorld, type World } from './world.ts'

/** What is played. */
export interface DifferentialOptions {
  readonly crypto: CryptoProvider
  readonly official: OfficialActors
  /** Those under test. Official ones stand behind the other names on both sides. */
  readonly actors: readonly NativeActor[]
  readonly generator: Generator
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

/** The first message that the sides did not agree on. */
export interface Disagreement {
  /** From 1. */
  readonly message: number
  readonly description: string
  readonly differences: readonly string[]
}

/** What came out. */
export interface DifferentialReport {
  readonly actor: string
  readonly seed: number
  /** Messages that were played. */
  readonly messages: number
  /** How often the sides ended a message with an exit code. */
  readonly exitCodes: Readonly<Record<string, number>>
  /** How often what was done succeeded, and how often not, by label. */
  readonly labels: Readonly<Record<string, { readonly ok: number; readonly failed: number }>>
  /** Gas of all messages that both sides took. */
  readonly gas: {
    readonly native: bigint
    readonly official: bigint
    /** How far off the worst message was, as a part of its gas, and which that was. */
    readonly worst: number
    readonly worstMessage: string
  }
  readonly disagreement: Disagreement | undefined
}

const EPOCH = 100n
/** Every so many messages are of a sequence number that was used before, so that addresses of new actors collide. */
const REPEATED_SEQUENCE = 17

/** Plays a sequence of messages to both sides, until they disagree. */
export function runDifferential(options: DifferentialOptions): DifferentialReport {
  const { crypto, generator, messages: count, seed, onMessage } = options
  const world = createWorld(crypto)
  const { native, official } = createSides({ ...options, relays: generator.relays }, world)
  const exitCodes: Record<string, number> = {}
  const labels = new LabelTally()
  const gas = new GasTally()
  let played = 0
  let disagreement: Disagreement | undefined
  for (const message of fc.sample(messagesOf(generator, world), { numRuns: count, seed })) {
    played++
    const sequence = BigInt(played % REPEATED_SEQUENCE === 0 ? played - 1 : played)
    const probed = options.probe?.({ native, official }, message) ?? []
    const a = native.play(message, sequence)
    const b = official.play(message, sequence)
    onMessage?.({ native: a, official: b, message })
    const found = [...probed, ...differences({ side: native, played: a }, { side: official, played: b })]
    if (found.length > 0) {
      disagreement = { message: played, description: describeMessage(message, native), differences: found }
      break
    }
    const name = exitCodeName(b.result.receipt.exitCode)
    exitCodes[name] = (exitCodes[name] ?? 0) + 1
    labels.add(message.label, b)
    gas.add(a, b, `${message.label}, ${name}`)
  }
  return {
    ...{ actor: generator.actor, seed, messages: played, exitCodes, disagreement },
    ...{ labels: labels.total, gas: gas.total },
  }
}

/** Counts what succeeded and what did not, by label. */
export class LabelTally {
  readonly #counts = new Map<string, { ok: number; failed: number }>()

  get total(): DifferentialReport['labels'] {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  add(label: string, { result }: Played): void {
    const counts = this.#counts.get(label) ?? { ok: 0, failed: 0 }
    if (result.receipt.exitCode === 0) counts.ok++
    else counts.failed++
    this.#counts.set(label, counts)
  }
}

/** Adds up the gas of messages on both sides. */
export class GasTally {
  #native = 0n
  #official = 0n
  #worst = 0
  #worstMessage = 'none'

  get total(): DifferentialReport['gas'] {
    const [native, official] = [this.#native, this.#official]
    return { native, official, worst: this.#worst, worstMessage: this.#worstMessage }
  }

  add(native: Played, official: Played, message: string): void {
    const [a, b] = [native.result.receipt.gasUsed, official.result.receipt.gasUsed]
    this.#native += a
    this.#official += b
    const off = b === 0n ? 0 : Math.abs(Number(a) / Number(b) - 1)
    if (off <= this.#worst) return
    this.#worst = off
    this.#worstMessage = message
  }
}

/** What both sides are made of. */
export interface SidesOptions
  extends Pick<DifferentialOptions, 'crypto' | 'official' | 'actors' | 'debugging'> {
  /** What brings actors under test that are no native ones. */
  readonly runtimes?: readonly Runtime[]
  /** Native actors under names of their own, which both sides have. */
  readonly others?: readonly NativeActor[]
  /** Ids of actors that are relays. */
  readonly relays: readonly number[]
}

/** A side with native actors, and one with the official ones. */
export function createSides(
  {
    crypto,
    official,
    actors,
    others: bystanders = [],
    relays,
    runtimes = [],
    debugging = false,
  }: SidesOptions,
  world: Pick<World, 'accounts' | 'actors'>,
): { native: Side; official: Side } {
  const wasm = official.runtime
  const shared = {
    crypto,
    accounts: world.accounts,
    actors: world.actors,
    epoch: EPOCH,
    debugging,
    relays: relays.map(BigInt),
  }
  const brought = runtimes.flatMap(({ builtinActors = {} }) => Object.entries(builtinActors))
  const names = new Set([RELAY_ACTOR, ...actors.map(({ name }) => name), ...brought.map(([name]) => name)])
  const storeCodes = (store: CborStore): void => {
    for (const [cid, bytes] of official.blocks) store.blocks.put(cid, bytes)
  }
  const others: Record<string, Cid> = Object.fromEntries(
    [...official.codes].filter(([name]) => !names.has(name)),
  )
  const nativeManifest = (store: CborStore): StoredManifest => {
    storeCodes(store)
    const codes = brought.map(([name, block]) => [name, store.putBlock(DAG_CBOR, block)] as const)
    return storeNativeManifest(store, actors, {
      ...others,
      ...Object.fromEntries(codes),
      [RELAY_ACTOR]: store.putBlock(RAW, RELAY_CODE),
    })
  }
  const officialManifest = (store: CborStore): StoredManifest => {
    storeCodes(store)
    const relay = store.putBlock(RAW, RELAY_CODE)
    const codes = [...official.codes].map(
      ([name, code]) => [name, name === RELAY_ACTOR ? relay : code] as const,
    )
    return storeManifest(store, new Manifest(codes))
  }
  return {
    native: new Side({
      ...{ ...shared, manifest: nativeManifest },
      runtimes: [...runtimes, ...nativeRuntimes(crypto, [...actors, ...bystanders], wasm)],
    }),
    official: new Side({
      ...{ ...shared, manifest: officialManifest },
      runtimes: nativeRuntimes(crypto, bystanders, wasm),
    }),
  }
}

/** A message, for people. */
export function describeMessage(
  { label, from, to, method, value, params }: StagedMessage,
  side: Side,
): string {
  const bytes = params((name) => side.machine.manifest.code(name) as Cid)
  return `${label} (${method}) from ${formatAddress(from, side.machine.crypto)} to ${formatAddress(to, side.machine.crypto)}, value ${value}, parameters ${formatBytes(bytes)}`
}
