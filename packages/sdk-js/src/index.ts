/**
 * What actors in hardened JavaScript import.
 *
 * ```ts
 * import { defineActor, M } from '@troupe/sdk-js'
 *
 * export default defineActor('Counter', {
 *   state: { count: 0n },
 *   facets: { public: M.interface('Counter', { add: M.call(M.nat()).returns(M.nat()) }) },
 *   methods: { public: { add: ({ state }, n) => (state.count += n) } },
 * })
 * ```
 *
 * @module
 */
import './handled-promise.ts'

export { default as harden } from '@endo/harden'
export { makeTagged } from '@endo/pass-style'
export { M, matches, mustMatch, type Pattern } from '@endo/patterns'
export {
  type AnyMethods,
  attenuate,
  type Callable,
  call,
  invoke,
  type RawCall,
  type RawResult,
  transfer,
} from './calls/call.ts'
export { ContractRevert, callContract, selectorOf } from './calls/contract.ts'
export { type CallableLater, E, type Future, FutureShape, forget, type Outcome, when } from './calls/later.ts'
export {
  type Actor,
  type ActorDefinition,
  type Context,
  defineActor,
  type MethodsOf,
  type MethodsOfActor,
  type StateDeclaration,
  type StateOf,
} from './definition/define-actor.ts'
export { DefinitionError, type DefinitionErrorCode } from './definition/definition-error.ts'
export { type Declared, type Durable, durable } from './durable/durable.ts'
export type { DurableArray } from './durable/durable-array.ts'
export type { DurableMap } from './durable/durable-map.ts'
export type { DurableSet } from './durable/durable-set.ts'
export { viewOf } from './durable/view-of.ts'
export { CallError, HostRefusal, SdkError, type SdkErrorCode } from './errors.ts'
export { ActorFailure, fail } from './invocation/actor-failure.ts'
export type { Facets, GrantOptions } from './invocation/facets.ts'
export type { CallOptions } from './invocation/invocation.ts'
export type { LaterOptions } from './invocation/later-calls.ts'
export type {
  Clock,
  Crypto,
  Directory,
  Events,
  Funds,
  HashName,
  Lifecycle,
  Log,
  MessageInfo,
  Network,
  Payment,
  PowerName,
  Powers,
  Randomness,
} from './powers/powers.ts'
export { isRef, type Ref } from './refs/ref.ts'
export type { FieldView } from './state/actor-state.ts'
export { bytes, toUint8Array } from './values/bytes.ts'
export type { Passable, Tagged } from './values/passable.ts'
