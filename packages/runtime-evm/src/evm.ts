import { type EvmRuntime, type EvmRuntimeOptions, evmRuntime } from './evm-runtime.ts'

/**
 * The runtime for contracts of the EVM, named by where its code is: for a chain that lives in a worker, to which no runtime can be handed.
 */
export function evm(options: EvmRuntimeOptions = {}): {
  readonly module: string
  readonly options: EvmRuntimeOptions
} {
  return { module: THIS_MODULE, options }
}

/** Every host has it; its type is among those of the hosts, of which this room has none. */
const THIS_MODULE: string = (import.meta as unknown as { readonly url: string }).url

/** What the descriptor's module is asked for. */
export function create(options: EvmRuntimeOptions): EvmRuntime {
  return evmRuntime(options)
}
