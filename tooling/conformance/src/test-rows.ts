import type { Row } from './suite.ts'

/** What is needed of vitest's report of a test file. */
export interface TestModule {
  /** Path of the file. */
  readonly moduleId: string
  readonly children: { allTests(): Iterable<TestCase> }
  state(): string
  errors(): readonly { readonly message: string }[]
}

interface TestCase {
  readonly fullName: string
  result(): {
    readonly state: string
    readonly note?: string | undefined
    readonly errors?: readonly { readonly message: string }[] | undefined
  }
}

/** How much is said of a failure. */
const MAX_REASON_LENGTH = 300

/**
 * The rows of test files: one a test, by the file's name and the test's; where two have the same, they are numbered. A file that cannot be loaded is a
 * row that fails.
 */
export function rowsOf(modules: readonly TestModule[]): Row[] {
  const rows = modules.flatMap((module) => {
    const file = module.moduleId.split('/').at(-1) as string
    const tests = [...module.children.allTests()].map((test) => rowOf(file, test))
    const isWhole = module.state() !== 'failed' || tests.some(({ status }) => status === 'failed')
    return isWhole ? tests : [...tests, { id: file, ...failure(module.errors()) }]
  })
  const seen = new Map<string, number>()
  return rows.map((row) => {
    const count = (seen.get(row.id) ?? 0) + 1
    seen.set(row.id, count)
    return count === 1 ? row : { ...row, id: `${row.id} (${count})` }
  })
}

function rowOf(file: string, test: TestCase): Row {
  const { state, note, errors } = test.result()
  const id = `${file}: ${test.fullName}`
  if (state === 'passed') return { id, status: 'passed', gas: 0n }
  if (state === 'failed') return { id, ...failure(errors) }
  return { id, status: 'skipped', reason: note ?? 'it does not say why', gas: 0n }
}

function failure(errors: readonly { readonly message: string }[] = []): Omit<Row, 'id'> {
  const [line] = (errors[0]?.message ?? 'it does not say why').split('\n')
  return { status: 'failed', reason: (line as string).slice(0, MAX_REASON_LENGTH), gas: 0n }
}
