import { CodedError } from '@troupe/crypto'
import type { CompiledActor } from '../definition/compiled-actor.ts'
import { compiledActorOf } from '../definition/define-actor.ts'
import { DefinitionError } from '../definition/definition-error.ts'
import type { Preparation } from '../host/image.ts'
import type { ActorScope } from './actor-scope.ts'

/** UTF-16 units of an actor's script. */
const MAX_SCRIPT_LENGTH = 1_048_576

/** Why a script is no actor. */
export type LoadErrorCode =
  | 'actor/dynamic-import'
  | 'actor/direct-eval'
  | 'actor/evaluation-failed'
  | 'actor/html-comment'
  | 'actor/no-default-export'
  | 'actor/not-a-bundle'
  | 'actor/not-an-actor'
  | 'actor/syntax'
  | 'actor/too-large'
  | 'actor/unknown-global'
  | 'actor/unknown-module'

type Refusal = Extract<Preparation, { isAccepted: false }>

/** Thrown through an actor's script, to its end. */
class LoadError extends CodedError<LoadErrorCode> {}

/** What `ses` refuses before the engine sees it, by its marks. */
const MARKS: readonly (readonly [mark: string, code: LoadErrorCode])[] = [
  ['SES_IMPORT_REJECTED', 'actor/dynamic-import'],
  ['SES_EVAL_REJECTED', 'actor/direct-eval'],
  ['SES_HTML_COMMENT_REJECTED', 'actor/html-comment'],
]

/**
 * Evaluates an actor's script.
 * @param stackOf gives an error's stack, which nobody else in the image sees: the engine says there where in the script it is
 */
export function loadActor(
  scope: ActorScope,
  source: string,
  stackOf: ((error: object) => string | undefined) | undefined,
): { readonly actor: CompiledActor } | { readonly refusal: Refusal } {
  if (source.length > MAX_SCRIPT_LENGTH)
    return refusal(
      'actor/too-large',
      `a script of ${source.length} characters, where ${MAX_SCRIPT_LENGTH} are allowed`,
    )
  let bundle: unknown
  try {
    bundle = scope.evaluate(source)
  } catch (error) {
    return describeEvaluation(scope, error, stackOf)
  }
  if (typeof bundle !== 'function')
    return refusal('actor/not-a-bundle', 'the script is no function of its imports')
  const exports: { default?: unknown } = {}
  try {
    bundle((specifier: unknown) => load(scope, specifier), exports)
  } catch (error) {
    return describeRun(scope, error, stackOf)
  }
  if (!('default' in exports)) return refusal('actor/no-default-export', 'the module has no default export')
  const actor = compiledActorOf(exports.default)
  if (actor === undefined)
    return refusal('actor/not-an-actor', 'the default export was not made by defineActor')
  return { actor }
}

function load(scope: ActorScope, specifier: unknown): object {
  const module = scope.module(String(specifier))
  if (module === undefined) throw new LoadError('actor/unknown-module', `there is no module ${specifier}`)
  return module
}

function describeEvaluation(
  scope: ActorScope,
  error: unknown,
  stackOf: ((error: object) => string | undefined) | undefined,
): { readonly refusal: Refusal } {
  if (!(error instanceof SyntaxError)) return describeRun(scope, error, stackOf)
  const rejected = MARKS.find(([mark]) => error.message.includes(mark))
  if (rejected !== undefined)
    return refusal(rejected[1], error.message, /:(\d+)/.exec(error.message) ?? undefined)
  const place = /:(\d+):(\d+)/.exec(stackOf?.(error) ?? '')
  return refusal('actor/syntax', error.message, place ?? undefined)
}

/** A place in what is evaluated, as engines call it: none of the SDK's own. */
const PLACE = /^at (?:<input>|file:.*|troupe:[a-z0-9]{40,}\.js):(\d+):(\d+)$/m

function describeRun(
  { wanted }: ActorScope,
  error: unknown,
  stackOf: ((error: object) => string | undefined) | undefined,
): { readonly refusal: Refusal } {
  const place = error instanceof Error ? PLACE.exec(stackOf?.(error) ?? '') : null
  if (error instanceof LoadError || error instanceof DefinitionError)
    return refusal(error.code, error.message, place ?? undefined)
  const message = error instanceof Error ? `${error.name}: ${error.message}` : `a thrown ${typeof error}`
  if (wanted !== undefined && (error instanceof TypeError || error instanceof ReferenceError))
    return refusal('actor/unknown-global', `there is no global ${wanted} (${message})`, place ?? undefined)
  return refusal('actor/evaluation-failed', message, place ?? undefined)
}

function refusal(
  code: string,
  reason: string,
  place?: readonly (string | undefined)[],
): { readonly refusal: Refusal } {
  const [, line, column] = place ?? []
  return {
    refusal: {
      ...{ isAccepted: false, code, reason },
      ...(line === undefined ? {} : { line: Number(line) }),
      ...(column === undefined ? {} : { column: Number(column) }),
    },
  }
}
