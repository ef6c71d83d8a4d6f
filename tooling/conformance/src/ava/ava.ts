/**
 * @module What tests of others import as `ava`, as far as they use it; bundled with each file of them.
 *
 * Everything that it needs is taken when it is evaluated, which is before a test locks the realm down.
 */

/** What becomes of a test: `begun` before everything else, but for those that are skipped. */
export interface Told {
  readonly title: string
  readonly status: 'begun' | 'passed' | 'failed' | 'skipped'
  readonly reason: string
}

/** Something that was expected, and is not so. */
class Unexpected extends Error {}

interface Expectation {
  readonly instanceOf?: new (...values: never[]) => unknown
  readonly message?: string | RegExp | ((message: string) => boolean)
  readonly name?: string
  readonly code?: unknown
  readonly is?: unknown
  readonly any?: boolean
}

type Body = (t: unknown, ...rest: unknown[]) => unknown
type Macro = Body & { readonly exec?: Body; readonly title?: (title?: string, ...rest: unknown[]) => string }
interface Registered {
  readonly title: string
  readonly body: Macro
  readonly rest: readonly unknown[]
  readonly isFailing: boolean
}

const { stringify } = JSON
const { apply, getPrototypeOf, ownKeys } = Reflect
const registered: Registered[] = []
const skipped: string[] = []
const before: Body[] = []
const beforeEach: Body[] = []
const afterEach: Body[] = []
const after: Body[] = []

function show(value: unknown): string {
  try {
    if (typeof value === 'string') return stringify(value)
    if (typeof value === 'object' && value !== null)
      return value instanceof Error ? `${value.name}: ${value.message}` : (stringify(value) ?? 'an object')
    return `${typeof value === 'symbol' ? 'a symbol' : value}${typeof value === 'bigint' ? 'n' : ''}`
  } catch {
    return 'a value that cannot be shown'
  }
}

function fail(message: string): never {
  throw new Unexpected(message)
}

/** Whether values are equal in depth, as concordance has it: prototypes, own enumerable keys, contents of maps and sets. */
function isEqual(a: unknown, b: unknown, seen: readonly (readonly [unknown, unknown])[] = []): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (seen.some(([one, other]) => one === a && other === b)) return true
  const deeper = [...seen, [a, b] as const]
  if (Object.prototype.toString.call(a) !== Object.prototype.toString.call(b)) return false
  if (a instanceof Error && b instanceof Error && (a.name !== b.name || a.message !== b.message)) return false
  if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b))
    return `${a}` === `${b}` && a.byteLength === b.byteLength
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime()
  if (a instanceof RegExp && b instanceof RegExp) return `${a}` === `${b}`
  if (a instanceof Set && b instanceof Set) return isEqual([...a], [...b], deeper)
  if (a instanceof Map && b instanceof Map) return isEqual([...a], [...b], deeper)
  const keys = (object: object): (string | symbol)[] =>
    ownKeys(object).filter((key) => Object.prototype.propertyIsEnumerable.call(object, key))
  const [own, other] = [keys(a), keys(b)]
  if (own.length !== other.length) return false
  return own.every(
    (key) => other.includes(key) && isEqual(a[key as never] as unknown, b[key as never] as unknown, deeper),
  )
}

/** Whether all that a pattern has is in a value. */
function isLike(value: unknown, pattern: unknown): boolean {
  if (typeof pattern !== 'object' || pattern === null) return Object.is(value, pattern)
  if (typeof value !== 'object' || value === null) return false
  if (getPrototypeOf(pattern) !== Object.prototype && !Array.isArray(pattern)) return isEqual(value, pattern)
  return ownKeys(pattern).every((key) =>
    isLike((value as Record<PropertyKey, unknown>)[key], (pattern as Record<PropertyKey, unknown>)[key]),
  )
}

function checkThrown(thrown: unknown, expectation: Expectation | undefined): void {
  if (expectation?.any !== true && !(thrown instanceof Error))
    fail(`threw ${show(thrown)}, which is no error`)
  if (expectation === undefined) return
  const error = thrown as Error & { readonly code?: unknown }
  const { instanceOf, message, name, code } = expectation
  if ('is' in expectation && thrown !== expectation.is) fail(`threw ${show(thrown)}`)
  if (instanceOf !== undefined && !(thrown instanceof instanceOf))
    fail(`threw ${show(thrown)}, not a ${instanceOf.name}`)
  if (name !== undefined && error.name !== name) fail(`threw a ${error.name}, not a ${name}`)
  if (code !== undefined && error.code !== code) fail(`threw with the code ${show(error.code)}`)
  if (typeof message === 'string' && error.message !== message)
    fail(`threw ${show(error.message)}, not ${show(message)}`)
  if (message instanceof RegExp && !message.test(error.message))
    fail(`threw ${show(error.message)}, which is not like ${message}`)
  if (typeof message === 'function' && !message(error.message)) fail(`threw ${show(error.message)}`)
}

/** What a test is given. */
function makeAssertions(title: string, context: object) {
  let count = 0
  let planned: number | undefined
  const teardowns: (() => unknown)[] = []
  const asserted = <A extends unknown[]>(check: (...values: A) => unknown) => {
    const assertion = (...values: A): unknown => {
      count++
      return check(...values)
    }
    return Object.assign(assertion, { skip: () => {} })
  }
  const t = {
    title,
    context,
    pass: asserted(() => true),
    fail: asserted((message?: string) => fail(message ?? 'it says so')),
    assert: asserted(
      (value: unknown, message?: string) => value || fail(message ?? `${show(value)} is falsy`),
    ),
    truthy: asserted(
      (value: unknown, message?: string) => value || fail(message ?? `${show(value)} is falsy`),
    ),
    falsy: asserted(
      (value: unknown, message?: string) => !value || fail(message ?? `${show(value)} is truthy`),
    ),
    true: asserted(
      (value: unknown, message?: string) => value === true || fail(message ?? `${show(value)} is not true`),
    ),
    false: asserted(
      (value: unknown, message?: string) => value === false || fail(message ?? `${show(value)} is not false`),
    ),
    is: asserted(
      (a: unknown, b: unknown, message?: string) =>
        Object.is(a, b) || fail(message ?? `${show(a)} is not ${show(b)}`),
    ),
    not: asserted(
      (a: unknown, b: unknown, message?: string) =>
        !Object.is(a, b) || fail(message ?? `${show(a)} is the same`),
    ),
    deepEqual: asserted(
      (a: unknown, b: unknown, message?: string) =>
        isEqual(a, b) || fail(message ?? `${show(a)} is not equal to ${show(b)}`),
    ),
    notDeepEqual: asserted(
      (a: unknown, b: unknown, message?: string) => !isEqual(a, b) || fail(message ?? `${show(a)} is equal`),
    ),
    like: asserted(
      (a: unknown, b: unknown, message?: string) =>
        isLike(a, b) || fail(message ?? `${show(a)} is not like ${show(b)}`),
    ),
    regex: asserted(
      (text: string, pattern: RegExp, message?: string) =>
        pattern.test(text) || fail(message ?? `${show(text)} is not like ${pattern}`),
    ),
    notRegex: asserted(
      (text: string, pattern: RegExp, message?: string) =>
        !pattern.test(text) || fail(message ?? `${show(text)} is like ${pattern}`),
    ),
    throws: asserted((run: () => unknown, expectation?: Expectation, message?: string) => {
      let thrown: unknown
      try {
        run()
      } catch (error) {
        thrown = error
        checkThrown(thrown, expectation ?? undefined)
        return thrown
      }
      return fail(message ?? 'nothing is thrown')
    }),
    throwsAsync: asserted(
      async (run: (() => unknown) | Promise<unknown>, expectation?: Expectation, message?: string) => {
        try {
          await (typeof run === 'function' ? run() : run)
        } catch (error) {
          checkThrown(error, expectation ?? undefined)
          return error
        }
        return fail(message ?? 'nothing is thrown')
      },
    ),
    notThrows: asserted((run: () => unknown, message?: string) => {
      try {
        run()
      } catch (error) {
        fail(`${message ?? ''} ${show(error)} is thrown`)
      }
    }),
    notThrowsAsync: asserted(async (run: (() => unknown) | Promise<unknown>) => {
      await (typeof run === 'function' ? run() : run)
    }),
    plan: (number: number) => {
      planned = number
    },
    log: () => {},
    timeout: () => {},
    teardown: (run: () => unknown) => teardowns.push(run),
    snapshot: () => fail('snapshots are not compared here'),
  }
  const end = async (): Promise<void> => {
    for (const teardown of teardowns.reverse()) await teardown()
    if (planned !== undefined && planned !== count) fail(`${count} assertions, where ${planned} were planned`)
    if (planned === undefined && count === 0) fail('it asserts nothing')
  }
  return { t, end }
}

function register(isFailing: boolean) {
  return (first: string | Macro, ...values: unknown[]): void => {
    const title = typeof first === 'string' ? first : undefined
    const [body, ...rest] = (title === undefined ? [first, ...values] : values) as [Macro, ...unknown[]]
    const named = body.title?.(title, ...rest) ?? title ?? body.name
    registered.push({ title: named, body, rest, isFailing })
  }
}

const hook = (list: Body[]) =>
  Object.assign((...values: [Body] | [string, Body]) => void list.push(values.at(-1) as Body), {
    always: (...values: [Body] | [string, Body]) => void list.push(values.at(-1) as Body),
  })
const skip = (title: unknown): void => void skipped.push(String(title))

const test = Object.assign(register(false), {
  failing: register(true),
  skip,
  todo: skip,
  only: register(false),
  macro: (options: Body | { readonly exec: Body; readonly title?: Macro['title'] }) =>
    typeof options === 'function'
      ? options
      : Object.assign((...values: [unknown, ...unknown[]]) => options.exec(...values), {
          title: options.title,
        }),
  before: hook(before),
  beforeEach: hook(beforeEach),
  afterEach: hook(afterEach),
  after: hook(after),
  meta: { file: 'file:///test.js', snapshotDirectory: 'file:///' },
})
const serial = Object.assign(register(false), test)
export default Object.assign(test, { serial })
export { test }

/** The titles of the tests, besides those that are skipped. */
export function testTitles(): readonly string[] {
  return registered.map(({ title }) => title)
}

/** The titles of those that are skipped. */
export function skippedTests(): readonly string[] {
  return skipped
}

/** Runs tests in their order, and tells what becomes of them. @param chosen by their places; all by default */
export async function runTests(
  tell: (told: Told) => void,
  chosen: Iterable<number> = registered.keys(),
): Promise<void> {
  const context = {}
  try {
    for (const run of before) await run(makeAssertions('before', context).t)
  } catch (error) {
    tell(outcome('before', 'failed', show(error)))
    return
  }
  for (const place of chosen) {
    const { body, isFailing, rest, title } = registered[place] as Registered
    const { t, end } = makeAssertions(title, { ...context })
    let failure: string | undefined
    tell(outcome(title, 'begun'))
    try {
      for (const run of beforeEach) await run(t)
      await apply(body, undefined, [t, ...rest])
      for (const run of afterEach) await run(t)
      await end()
    } catch (error) {
      failure = error instanceof Unexpected ? error.message : show(error)
    }
    if (isFailing) failure = failure === undefined ? 'it passes, and is expected to fail' : undefined
    tell(outcome(title, failure === undefined ? 'passed' : 'failed', failure))
  }
  for (const run of after) await run(makeAssertions('after', context).t)
}

/** @param reason is cut where it is long */
export function outcome(title: string, status: Told['status'], reason = ''): Told {
  return { title, status, reason: reason.slice(0, 300) }
}
