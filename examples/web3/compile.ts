import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const solc = createRequire(import.meta.url)('solc') as { compile(input: string): string }

/** What the compiler makes of a contract. */
export interface Artifact {
  readonly abi: readonly unknown[]
  readonly bytecode: `0x${string}`
}

/** Compiles contracts/NAME.sol, which imports nothing. */
export function compile(name: string): Artifact {
  const content = readFileSync(new URL(`./contracts/${name}.sol`, import.meta.url), 'utf8')
  const output = JSON.parse(
    solc.compile(
      JSON.stringify({
        language: 'Solidity',
        sources: { [name]: { content } },
        settings: {
          evmVersion: 'cancun',
          optimizer: { enabled: true },
          outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
        },
      }),
    ),
  )
  const contract = output.contracts?.[name]?.[name]
  if (contract === undefined)
    throw new Error(output.errors.map((error: { message: string }) => error.message).join('\n'))
  return { abi: contract.abi, bytecode: `0x${contract.evm.bytecode.object}` }
}
