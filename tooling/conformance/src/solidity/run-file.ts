import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { CryptoProvider } from '@troupe/crypto'
import type { Row } from '../suite.ts'
import { CompileError, compileTest, type Pipeline } from './compile.ts'
import type { ContractNetwork } from './contract-network.ts'
import { EVM_VERSION, EXCEPTIONS, inapplicable } from './exceptions.ts'
import { Mismatch, runTest } from './run-test.ts'
import { parseTestFile, type SemanticTest } from './test-file.ts'

/** How much is said of a failure. */
const MAX_REASON_LENGTH = 300

/** A file of tests: where all of them are, and its path from there. */
export interface TestPath {
  readonly directory: string
  readonly path: string
}

/** Runs one file through each pipeline of the compiler that it is meant for: a row each. */
export async function runFile(
  { directory, path }: TestPath,
  network: ContractNetwork,
  crypto: CryptoProvider,
): Promise<Row[]> {
  let test: SemanticTest
  try {
    test = parseTestFile(await readFile(join(directory, path), 'utf8'))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return [judge(path, path, error.message)]
  }
  const reason = inapplicable(test)
  if (reason !== undefined) return [{ id: path, status: 'skipped', reason, gas: 0n }]
  const externals = await readExternals(join(directory, dirname(path)), test)
  return pipelinesOf(test).map((pipeline) => {
    const id = `${path} (${pipeline})`
    try {
      const compiled = compileTest(test, externals, { pipeline, evmVersion: EVM_VERSION })
      runTest(test, compiled, network, crypto)
      return judge(id, path, undefined)
    } catch (error) {
      if (!(error instanceof Mismatch) && !(error instanceof CompileError)) throw error
      return judge(id, path, error.message)
    }
  })
}

/** A failure that is expected counts as skipped; an exception that does not fail is none. */
function judge(id: string, path: string, failure: string | undefined): Row {
  const exception = EXCEPTIONS[path] ?? EXCEPTIONS[id]
  if (exception !== undefined)
    return failure === undefined
      ? { id, status: 'failed', reason: `it passes, though it is an exception: ${exception}`, gas: 0n }
      : { id, status: 'skipped', reason: exception, gas: 0n }
  if (failure === undefined) return { id, status: 'passed', gas: 0n }
  const reason = failure.replaceAll(/\s+/g, ' ').slice(0, MAX_REASON_LENGTH)
  return { id, status: 'failed', reason, gas: 0n }
}

function pipelinesOf({ settings }: SemanticTest): readonly Pipeline[] {
  switch (settings.get('compileViaYul') ?? 'also') {
    case 'true':
      return ['yul']
    case 'false':
      return ['legacy']
    default:
      return ['legacy', 'yul']
  }
}

async function readExternals(
  directory: string,
  { externals }: SemanticTest,
): Promise<ReadonlyMap<string, string>> {
  const read = async ([name, path]: [string, string]): Promise<[string, string]> => [
    name,
    await readFile(join(directory, path), 'utf8'),
  ]
  return new Map(await Promise.all([...externals].map(read)))
}
