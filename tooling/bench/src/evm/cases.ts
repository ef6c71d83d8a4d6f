import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { CryptoProvider } from '@troupe/crypto'
import type { EvmCase } from './engine.ts'

/** The compiler, as far as it is used. */
interface Solc {
  compile(input: string): string
  /** What versions before 0.5 have for input in JSON. */
  compileStandardWrapper?(input: string): string
}

const require = createRequire(import.meta.url)
const SOURCE = new URL('../../contracts/evm-cases.sol', import.meta.url)
/** How often each contract does what it does. */
const ROUNDS: Readonly<Record<string, number>> = {
  Arithmetic: 100_000,
  Fibonacci: 100_000,
  Hashing: 20_000,
  Token: 5_000,
  Storage: 20_000,
  Calls: 5_000,
}
const FIRST_ADDRESS = 0x2000n
/** `Benchmark()` of snailtracer. */
const BENCHMARK = '30627b7c'

/** The calls to compare, of contracts that are compiled now. */
export function compileCases(crypto: CryptoProvider): EvmCase[] {
  const solc = require('solc') as Solc
  const code = compile((input) => solc.compile(input), readFileSync(SOURCE, 'utf8'), { evmVersion: 'paris' })
  const selector = Buffer.from(crypto.keccak256(new TextEncoder().encode('run(uint256)'))).subarray(0, 4)
  return Object.entries(ROUNDS).map(([name, rounds], index) => {
    const argument = rounds.toString(16).padStart(64, '0')
    const input = Uint8Array.from([...selector, ...Buffer.from(argument, 'hex')])
    return {
      name: name.toLowerCase(),
      address: FIRST_ADDRESS + BigInt(index),
      code: codeOf(code, name),
      input,
    }
  })
}

/**
 * A ray tracer of fixed-point numbers, whose source is somebody else's and is handed in.
 *
 * @param compiler where the compiler of version 0.4 is installed
 */
export function compileSnailtracer(source: string, compiler: string): EvmCase {
  const solc = require(compiler) as Solc
  const run = solc.compileStandardWrapper ?? solc.compile
  const code = compile((input) => run.call(solc, input), readFileSync(source, 'utf8'), {})
  const address = FIRST_ADDRESS + BigInt(Object.keys(ROUNDS).length)
  return {
    name: 'snailtracer',
    address,
    code: codeOf(code, 'SnailTracer'),
    input: Uint8Array.from(Buffer.from(BENCHMARK, 'hex')),
  }
}

function compile(
  run: (input: string) => string,
  content: string,
  settings: object,
): ReadonlyMap<string, Uint8Array> {
  const input = {
    language: 'Solidity',
    sources: { 'cases.sol': { content } },
    settings: {
      ...settings,
      optimizer: { enabled: true, runs: 200 },
      outputSelection: { '*': { '*': ['evm.deployedBytecode.object'] } },
    },
  }
  const output = JSON.parse(run(JSON.stringify(input))) as {
    readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[]
    readonly contracts?: Record<string, Record<string, { evm: { deployedBytecode: { object: string } } }>>
  }
  const errors = (output.errors ?? []).filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join('\n'))
  return new Map(
    Object.entries(output.contracts?.['cases.sol'] ?? {}).map(([name, { evm }]) => [
      name,
      Uint8Array.from(Buffer.from(evm.deployedBytecode.object, 'hex')),
    ]),
  )
}

function codeOf(code: ReadonlyMap<string, Uint8Array>, name: string): Uint8Array {
  const found = code.get(name)
  if (found === undefined) throw new Error(`the source has no contract ${name}`)
  return found
}
