/** @module In what the answers of a node differ from those of others: errors, shapes, and the values that do not depend on who answers. */
import type { ChainAnswer } from './chain.ts'
import { differencesOf, shapeOf } from './shape.ts'

/** Answers by the names of the questions. */
export type Answers = ReadonlyMap<string, ChainAnswer>

/** In what an answer differs from those of others. */
export interface Difference {
  readonly method: string
  /** Where in the answer: a path, `result` or `error`. */
  readonly place: string
  readonly here: string
  /** What others have, by their names; those that have the same as here are not there. */
  readonly there: Readonly<Record<string, string>>
  /** Who has the same as here. */
  readonly same: readonly string[]
  /** Names of the questions. */
  readonly questions: readonly string[]
}

/** Keys whose values are the same on every chain, because the keys and the contracts are. */
const EXACT = new Set(
  [
    'type',
    'callType',
    'from',
    'to',
    'address',
    'contractAddress',
    'input',
    'init',
    'output',
    'topics',
    'data',
  ].concat(['error', 'revertReason', 'traceAddress', 'status', 'op', 'pc', 'depth', 'position', 'code']),
)
/** What nodes say where they do not have a method. */
const UNKNOWN = /^(?:Method not found|Method \S+ is not supported|unsupported tracer type)/iu
const MAX_SHOWN = 60

/** Compares answers, question by question, and puts together what differs in the same way. */
export function compareAnswers(
  questions: readonly { readonly name: string; readonly method: string }[],
  here: Answers,
  others: ReadonlyMap<string, Answers>,
): Difference[] {
  const found = new Map<string, Difference>()
  for (const { method, name } of questions) {
    const mine = here.get(name) ?? {}
    const places = new Map<string, { here: string; there: Record<string, string> }>()
    const asked = [...others].filter(([, answers]) => !isUnknown(answers.get(name) ?? {}))
    for (const [other, answers] of asked)
      for (const { here: ours, path, there } of differences(mine, answers.get(name) ?? {})) {
        const place = places.get(path) ?? { here: ours, there: {} }
        places.set(path, { ...place, there: { ...place.there, [other]: there } })
      }
    for (const [place, { here: ours, there }] of places) {
      const same = asked.map(([other]) => other).filter((other) => there[other] === undefined)
      const key = JSON.stringify([method, place, ours, there, same])
      const known = found.get(key)
      const difference = { method, place, here: ours, there, same }
      found.set(key, { ...difference, questions: [...(known?.questions ?? []), name] })
    }
  }
  return [...found.values()]
}

function isUnknown({ error }: ChainAnswer): boolean {
  return error !== undefined && UNKNOWN.test(error.message)
}

function differences(
  mine: ChainAnswer,
  theirs: ChainAnswer,
): { readonly path: string; readonly here: string; readonly there: string }[] {
  if (mine.error === undefined && theirs.error === undefined)
    return [
      ...differencesOf(shapeOf(mine.result), shapeOf(theirs.result)),
      ...exactDifferences(mine.result, theirs.result),
    ]
  const [ours, other] = [outcomeOf(mine), outcomeOf(theirs)]
  return ours === other ? [] : [{ path: 'outcome', here: ours, there: other }]
}

/** What clients look at of an error: its number, and the bytes in it. */
function outcomeOf({ error }: ChainAnswer): string {
  if (error === undefined) return 'a result'
  const { code, data } = error
  const isBytes = typeof data === 'string' && data.startsWith('0x')
  return `error ${code}${isBytes ? ` with ${data.length > MAX_SHOWN ? `${data.slice(0, MAX_SHOWN)}…` : data}` : ''}`
}

/** The first value that is another one, of those that have to be the same. */
function exactDifferences(mine: unknown, theirs: unknown): ReturnType<typeof differences> {
  const [here, there] = [exactValues(mine), exactValues(theirs)]
  return [...here].flatMap(([path, values]) => {
    const others = there.get(path)
    if (others === undefined) return []
    const at = values.findIndex((value, index) => index < others.length && value !== others[index])
    if (at < 0 && values.length === others.length) return []
    const show = (list: readonly string[]): string =>
      at < 0 ? `${list.length} values` : `value ${at + 1}: ${list[at]?.slice(0, MAX_SHOWN)}`
    return [{ path: `${path} (values)`, here: show(values), there: show(others) }]
  })
}

function exactValues(value: unknown): Map<string, string[]> {
  const found = new Map<string, string[]>()
  const visit = (at: unknown, path: string, isExact: boolean): void => {
    if (Array.isArray(at)) for (const item of at) visit(item, `${path}[]`, isExact)
    else if (typeof at === 'object' && at !== null)
      for (const [key, item] of Object.entries(at)) visit(item, `${path}.${key}`, EXACT.has(key))
    else if (isExact) {
      const values = found.get(path) ?? []
      values.push(String(at).toLowerCase())
      found.set(path, values)
    }
  }
  visit(value, '', false)
  return found
}
