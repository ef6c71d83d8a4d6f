/**
 * @module Files of Solidity's semantic tests: sources, settings behind `// ====`, and calls with what they give behind `// ----`.
 *
 * Source of the format: ethereum/solidity test/TestCaseReader.cpp, test/libsolidity/util/TestFileParser.cpp.
 */
import { type ExpectedCall, parseCalls } from './expected-calls.ts'

/** One test. */
export interface SemanticTest {
  /** By name; a file without sections is the source named by the empty string. */
  readonly sources: ReadonlyMap<string, string>
  /** The source whose last contract is tested. */
  readonly main: string
  /** Sources that stand in files of their own: path from the test's folder, by the name that they are imported by. */
  readonly externals: ReadonlyMap<string, string>
  readonly settings: ReadonlyMap<string, string>
  readonly calls: readonly ExpectedCall[]
}

const SECTION = /^==== (Source|ExternalSource): (.*?) ?====$/
const SETTING = /^\/\/ ([A-Za-z0-9]+): (.*)$/
const SETTINGS_BEGIN = '// ===='
const CALLS_BEGIN = '// ----'

/** Reads a test. @throws {SyntaxError} where it is none */
export function parseTestFile(text: string): SemanticTest {
  const lines = text.split(/\r?\n/)
  const calls = lines.indexOf(CALLS_BEGIN)
  if (calls < 0) throw new SyntaxError('there are no calls')
  const settings = lines.slice(0, calls).lastIndexOf(SETTINGS_BEGIN)
  const end = settings < 0 ? calls : settings
  return {
    ...parseSources(lines.slice(0, end)),
    settings: new Map(settings < 0 ? [] : lines.slice(settings + 1, calls).map(parseSetting)),
    calls: parseCalls(lines.slice(calls + 1).map((line) => line.replace(/^\/\/ ?/, ''))),
  }
}

function parseSources(lines: readonly string[]): Pick<SemanticTest, 'sources' | 'main' | 'externals'> {
  const sources = new Map<string, string[]>()
  const externals = new Map<string, string>()
  let name: string | undefined
  for (const line of lines) {
    const [, kind, title = ''] = SECTION.exec(line) ?? []
    if (kind === 'ExternalSource') {
      const [imported = '', path = imported] = title.split('=')
      externals.set(imported.trim(), path.trim())
    } else if (kind === 'Source') {
      name = title
      sources.set(name, [])
    } else {
      name ??= ''
      if (!sources.has(name)) sources.set(name, [])
      sources.get(name)?.push(line)
    }
  }
  // What stands before the first section is a source only where it says something.
  if (sources.size > 1 && sources.get('')?.every((line) => line.trim() === '') === true) sources.delete('')
  return {
    sources: new Map([...sources].map(([key, text]) => [key, `${text.join('\n')}\n`])),
    main: [...sources.keys()].at(-1) ?? '',
    externals,
  }
}

function parseSetting(line: string): [string, string] {
  const [, key, value] = SETTING.exec(line) ?? []
  if (key === undefined || value === undefined) throw new SyntaxError(`${line} is no setting`)
  return [key, value.trim()]
}
