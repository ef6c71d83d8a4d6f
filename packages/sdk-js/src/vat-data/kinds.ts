import { Fail, q } from '@endo/errors'
import { defineExoClass, defineExoClassKit } from '@endo/exo'
import { Far } from '@endo/pass-style'
import { mustMatch } from '@endo/patterns'
import { harden, SdkError } from '@troupe/sdk-js'
import { type Slots, textOf } from './slots.ts'

// biome-ignore lint/suspicious/noExplicitAny: the methods of others.
type Methods = Record<string, (...values: any[]) => any>
type Facets = Readonly<Record<string, Methods>>
// biome-ignore lint/suspicious/noExplicitAny: what others keep.
type State = Record<string, any>
// biome-ignore lint/suspicious/noExplicitAny: whatever others make their objects of.
type Init = (...values: any[]) => State

/** As `DefineKindOptions` of `@agoric/swingset-liveslots`. */
export interface KindOptions {
  readonly finish?: (context: unknown) => void
  readonly stateShape?: Readonly<Record<string, unknown>>
  readonly thisfulMethods?: boolean
  readonly interfaceGuard?: unknown
  readonly interfaceGuardKit?: unknown
  readonly receiveAmplifier?: (amplify: unknown) => void
  readonly receiveInstanceTester?: (isInstance: unknown) => void
}

// biome-ignore lint/suspicious/noExplicitAny: of a kind that only whoever defines it knows.
export type Maker = (...values: any[]) => any

/** The part of `VatData` that defines kinds. */
export interface Kinds {
  makeKindHandle(tag: string): object
  defineKind(tag: string, init: Init, methods: Methods, options?: KindOptions): Maker
  defineKindMulti(tag: string, init: Init, facets: Facets, options?: KindOptions): Maker
  defineDurableKind(handle: object, init: Init, methods: Methods, options?: KindOptions): Maker
  defineDurableKindMulti(handle: object, init: Init, facets: Facets, options?: KindOptions): Maker
}

/** What `@endo/exo` has, to whoever does not know what the classes are of. */
type DefineClass = (tag: string, guard: unknown, init: unknown, methods: unknown, options: object) => Maker

const [defineClass, defineClassKit] = [
  defineExoClass as unknown as DefineClass,
  defineExoClassKit as unknown as DefineClass,
]

/** A kind that has been defined. */
interface Kind {
  /** Makes the object, or the facets, of a number. */
  revive(number: string): object
}

/** Kinds on top of the exo classes of `@endo/exo`, whose state is the accessors of a record. */
export function makeKinds(slots: Slots): Kinds {
  const { records } = slots
  const kinds = new Map<string, Kind>()
  const tags = new WeakMap<object, readonly [id: string, tag: string]>()

  const handleOf = (id: string, tag: string): object => {
    const handle = Far('kind', {})
    tags.set(handle, [id, tag])
    return slots.register(handle, ['k', id, tag])
  }
  slots.define('k', (id, tag) => handleOf(id as string, tag as string))
  slots.define('o', (id, number) => {
    const kind = kinds.get(id as string)
    if (kind === undefined) throw new SdkError('vat/kind-undefined', `the kind ${id} has not been defined`)
    return kind.revive(number as string)
  })

  /** @param facets names; `undefined` for a kind of one */
  const defineDurable = (
    handle: object,
    init: Init,
    { finish, stateShape }: KindOptions,
    facets: readonly string[] | undefined,
    make: (tag: string, accept: (state: State) => State) => Maker,
  ): Maker => {
    const [id, tag] = tags.get(handle) ?? refuseHandle()
    if (kinds.has(id)) throw new SdkError('vat/kind-twice', `redefinition of durable kind ${q(tag)}`)
    const makeObject = make(tag, (state) => state)
    const revive = (number: string, state: State): object => {
      const made = makeObject(state)
      if (facets === undefined) return slots.register(made, ['o', id, number])
      for (const facet of facets) slots.register(made[facet], ['o', id, number, facet])
      return made
    }
    kinds.set(id, { revive: (number) => revive(number, stateOf(id, number, stateShape)) })
    return harden((...values: unknown[]) => {
      const first = init(...values)
      checkFields(stateShape, first)
      const number = slots.name(id)
      if (Object.keys(first).length > 0) records.set(textOf(['o', id, number]), harden({ ...first }))
      const state = stateOf(id, number, stateShape)
      const made = revive(number, state)
      finish?.(facets === undefined ? { state, self: made } : { state, facets: made })
      return made
    })
  }

  /** What methods find as `state`: what there is by then, and replaced as a whole. What has no fields has no record. */
  const stateOf = (id: string, number: string, shape: KindOptions['stateShape']): State => {
    const key = textOf(['o', id, number])
    const all = (): State => (records.get(key) as State | undefined) ?? {}
    return fieldsOf(shape, Object.keys(shape ?? all()), all, (name, value) => {
      records.set(key, harden({ ...all(), [name]: value }))
    })
  }

  return {
    makeKindHandle: (tag) => handleOf(slots.name(tag), tag),
    defineKind: (tag, init, methods, options = {}) =>
      defineClass(
        tag,
        options.interfaceGuard,
        shaped(init, options),
        thisful(methods, options),
        exoOptions(withoutAmplifier(tag, options), true),
      ),
    defineKindMulti: (tag, init, facets, options = {}) =>
      defineClassKit(
        tag,
        options.interfaceGuardKit,
        shaped(init, options),
        thisfulKit(facets, options),
        exoOptions(options, true),
      ),
    defineDurableKind: (handle, init, methods, options = {}) =>
      defineDurable(handle, init, options, undefined, (tag, accept) =>
        defineClass(
          tag,
          options.interfaceGuard,
          accept,
          thisful(methods, options),
          exoOptions(withoutAmplifier(tag, options), false),
        ),
      ),
    defineDurableKindMulti: (handle, init, facets, options = {}) =>
      defineDurable(handle, init, options, Object.keys(facets), (tag, accept) =>
        defineClassKit(
          tag,
          options.interfaceGuardKit,
          accept,
          thisfulKit(facets, options),
          exoOptions(options, false),
        ),
      ),
  }
}

/** Where there is a shape, a state has its fields, and no others. */
function checkField(shape: KindOptions['stateShape'], name: string, value: unknown): void {
  if (shape === undefined) return
  Object.hasOwn(shape, name) ||
    Fail`State must only have fields described by stateShape: ${q(Object.keys(shape))}`
  mustMatch(value as never, shape[name] as never, `state.${name}`)
}

function checkFields(shape: KindOptions['stateShape'], state: State): void {
  for (const [name, value] of Object.entries(state)) checkField(shape, name, harden(value))
}

/** A state whose fields are checked when they are written. */
function fieldsOf(
  shape: KindOptions['stateShape'],
  names: readonly string[],
  all: () => State,
  write: (name: string, value: unknown) => void,
): State {
  const state = {}
  for (const name of names)
    Object.defineProperty(state, name, {
      get: () => all()[name],
      set: (value) => {
        checkField(shape, name, harden(value))
        write(name, value)
      },
      enumerable: true,
    })
  return state
}

/** What makes the states of a kind in the heap, which has a shape too. */
function shaped(init: Init, { stateShape }: KindOptions): Init {
  if (stateShape === undefined) return init
  return (...values) => {
    const state = { ...init(...values) }
    checkFields(stateShape, state)
    return fieldsOf(
      stateShape,
      Object.keys(stateShape),
      () => state,
      (name, value) => {
        state[name] = value
      },
    )
  }
}

function withoutAmplifier(tag: string, options: KindOptions): KindOptions {
  options.receiveAmplifier === undefined ||
    Fail`Only facets of an exo class kit can be amplified, not ${q(tag)}`
  return options
}

function exoOptions(
  { finish, receiveAmplifier, receiveInstanceTester }: KindOptions,
  withFinish: boolean,
): object {
  return {
    ...(finish === undefined || !withFinish ? {} : { finish }),
    ...(receiveAmplifier === undefined ? {} : { receiveAmplifier }),
    ...(receiveInstanceTester === undefined ? {} : { receiveInstanceTester }),
  }
}

/** Methods that find their context in `this`. Those of old take it as their first argument. */
function thisful(methods: Methods, { thisfulMethods = false }: KindOptions): Methods {
  if (thisfulMethods) return methods
  return Object.fromEntries(
    Object.entries(methods).map(([name, method]) => [
      name,
      {
        [name](this: unknown, ...values: unknown[]): unknown {
          return method(this, ...values)
        },
      }[name] as Methods[string],
    ]),
  )
}

function thisfulKit(facets: Facets, options: KindOptions): Facets {
  return Object.fromEntries(
    Object.entries(facets).map(([name, methods]) => [name, thisful(methods, options)]),
  )
}

function refuseHandle(): never {
  throw new SdkError('vat/kind-undefined', 'a kind handle that makeKindHandle did not make')
}
