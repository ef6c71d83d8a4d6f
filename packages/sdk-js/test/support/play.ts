/** @module Actors of tests in the realm of the test. */
import { loadCrypto } from '@troupe/crypto'
import { methodNumber } from '@troupe/hypervisor'
import { CborReader } from '@troupe/ipld'
import type { Actor, Passable } from '@troupe/sdk-js'
import { FakeHost, type FakeOutcome } from '@troupe/testkit/fake-host'
import { SdkImage } from '../../src/image/actor-image.ts'
import { encodePassable, passableCodec } from '../../src/values/passable-codec.ts'

const crypto = await loadCrypto()
const noRefs = {
  encode: () => {
    throw new TypeError('no references from outside')
  },
  decode: (reader: CborReader) => decodeTarget(reader) as never,
}

/** What a reference looks like from outside: `[actor, facet, grant, methods]`. */
function decodeTarget(reader: CborReader): Passable {
  reader.tuple(4)
  const [actor, facet] = [reader.uint64(), reader.text()]
  const grant = reader.tryNull() ? null : reader.uint64()
  reader.skip()
  return [actor, facet, grant]
}

/** An image that has prepared an actor, as if it had evaluated a script. */
export function imageOf(actor: Actor | object): SdkImage {
  const image = new SdkImage(() => ({
    evaluate: () => (_: unknown, exports: { default?: unknown }) => {
      exports.default = actor
    },
    module: () => undefined,
    wanted: undefined,
    forget: () => {},
  }))
  const prepared = JSON.parse(image.prepare('')) as { isAccepted: boolean; reason?: string }
  if (!prepared.isAccepted) throw new Error(prepared.reason)
  return image
}

/** A chain with actors, and messages to them by name. */
export class Play {
  readonly host: FakeHost = new FakeHost(crypto)

  /** Adds an actor and calls its constructor. */
  async create(id: bigint, actor: Actor, ...values: Passable[]): Promise<FakeOutcome> {
    this.host.add(id, imageOf(actor))
    return this.host.send({ to: id, from: 1n, method: 1n, parameters: encode(values) })
  }

  /** Calls a method by its exported name, as account 100. */
  async send(
    id: bigint,
    name: string,
    values: readonly Passable[] = [],
    options: { from?: bigint; value?: bigint; readOnly?: boolean } = {},
  ): Promise<FakeOutcome & { readonly result: Passable | undefined }> {
    const outcome = await this.host.send({
      ...{ to: id, from: 100n, method: methodNumber(crypto, name), parameters: encode(values) },
      ...options,
    })
    return { ...outcome, result: outcome.block === undefined ? undefined : decode(outcome.block.data) }
  }
}

/** Values as parameters. */
export function encode(values: readonly Passable[]): { codec: number; data: Uint8Array } {
  return { codec: 0x71, data: encodePassable(noRefs, values) }
}

/** A block as a value. */
export function decode(data: Uint8Array): Passable {
  return passableCodec(noRefs).decode(new CborReader(data, { exact: true }))
}

export { crypto }
