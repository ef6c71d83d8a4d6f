import type { Declared } from '../durable/durable.ts'
import { SdkError } from '../errors.ts'
import { expectCurrent } from '../invocation/current.ts'
import type { Passable } from '../values/passable.ts'
import { strictPrototype } from '../values/strict-prototype.ts'

/**
 * What methods see as `state`: the fields, as they are in the invocation that is under way. One for all invocations of an actor, because making it takes longer than using it.
 *
 * Whoever asks it for a field that was not declared, or gives it one, is told so: {@link SdkError} state/unknown-field.
 */
export function makeStateRecord(fields: ReadonlyMap<string, Declared>): object {
  const unknown = (name: string): never => {
    const names = [...fields.keys()]
    const known = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`
    throw new SdkError('state/unknown-field', `the state has no field ${name}: ${known}`)
  }
  const record: object = Object.create(strictPrototype(unknown))
  for (const [name, { kind }] of fields)
    Object.defineProperty(record, name, {
      get: () => expectCurrent().state.get(name),
      set:
        kind === 'value'
          ? (value: Passable) => expectCurrent().state.set(name, value)
          : () => {
              throw new SdkError(
                'state/refused',
                `state.${name} is a ${kind}, whose entries can be changed, and nothing else`,
              )
            },
      enumerable: true,
    })
  return Object.freeze(record)
}
