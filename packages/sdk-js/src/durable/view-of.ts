import { SdkError } from '../errors.ts'
import { currentOrNone } from '../invocation/current.ts'
import type { FieldView } from '../state/actor-state.ts'
import type { Declared } from './durable.ts'

/**
 * What a package has of a field that an actor declared for it, in the invocation under way: made when it is first asked for, told when the state is about to be written, and forgotten where the state is
 * read anew. So packages can keep things in the state of an actor that does not hand it to them, and write what they changed at the end.
 * @returns `undefined` where the actor's module is only being evaluated
 * @throws {SdkError} state/unknown-field where the actor has not declared it
 */
export function viewOf<C, V extends FieldView>(declared: Declared<C>, make: (field: C) => V): V | undefined {
  const invocation = currentOrNone()
  if (invocation === undefined) return undefined
  const view = invocation.state.viewOf(declared, make as (field: unknown) => FieldView)
  if (view === undefined)
    throw new SdkError('state/unknown-field', 'the state has no field that was declared so')
  return view as V
}
