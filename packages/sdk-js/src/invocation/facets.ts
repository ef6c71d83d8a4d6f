import harden from '@endo/harden'
import { SdkError } from '../errors.ts'
import { checkName, LATER, PUBLIC, type Ref } from '../refs/ref.ts'
import { expectTarget } from '../refs/ref-table.ts'
import type { Invocation } from './invocation.ts'

/** How a facet is handed out. */
export interface GrantOptions {
  /** The methods that it is good for. Default: all of the facet. */
  readonly only?: readonly string[]
}

/** An actor's power over its own facets. */
export interface Facets {
  /** A reference to a facet. Whoever it is passed to may call the facet, for good. @throws {SdkError} grant/refused where there is no such facet */
  ref(facet: string): Ref
  /** A reference to a facet that can be revoked, and with it all that was made of it. Keep it in the state for that. @throws {SdkError} grant/refused */
  issue(facet: string, options?: GrantOptions): Ref
  /** Revokes what {@link issue} gave, for all whom it was passed to. @throws {SdkError} grant/refused for what cannot be revoked */
  revoke(ref: Ref): void
  /**
   * Lets an actor that is told of it in another way call a facet: one in another language, or an account. It gives the number of the grant, which calls of it begin with.
   * @throws {SdkError} grant/refused
   */
  grant(facet: string, holder: Ref, options?: GrantOptions): bigint
}

/** The facets of the actor that is being invoked. */
export function makeFacets(invocation: Invocation): Facets {
  const { receiver } = invocation.message
  const check = (facet: string): void => {
    if (facet === LATER)
      throw new SdkError('grant/refused', 'nobody but the message queue calls continuations')
    if (!invocation.actor.facets.has(facet)) throw new SdkError('grant/refused', `there is no facet ${facet}`)
  }
  return harden({
    ref: (facet: string) => {
      check(facet)
      return invocation.state.refs.ref({ actor: receiver, facet, grant: undefined, only: undefined })
    },
    issue: (facet: string, { only }: GrantOptions = {}) => {
      check(facet)
      if (facet === PUBLIC) throw new SdkError('grant/refused', 'everyone may call the public facet')
      const grant = invocation.state.grants.add({
        facet,
        holder: undefined,
        parent: undefined,
        only: only?.map(checkName),
      })
      return invocation.state.refs.ref({ actor: receiver, facet, grant, only })
    },
    revoke: (ref: Ref) => {
      const { actor, grant } = expectTarget(ref)
      if (actor !== receiver || grant === undefined)
        throw new SdkError('grant/refused', 'a reference that was not issued here')
      invocation.state.grants.revoke(grant)
    },
    grant: (facet: string, holder: Ref, { only }: GrantOptions = {}) => {
      check(facet)
      const { actor } = expectTarget(holder)
      return invocation.state.grants.add({
        facet,
        holder: actor,
        parent: undefined,
        only: only?.map(checkName),
      })
    },
  })
}
