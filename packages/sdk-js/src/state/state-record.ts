import type { Declared } from '../durable/durable.ts'
import { expectCurrent } from '../invocation/current.ts'
import type { Passable } from '../values/passable.ts'

/** What methods see as `state`: the fields, as they are in the invocation that is under way. One for all invocations of an actor, because making it takes longer than using it. */
export function makeStateRecord(fields: ReadonlyMap<string, Declared>): object {
  const record = {}
  for (const [name, { kind }] of fields)
    Object.defineProperty(record, name, {
      get: () => expectCurrent().state.get(name),
      ...(kind === 'value' ? { set: (value: Passable) => expectCurrent().state.set(name, value) } : {}),
      enumerable: true,
    })
  return Object.freeze(record)
}
