import {
  assertInterfaceGuard,
  assertMethodGuard,
  getAwaitArgGuardPayload,
  getInterfaceGuardPayload,
  getMethodGuardPayload,
  isAwaitArgGuard,
  isRawGuard,
  M,
  matches,
  type Pattern,
} from '@endo/patterns'
import { blake2b } from '@noble/hashes/blake2.js'
import { compareMapKeys } from '@troupe/ipld/cbor'
import { type Declared, durable, isDeclared } from '../durable/durable.ts'
import { POWER_NAMES, type PowerName } from '../powers/powers.ts'
import { PUBLIC } from '../refs/ref.ts'
import { makeStateRecord } from '../state/state-record.ts'
import type { Passable } from '../values/passable.ts'
import { encodePassable } from '../values/passable-codec.ts'
import type { ActorFunction, CompiledActor, CompiledMethod } from './compiled-actor.ts'
import { DefinitionError, type DefinitionErrorCode } from './definition-error.ts'
import { CONSTRUCTOR, exportName, methodNumber } from './method-number.ts'

/** Facets, methods of a facet, fields of a state that a definition may have, each. The library of guards has the same bound for methods. */
const MAX_NAMES = 80

/** The one pattern that lets anything pass. */
const ANY: unknown = M.any()

const OPTIONS = [
  'contract',
  'facets',
  'init',
  'initGuard',
  'methods',
  'migrate',
  'payable',
  'powers',
  'reentrant',
  'state',
  'version',
]
const NAME = /^[A-Za-z][A-Za-z0-9]{0,63}$/
/** What the SDK's own methods are exported below. */
const RESERVED = /^(constructor|troupe)$/i

/** A definition as it comes: nobody has looked at it yet. */
export type RawDefinition = Readonly<Record<string, unknown>>

/** Looks at all of a definition. @throws {DefinitionError} */
export function compileActor(name: string, definition: RawDefinition): CompiledActor {
  if (typeof name !== 'string')
    refuse('definition/bad-name', "the name of the actor comes first: defineActor('Counter', { … })")
  checkName(name, 'an actor')
  for (const option of Object.keys(definition))
    if (!OPTIONS.includes(option)) refuse('definition/unknown-option', `there is no option ${option}`)
  const payable = new Set(list(definition['payable'] ?? [], 'payable') as string[])
  const constructorMethod = compileConstructor(definition, payable)
  const methods = compileMethods(definition, payable)
  const fields = compileState(record(definition['state'] ?? {}, 'state'))
  for (const left of payable) refuse('definition/bad-name', `${left} is payable, and no method`)
  return {
    name,
    version: positiveInteger(definition['version'] ?? 1, 'version'),
    isReentrant: flag(definition['reentrant'] ?? false, 'reentrant'),
    powers: compilePowers(definition),
    fields,
    stateRecord: makeStateRecord(fields),
    constructorMethod,
    facets: new Set(Object.keys(record(definition['facets'] ?? {}, 'facets'))),
    methods,
    migrate: compileMigrations(record(definition['migrate'] ?? {}, 'migrate')),
  }
}

function compileConstructor(definition: RawDefinition, payable: Set<string>): CompiledMethod {
  const { init = () => {}, initGuard } = definition
  const guard = initGuard === undefined ? M.call().rest(M.any()).returns() : initGuard
  return compileMethod({ facet: PUBLIC, name: 'init', run: init, guard, isPayable: payable.delete('init') })
}

function compileMethods(definition: RawDefinition, payable: Set<string>): Map<bigint, CompiledMethod> {
  const facets = record(definition['facets'] ?? {}, 'facets')
  const implementations = record(definition['methods'] ?? {}, 'methods')
  const compiled = new Map<bigint, CompiledMethod>()
  for (const facet of Object.keys(implementations))
    if (!Object.hasOwn(facets, facet))
      refuse(
        'definition/method-without-guard',
        `methods.${facet} are those of no facet: facets: { ${facet}: M.interface(…) } makes one`,
      )
  for (const [facet, guard] of entries(facets, 'facets')) {
    checkName(facet, 'a facet')
    const guards = methodGuards(facet, guard)
    const functions = record(implementations[facet] ?? {}, `methods.${facet}`)
    for (const method of Object.keys(functions))
      if (!Object.hasOwn(guards, method))
        refuse('definition/method-without-guard', `${facet}.${method} has no guard`)
    for (const [method, methodGuard] of entries(guards, `facets.${facet}`)) {
      checkName(method, 'a method')
      if (!Object.hasOwn(functions, method))
        refuse('definition/guard-without-method', `${facet}.${method} has a guard and is no method`)
      const isPayable = payable.delete(`${facet}.${method}`)
      const number = numberOf(exportName(facet, method))
      if (compiled.has(number))
        refuse('definition/duplicate-method', `${facet}.${method} has the number of another`)
      const run = functions[method]
      compiled.set(number, compileMethod({ facet, name: method, run, guard: methodGuard, isPayable }))
    }
  }
  const { contract } = definition
  if (contract !== undefined) compiled.set(...compileContract(contract, compiled))
  return compiled
}

/** What contracts call: bytes come, or nothing where value does, and bytes go. */
function compileContract(
  run: unknown,
  others: ReadonlyMap<bigint, CompiledMethod>,
): [number: bigint, method: CompiledMethod] {
  const name = 'invokeEVM'
  const number = numberOf(exportName(PUBLIC, name))
  if (others.has(number)) refuse('definition/duplicate-method', `contract and public.${name}`)
  const guard = M.call().optional(M.byteArray()).returns(M.byteArray())
  return [number, compileMethod({ facet: PUBLIC, name, run, guard, isPayable: true })]
}

function methodGuards(facet: string, guard: unknown): Readonly<Record<string, unknown>> {
  try {
    assertInterfaceGuard(guard as never)
    return getInterfaceGuardPayload(guard as never).methodGuards as Readonly<Record<string, unknown>>
  } catch (cause) {
    throw new DefinitionError('definition/bad-guard', `facets.${facet} is no interface guard`, { cause })
  }
}

function compileMethod(method: {
  readonly facet: string
  readonly name: string
  readonly run: unknown
  readonly guard: unknown
  readonly isPayable: boolean
}): CompiledMethod {
  const { facet, name, run, guard, isPayable } = method
  if (typeof run !== 'function') refuse('definition/bad-name', `${facet}.${name} is no function`)
  try {
    assertMethodGuard(guard as never)
    const {
      argGuards,
      optionalArgGuards = [],
      restArgGuard,
      returnGuard,
    } = getMethodGuardPayload(guard as never)
    const returns = patternOf(returnGuard)
    return {
      ...{ facet, name, isPayable, returns },
      run: run as ActorFunction,
      parameters: {
        required: argGuards.map(patternOf),
        optional: optionalArgGuards.map(patternOf),
        rest: restArgGuard === undefined ? false : patternOf(restArgGuard),
      },
      mayReturnNothing: returns === undefined || matches(undefined, returns as never),
    }
  } catch (cause) {
    throw new DefinitionError('definition/bad-guard', `the guard of ${facet}.${name} is none`, { cause })
  }
}

/** What a value has to be; `undefined` where it may be anything. Arguments of messages are never promises, so that there is nothing to wait for. */
function patternOf(guard: unknown): Pattern | undefined {
  if (isRawGuard(guard as never)) return undefined
  const pattern = (
    isAwaitArgGuard(guard as never) ? getAwaitArgGuardPayload(guard as never).argGuard : guard
  ) as Pattern
  return pattern === ANY ? undefined : pattern
}

function compileState(state: Readonly<Record<string, unknown>>): Map<string, Declared> {
  const fields: [string, Declared][] = entries(state, 'state').map(([name, initial]) => {
    checkName(name, 'a field of the state')
    const field = isDeclared(initial)
      ? initial
      : (durable.value(initial as Passable, M.any() as never) as Declared)
    if (field.kind === 'value') checkInitial(name, field.initial)
    return [name, field]
  })
  return new Map(fields.sort(([a], [b]) => compareMapKeys(a, b)))
}

function checkInitial(name: string, initial: Passable): void {
  const noRefs = (): never =>
    refuse('definition/bad-state', `state.${name} has a reference before there is an actor`)
  try {
    encodePassable({ encode: noRefs, decode: noRefs }, initial)
  } catch (cause) {
    throw new DefinitionError('definition/bad-state', `state.${name} cannot be kept: ${messageOf(cause)}`, {
      cause,
    })
  }
}

function compilePowers(definition: RawDefinition): PowerName[] {
  const powers = list(definition['powers'] ?? [], 'powers') as PowerName[]
  for (const power of powers)
    if (!POWER_NAMES.includes(power)) refuse('definition/unknown-power', `there is no power ${String(power)}`)
  return powers
}

function compileMigrations(migrate: Readonly<Record<string, unknown>>): CompiledActor['migrate'] {
  const steps = entries(migrate, 'migrate').map(([from, step]) => {
    if (typeof step !== 'function') refuse('definition/unknown-option', `migrate.${from} is no function`)
    return [positiveInteger(Number(from), `migrate.${from}`), step as never] as const
  })
  return new Map(steps)
}

function numberOf(name: string): bigint {
  const number = methodNumber(name, (data) => blake2b(data, { dkLen: 64 }))
  if (number === undefined || number === CONSTRUCTOR) refuse('definition/bad-name', `${name} has no number`)
  return number
}

function checkName(name: string, what: string): void {
  if (!NAME.test(name) || RESERVED.test(name))
    refuse('definition/bad-name', `${JSON.stringify(name)} is not a name for ${what}`)
}

function record(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) refuse('definition/unknown-option', `${what} is no record`)
  return value as Readonly<Record<string, unknown>>
}

function entries(value: Readonly<Record<string, unknown>>, what: string): [string, unknown][] {
  const found = Object.entries(value)
  if (found.length > MAX_NAMES) refuse('definition/bad-name', `${what} has more than ${MAX_NAMES} names`)
  return found
}

function list(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) refuse('definition/unknown-option', `${what} is no list`)
  return value as readonly unknown[]
}

function flag(value: unknown, what: string): boolean {
  if (typeof value !== 'boolean') refuse('definition/unknown-option', `${what} is neither true nor false`)
  return value
}

function positiveInteger(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1)
    refuse('definition/unknown-option', `${what} is not a whole number from 1`)
  return value
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function refuse(code: DefinitionErrorCode, message: string): never {
  throw new DefinitionError(code, message)
}
