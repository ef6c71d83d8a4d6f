import { CborReader, CborWriter, MAJOR_ARRAY } from '@troupe/ipld/cbor'
import { SdkError } from '../errors.ts'
import type { HostBlock } from '../host/host-kernel.ts'
import { PUBLIC, type Ref, type RefTarget } from '../refs/ref.ts'
import { expectTarget, TARGET_CODEC } from '../refs/ref-table.ts'
import { bytes } from '../values/bytes.ts'
import type { Passable } from '../values/passable.ts'
import { encodePassable, passableCodec, type RefCodec } from '../values/passable-codec.ts'
import type { Invocation } from './invocation.ts'

const RAW = 0x55
const CBOR = 0x51
const DAG_CBOR = 0x71

/**
 * Values in messages to and from another actor. A reference that leaves is made the other's: its issuer is told, and gives it a grant of its own. A reference that comes is
 * taken as it is, because only its issuer can say what it is worth; one to the actor itself has to be the sender's.
 */
export class MessageCodec {
  readonly #invocation: Invocation
  readonly #refs: RefCodec

  /** @param partner id of the other actor */
  constructor(invocation: Invocation, partner: bigint) {
    this.#invocation = invocation
    this.#refs = {
      encode: (writer, ref) => TARGET_CODEC.encode(writer, invocation.handOver(expectTarget(ref), partner)),
      decode: (reader) => this.#take(TARGET_CODEC.decode(reader), partner),
    }
  }

  /** Arguments as parameters: a list. @throws {SdkError} value/...; call/failed where a reference cannot be handed over */
  encodeArguments(values: readonly Passable[]): HostBlock {
    return { codec: DAG_CBOR, data: encodePassable(this.#refs, values) }
  }

  /** A value as what a call returns; `undefined` is none. @throws {SdkError} as {@link encodeArguments} */
  encodeResult(value: Passable | undefined): HostBlock | undefined {
    return value === undefined ? undefined : { codec: DAG_CBOR, data: encodePassable(this.#refs, value) }
  }

  /** Parameters as arguments: the items of a list; what is no list is the one argument. @throws {SdkError} argument/undecodable */
  decodeArguments(block: HostBlock | undefined): readonly Passable[] {
    if (block === undefined) return []
    const value = this.decode(block)
    return isList(block) ? (value as readonly Passable[]) : [value]
  }

  /** A block as a value. Raw blocks are bytes. @throws {SdkError} argument/undecodable */
  decode({ codec, data }: HostBlock): Passable {
    if (codec === RAW) return bytes(data)
    if (codec !== CBOR && codec !== DAG_CBOR)
      throw new SdkError('argument/undecodable', `a block of the codec 0x${codec.toString(16)}`)
    try {
      const reader = new CborReader(data, { exact: true })
      const value = passableCodec(this.#refs).decode(reader)
      reader.end()
      return value
    } catch (cause) {
      if (cause instanceof SdkError && (cause.code === 'grant/refused' || cause.code === 'ref/not-a-ref'))
        throw cause
      throw new SdkError(
        'argument/undecodable',
        `CBOR that is no value: ${cause instanceof Error ? cause.message : cause}`,
        {
          cause,
        },
      )
    }
  }

  #take(target: RefTarget, partner: bigint): Ref {
    const { state, message } = this.#invocation
    const { actor, facet, grant, only } = target
    if ((facet === PUBLIC) !== (grant === undefined))
      throw new SdkError('argument/undecodable', 'a reference to a facet without a grant')
    if (actor === message.receiver && grant !== undefined) {
      const granted = state.grants.check(grant, partner)
      if (granted.facet !== facet) throw new SdkError('grant/refused', `grant ${grant} is not for ${facet}`)
    }
    return state.refs.ref({ actor, facet, grant, only })
  }
}

function isList({ codec, data }: HostBlock): boolean {
  return codec !== RAW && (data[0] as number) >> 5 === MAJOR_ARRAY
}

/** A CBOR list of unsigned numbers, names and `null`s, for calls among SDKs. */
export function encodePlain(write: (writer: CborWriter) => void): HostBlock {
  const writer = new CborWriter()
  write(writer)
  return { codec: CBOR, data: writer.finish() }
}
