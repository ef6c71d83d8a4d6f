import { rulesOf } from '@troupe/hypervisor'
import { cidEquals } from '@troupe/ipld'
import { wasmNetwork } from './wasm-network.ts'

/** An actor that calls itself, see `modules.ts`. Can be posted to another thread. */
export interface RecursionTask {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly networkVersion: number
}

/** What came of it. Can be posted to another thread. */
export interface Recursion {
  /** Of the receipt, where there is one. */
  readonly exitCode?: number
  /** Of the error, where there is no receipt. */
  readonly code?: string
  /** How many invocations were on the stack at the same time. */
  readonly depth: number
  /** Whether the machine has the state it had before. */
  readonly isUnchanged: boolean
}

/** Exit code of the innermost level, whose own call fails for want of depth (error 3). Each level around it adds one. */
export const EXIT_CODE_OF_ONE = 103

/** Runs an actor that calls itself as deep as it goes. */
export async function recurse({ bytes, networkVersion }: RecursionTask): Promise<Recursion> {
  const { network, send } = await wasmNetwork(rulesOf(networkVersion), [bytes])
  const before = network.machine.flush()
  let depth = 0
  const end = (): Omit<Recursion, 'exitCode' | 'code'> => ({
    depth,
    isUnchanged: cidEquals(network.machine.flush(), before),
  })
  try {
    const { receipt } = send(10_000_000_000_000n, ({ type }) => {
      if (type === 'invoke') depth++
    })
    return { exitCode: receipt.exitCode, ...end() }
  } catch (error) {
    return { code: (error as { code?: string }).code ?? String(error), ...end() }
  }
}
