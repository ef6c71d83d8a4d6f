/** @module The methods that every actor has: what SDKs ask of one another, and what holders of the facet `admin` can do. */
import { CborReader } from '@troupe/ipld/cbor'
import { SdkError } from '../errors.ts'
import { askHost } from '../host/ask-host.ts'
import type { HostBlock } from '../host/host-kernel.ts'
import { readNames } from '../refs/ref-table.ts'
import type { Passable } from '../values/passable.ts'
import type { Invocation } from './invocation.ts'

/** `[grant, holder, methods or null]`: makes a grant for somebody else of the caller's own, and gives its number. */
export const DELEGATE = 'Troupe_delegate'
/** `[grant]`: revokes a grant of the caller's own, or one that was made of it. */
const REVOKE = 'Troupe_revoke'
/** `[grant, code CID as bytes]`: gives the actor other code. The grant has to be one for all of the facet `admin`. */
const UPGRADE = 'Troupe_upgrade'
/** The facet whose holders may upgrade the actor. */
const ADMIN = 'admin'

/** What such a method does. */
export type OwnMethod = (invocation: Invocation, parameters: HostBlock | undefined) => Passable | undefined

/** By exported name. */
export const OWN_METHODS: Readonly<Record<string, OwnMethod>> = {
  [DELEGATE]: (invocation, parameters) => {
    const [grant, holder, only] = read(
      parameters,
      3,
      (reader) => [reader.uint64(), reader.uint64(), readNames(reader)] as const,
    )
    const { grants } = invocation.state
    const { facet } = grants.check(grant, invocation.message.caller)
    return grants.add({ facet, holder, parent: grant, only })
  },
  [REVOKE]: (invocation, parameters) => {
    const grant = read(parameters, 1, (reader) => reader.uint64())
    const { grants } = invocation.state
    if (!grants.isBelow(grant, invocation.message.caller))
      throw new SdkError('grant/refused', `grant ${grant} was not made of the caller's`)
    grants.revoke(grant)
    return undefined
  },
  [UPGRADE]: (invocation, parameters) => {
    const [grant, code] = read(parameters, 2, (reader) => [reader.uint64(), reader.bytes()] as const)
    const { facet, only } = invocation.state.grants.check(grant, invocation.message.caller)
    if (facet !== ADMIN || only !== undefined)
      throw new SdkError('grant/refused', `grant ${grant} is not for all of the facet ${ADMIN}`)
    invocation.state.flush()
    const { exitCode } = askHost('upgrading', () => invocation.host.upgrade(code, undefined))
    throw new SdkError('actor/upgrade-failed', `the new code refused with exit code ${exitCode}`)
  },
}

function read<T>(block: HostBlock | undefined, length: number, items: (reader: CborReader) => T): T {
  try {
    const reader = new CborReader(block?.data ?? new Uint8Array())
    reader.tuple(length)
    const value = items(reader)
    reader.end()
    return value
  } catch (cause) {
    throw new SdkError('argument/undecodable', 'not what the method takes', { cause })
  }
}
