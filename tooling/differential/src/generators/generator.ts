import { type Address, idAddress } from '@troupe/hypervisor'
import { CBOR, type Cid, DAG_CBOR, encodeValue, RAW } from '@troupe/ipld'
import fc, { type Arbitrary } from 'fast-check'
import type { StagedMessage } from '../message.ts'
import { relayedCallCodec } from '../relay.ts'
import type { World } from '../world.ts'

/** Parameters, given the codes of a side. */
export type Parameters = (codeOf: (name: string) => Cid) => Uint8Array

/** A method that messages are made for. */
export interface GeneratedMethod {
  readonly name: string
  readonly number: bigint
  /** Parameters as they should be; without them, the method takes none. */
  readonly parameters?: Arbitrary<Parameters>
  /** Who may call, for half of the messages. Without it, anyone is as good. */
  readonly callers?: readonly Address[]
  /** Where it is called; without it, at the actor's own addresses. */
  readonly receivers?: readonly Address[]
  /** How often, against others. Default: 1. */
  readonly weight?: number
}

/** What messages are made of for one actor. */
export interface Generator {
  /** A name of the manifest. */
  readonly actor: string
  readonly receivers: (world: World) => readonly Address[]
  readonly methods: (world: World) => readonly GeneratedMethod[]
  /** Ids of actors that are turned into relays: callers that make read-only calls, and send parameters of other codecs. */
  readonly relays: readonly number[]
}

/** Relays do not look at it. */
const RELAY_METHOD = 2n
const GAS_LIMIT = 10_000_000_000n
/** Everyone who can be a caller in the world: singletons, accounts, actors of every kind, and one that does not exist. */
const CALLERS: readonly Address[] = [
  ...[0, 1, 2, 3, 4, 10, 99, 100, 101, 102, 103, 200, 201, 202, 203, 204, 205, 206, 207, 208, 209, 211, 900],
].map((id) => idAddress(BigInt(id)))

/** Parameters that do not depend on codes. */
export function constant(bytes: Arbitrary<Uint8Array>): Arbitrary<Parameters> {
  return bytes.map((value) => () => value)
}

/** The messages of a generator. */
export function messagesOf(generator: Generator, world: World): Arbitrary<StagedMessage> {
  const receivers = generator.receivers(world)
  const known = generator.methods(world).map((method) => ({
    weight: (method.weight ?? 1) * 8,
    arbitrary: messageOf(method, receivers),
  }))
  const anyNumber = fc.oneof(
    fc.bigInt(0n, 20n),
    fc.bigInt(2n ** 24n - 2n, 2n ** 24n + 2n),
    fc.bigInt(0n, 2n ** 32n),
    fc.bigInt(0n, 2n ** 64n - 1n),
  )
  const unknown = anyNumber.chain((number) => messageOf({ name: 'any', number }, receivers))
  const direct = fc.oneof(...known, { weight: 4, arbitrary: unknown })
  const relays = generator.relays.map((id) => idAddress(BigInt(id)))
  const relayed = fc
    .record({
      message: direct,
      relay: fc.constantFrom(...relays),
      codec: fc.constantFrom(BigInt(CBOR), BigInt(CBOR), BigInt(DAG_CBOR), BigInt(RAW)),
      readOnly: fc.boolean(),
    })
    .map(({ message, relay, codec, readOnly }) => relayedMessage(message, relay, codec, readOnly))
  return fc.oneof({ weight: 3, arbitrary: direct }, { weight: 1, arbitrary: relayed })
}

function relayedMessage(
  message: StagedMessage,
  relay: Address,
  codec: bigint,
  readOnly: boolean,
): StagedMessage {
  const { label, to, method, params } = message
  return {
    ...message,
    ...{ label: `relayed ${label}`, to: relay, method: RELAY_METHOD, value: 0n },
    params: (codeOf) => {
      const bytes = params(codeOf)
      // Bytes of a CBOR byte string, and raw ones, are what some methods take alike.
      const content = codec === BigInt(RAW) && bytes.length > 1 ? bytes.subarray(1) : bytes
      const parameters = bytes.length === 0 ? undefined : content
      return encodeValue(relayedCallCodec, { to, method, codec, parameters, readOnly })
    },
  }
}

function messageOf(method: GeneratedMethod, receivers: readonly Address[]): Arbitrary<StagedMessage> {
  const anyone = fc.constantFrom(...CALLERS)
  const from = method.callers === undefined ? anyone : either(fc.constantFrom(...method.callers), anyone)
  return fc
    .record({
      from,
      to: fc.constantFrom(...(method.receivers ?? receivers)),
      params: distorted(method.parameters),
      value: fc.oneof(
        { weight: 12, arbitrary: fc.constant(0n) },
        { weight: 2, arbitrary: fc.bigInt(1n, 10n ** 20n) },
        { weight: 1, arbitrary: fc.constant(10n ** 30n) },
      ),
    })
    .map(({ from: sender, to, params, value }) => ({
      label: method.name,
      ...{ from: sender, to, value, params, method: method.number, gasLimit: GAS_LIMIT },
    }))
}

function either<T>(often: Arbitrary<T>, sometimes: Arbitrary<T>): Arbitrary<T> {
  return fc.oneof({ weight: 4, arbitrary: often }, { weight: 1, arbitrary: sometimes })
}

/** Mostly parameters as they should be, and otherwise ones that are cut off, followed by something, changed, missing or made up. */
function distorted(valid: Arbitrary<Parameters> | undefined): Arbitrary<Parameters> {
  const none: Arbitrary<Parameters> = fc.constant(() => new Uint8Array())
  const anything = constant(fc.uint8Array({ maxLength: 64 }))
  if (valid === undefined)
    return fc.oneof({ weight: 12, arbitrary: none }, { weight: 1, arbitrary: anything })
  const cut = fc.tuple(valid, fc.double({ min: 0, max: 1, noNaN: true })).map(
    ([params, part]): Parameters =>
      (codeOf) => {
        const bytes = params(codeOf)
        return bytes.subarray(0, Math.floor(bytes.length * part))
      },
  )
  const followed = fc.tuple(valid, fc.uint8Array({ minLength: 1, maxLength: 4 })).map(
    ([params, more]): Parameters =>
      (codeOf) =>
        Uint8Array.from([...params(codeOf), ...more]),
  )
  const changed = fc.tuple(valid, fc.nat(), fc.integer({ min: 1, max: 255 })).map(
    ([params, at, by]): Parameters =>
      (codeOf) => {
        const bytes = Uint8Array.from(params(codeOf))
        if (bytes.length > 0) bytes[at % bytes.length] = (bytes[at % bytes.length] as number) ^ by
        return bytes
      },
  )
  return fc.oneof(
    { weight: 16, arbitrary: valid },
    ...[none, anything, cut, followed, changed].map((arbitrary) => ({ weight: 1, arbitrary })),
  )
}
