import { Amt } from '@troupe/ipld/amt'
import type { CborStore } from '@troupe/ipld/blockstore'
import type { ValueCodec } from '@troupe/ipld/cbor'
import type { Cid } from '@troupe/ipld/cid'
import { SdkError } from '../errors.ts'
import { readNames, writeNames } from './ref-table.ts'

/** Grants that may stand above one another: how often a reference can be passed on. */
const MAX_GRANT_DEPTH = 16

/** That somebody may call a facet. */
export interface Grant {
  readonly facet: string
  /** Who may: an actor id. `undefined` where nobody may, and it is there to be passed on and revoked. */
  readonly holder: bigint | undefined
  /** The grant that it was made from, and is revoked with. */
  readonly parent: bigint | undefined
  /** The methods; `undefined` for all of the facet. */
  readonly only: readonly string[] | undefined
  readonly isRevoked: boolean
}

const GRANT_CODEC: ValueCodec<Grant> = {
  encode: (writer, { facet, holder, parent, only, isRevoked }) => {
    writer.array(5).text(facet)
    for (const number of [holder, parent])
      if (number === undefined) writer.null()
      else writer.uint(number)
    writeNames(writer, only)
    writer.bool(isRevoked)
  },
  decode: (reader) => {
    reader.tuple(5)
    const facet = reader.text()
    const [holder, parent] = [
      reader.tryNull() ? undefined : reader.uint64(),
      reader.tryNull() ? undefined : reader.uint64(),
    ]
    return { facet, holder, parent, only: readNames(reader), isRevoked: reader.bool() }
  },
}

/**
 * Who may call an actor's facets, in the actor's own state. What a holder shows is the number of a grant, and no secret: that it is the holder who calls is the kernel's to say.
 * All of a chain's state can be read by everyone, so that no key would stay one.
 *
 * *Shape*: an AMT of CBOR tuples `[facet, holder or null, parent or null, methods or null, revoked]`, numbered in the order in which they were made.
 */
export class Grants {
  readonly #store: CborStore
  readonly #root: Cid | undefined
  #amt: Amt<Grant> | undefined

  constructor(store: CborStore, root: Cid | undefined) {
    this.#store = store
    this.#root = root
  }

  /** Makes a grant, and gives its number. @throws {SdkError} grant/too-deep */
  add(grant: Omit<Grant, 'isRevoked'>): bigint {
    if (this.#chain(grant.parent).length >= MAX_GRANT_DEPTH)
      throw new SdkError('grant/too-deep', `a reference that has been passed on ${MAX_GRANT_DEPTH} times`)
    const grants = this.#open()
    const number = grants.count
    grants.set(number, { ...grant, isRevoked: false })
    return number
  }

  /** Revokes a grant, and with it all that was made from it. @throws {SdkError} grant/refused where there is none */
  revoke(number: bigint): void {
    this.#open().set(number, { ...this.#find(number), isRevoked: true })
  }

  /**
   * The facet and the methods that a grant is good for in the hands of `holder`.
   * @throws {SdkError} grant/refused where it is not theirs, is revoked, or does not exist
   */
  check(
    number: bigint,
    holder: bigint,
  ): { readonly facet: string; readonly only: readonly string[] | undefined } {
    const chain = this.#chain(number)
    const [own] = chain
    if (own?.holder !== holder) refuse(`grant ${number} is not the caller's`)
    if (chain.some(({ isRevoked }) => isRevoked)) refuse(`grant ${number} has been revoked`)
    return { facet: own.facet, only: chain.map(({ only }) => only).reduce(narrow, undefined) }
  }

  /** Whether `number` was made from a grant of `holder`, or is one. */
  isBelow(number: bigint, holder: bigint): boolean {
    return this.#chain(number).some((grant) => grant.holder === holder)
  }

  /** Writes what has changed. */
  flush(): Cid | undefined {
    if (this.#amt === undefined) return this.#root
    return this.#amt.count === 0n ? undefined : this.#amt.flush()
  }

  /** A grant and those above it. */
  #chain(number: bigint | undefined): Grant[] {
    const chain: Grant[] = []
    for (let at = number; at !== undefined; at = chain.at(-1)?.parent) chain.push(this.#find(at))
    return chain
  }

  #find(number: bigint): Grant {
    const grants = this.#open()
    const grant = number < grants.count ? grants.get(number) : undefined
    if (grant === undefined) refuse(`there is no grant ${number}`)
    return grant
  }

  #open(): Amt<Grant> {
    this.#amt ??=
      this.#root === undefined
        ? Amt.create(this.#store, { value: GRANT_CODEC })
        : Amt.load(this.#store, this.#root, { value: GRANT_CODEC })
    return this.#amt
  }
}

/** The methods that two restrictions leave. */
export function narrow(
  a: readonly string[] | undefined,
  b: readonly string[] | undefined,
): readonly string[] | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return a.filter((name) => b.includes(name))
}

function refuse(why: string): never {
  throw new SdkError('grant/refused', why)
}
