import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** Code of a contract, as a compiler gives it. */
export interface CompiledContract {
  readonly abi: readonly object[]
  readonly initcode: Uint8Array
}

const require = createRequire(import.meta.url)
const CONTRACTS = new URL('../../contracts/', import.meta.url)

/** What the compiler gives back, as far as it is looked at. */
interface Output {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[]
  readonly contracts: Readonly<
    Record<string, Readonly<Record<string, { abi: object[]; evm: { bytecode: { object: string } } }>>>
  >
}

/** The contracts of a file in `contracts`, by name. What it imports is looked for among the installed packages. */
export function compileSolidity(file: string): ReadonlyMap<string, CompiledContract> {
  const solc = require('solc') as {
    compile(input: string, callbacks: { import(path: string): { contents: string } }): string
  }
  const input = {
    language: 'Solidity',
    sources: { [file]: { content: readFileSync(new URL(file, CONTRACTS), 'utf8') } },
    settings: {
      evmVersion: 'cancun',
      optimizer: { enabled: true, runs: 200 },
      outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
    },
  }
  const found = solc.compile(JSON.stringify(input), {
    import: (path) => ({ contents: readFileSync(require.resolve(path), 'utf8') }),
  })
  const output = JSON.parse(found) as Output
  const errors = (output.errors ?? []).filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join('\n'))
  return new Map(
    Object.entries(output.contracts[file] ?? {}).map(([name, { abi, evm }]) => [
      name,
      { abi, initcode: fromHex(evm.bytecode.object) },
    ]),
  )
}

/** A contract of an installed package, as its build has it: a JSON file with `abi`, and `bytecode` or `evm.bytecode.object`. */
export function installedContract(path: string): CompiledContract {
  const build = JSON.parse(readFileSync(require.resolve(path), 'utf8')) as {
    readonly abi: object[]
    readonly bytecode?: string
    readonly evm?: { readonly bytecode: { readonly object: string } }
  }
  return { abi: build.abi, initcode: fromHex(build.evm?.bytecode.object ?? build.bytecode ?? '') }
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replace(/^0x/u, ''), 'hex'))
}
