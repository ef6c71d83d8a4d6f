import { createRequire } from 'node:module'
import type { SemanticTest } from './test-file.ts'

/** A contract that can be deployed, once the addresses of its libraries are known. */
export interface CompiledContract {
  /** Hexadecimal, with gaps where libraries go. */
  readonly initcode: string
  /** By `file:Library`, where their addresses go in the initcode, in bytes. */
  readonly libraries: ReadonlyMap<string, readonly number[]>
  /** Selectors by signature, 8 hexadecimal digits. */
  readonly selectors: ReadonlyMap<string, string>
}

/** What a test compiles to. */
export interface Compilation {
  /** Every contract by `file:Name`. */
  readonly contracts: ReadonlyMap<string, CompiledContract>
  /** The one that is tested: the last of the main source. */
  readonly tested: CompiledContract
  /** Signatures of all events. */
  readonly events: readonly string[]
}

/** The ways in which the compiler makes code: by its old generator, or by Yul. */
export type Pipeline = 'legacy' | 'yul'

/** What the compiler is told beside the sources. */
export interface CompileOptions {
  readonly pipeline: Pipeline
  readonly evmVersion: string
}

/** A test that the compiler does not take. */
export class CompileError extends Error {}

const compiler = createRequire(import.meta.url)('solc') as { compile(input: string): string }

/**
 * Compiles a test.
 * @param externals sources of other files, by the name that they are imported by
 * @throws {CompileError} with the compiler's first error
 */
export function compileTest(
  test: SemanticTest,
  externals: ReadonlyMap<string, string>,
  options: CompileOptions,
): Compilation {
  const sources = new Map([...externals, ...test.sources])
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries([...sources].map(([name, content]) => [name, { content }])),
    settings: {
      evmVersion: options.evmVersion,
      viaIR: options.pipeline === 'yul',
      optimizer: optimizerOf(test, options.pipeline),
      ...(test.settings.has('revertStrings')
        ? { debug: { revertStrings: test.settings.get('revertStrings') } }
        : {}),
      outputSelection: {
        '*': { '*': ['abi', 'evm.bytecode', 'evm.methodIdentifiers'], '': ['ast'] },
      },
    },
  }
  const output = JSON.parse(compiler.compile(JSON.stringify(input))) as CompilerOutput
  const error = output.errors?.find(({ severity }) => severity === 'error')
  if (error !== undefined) throw new CompileError(error.formattedMessage ?? error.message)
  return compilationOf(output, test.main)
}

/** Of the code that the tests expect, some needs the optimizer of Yul to fit the stack. */
function optimizerOf({ settings }: SemanticTest, pipeline: Pipeline): unknown {
  if (pipeline === 'legacy') return { enabled: false }
  switch (settings.get('requiresYulOptimizer') ?? 'false') {
    case 'full':
      return { enabled: true }
    case 'minimalStack':
      return { enabled: false, details: { yul: true, yulDetails: { optimizerSteps: 'uljmul jmul' } } }
    default:
      return { enabled: false }
  }
}

interface CompilerOutput {
  readonly errors?: readonly {
    readonly severity: string
    readonly message: string
    readonly formattedMessage?: string
  }[]
  readonly contracts: Readonly<Record<string, Readonly<Record<string, ContractOutput>>>>
  readonly sources: Readonly<Record<string, { readonly ast: Node }>>
}

interface ContractOutput {
  readonly abi: readonly AbiEntry[]
  readonly evm: {
    readonly bytecode: {
      readonly object: string
      readonly linkReferences: Readonly<
        Record<string, Readonly<Record<string, readonly { start: number }[]>>>
      >
    }
    readonly methodIdentifiers: Readonly<Record<string, string>>
  }
}

interface AbiEntry {
  readonly type: string
  readonly name?: string
  readonly anonymous?: boolean
  readonly inputs?: readonly AbiType[]
}

interface AbiType {
  readonly type: string
  readonly components?: readonly AbiType[]
}

interface Node {
  readonly nodes: readonly { readonly nodeType: string; readonly name: string }[]
}

function compilationOf({ contracts, sources }: CompilerOutput, main: string): Compilation {
  const all = Object.entries(contracts).flatMap(([file, named]) =>
    Object.entries(named).map(([name, contract]) => [`${file}:${name}`, contract] as const),
  )
  const compiled = new Map(all.map(([name, contract]) => [name, contractOf(contract)]))
  const last = sources[main]?.ast.nodes.findLast(({ nodeType }) => nodeType === 'ContractDefinition')
  const tested = last && compiled.get(`${main}:${last.name}`)
  if (tested === undefined) throw new CompileError('the main source has no contract')
  const events = all.flatMap(([, { abi }]) =>
    abi.filter(({ type, anonymous }) => type === 'event' && anonymous !== true).map(signatureOf),
  )
  return { contracts: compiled, tested, events: [...new Set(events)] }
}

function contractOf({ evm: { bytecode, methodIdentifiers } }: ContractOutput): CompiledContract {
  const libraries = Object.entries(bytecode.linkReferences).flatMap(([file, named]) =>
    Object.entries(named).map(
      ([name, places]) => [`${file}:${name}`, places.map(({ start }) => start)] as const,
    ),
  )
  return {
    initcode: bytecode.object,
    libraries: new Map(libraries),
    selectors: new Map(Object.entries(methodIdentifiers)),
  }
}

function signatureOf({ name = '', inputs = [] }: AbiEntry): string {
  return `${name}(${inputs.map(typeOf).join(',')})`
}

function typeOf({ type, components }: AbiType): string {
  return components === undefined
    ? type
    : `(${components.map(typeOf).join(',')})${type.slice('tuple'.length)}`
}
