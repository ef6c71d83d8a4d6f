import {
  type ErrorNumber,
  errorNumberName,
  type Kernel,
  type Message,
  OPERATIONS,
  type RuleSet,
  SyscallError,
} from '@troupe/hypervisor'
import { createTestNetwork, type TestNetwork, type TestNetworkOptions } from '@troupe/testkit'
import { execute } from '../machine/message.ts'

/** Calls an operation; gives its result, or the name of the error number with which it failed. */
export type Syscall = (operation: string, ...parameters: unknown[]) => unknown

/** Runs `body` as the code of actor 101 (or of `receiver`), called by account 100, and gives the network afterwards. */
export async function invoke(
  rules: RuleSet,
  body: (syscall: Syscall, kernel: Kernel, network: TestNetwork) => void,
  options: Partial<TestNetworkOptions> & {
    readonly receiver?: number
    readonly message?: Partial<Message>
  } = {},
): Promise<TestNetwork> {
  const { receiver = 101, message, actors, scripts, ...rest } = options
  const names: Readonly<Record<number, string>> = { 1: 'init' }
  const network = await createTestNetwork({
    rules,
    actors: {
      100: { code: 'account', balance: 10n ** 24n },
      101: { code: 'body', balance: 1000n },
      ...actors,
    },
    scripts: {
      ...scripts,
      [names[receiver] ?? 'body']: (kernel) => {
        body((operation, ...parameters) => call(kernel, operation, parameters), kernel, network)
        return 0
      },
    },
    ...rest,
  })
  const { idAddress } = await import('@troupe/hypervisor')
  const { receipt, failure } = execute(network, {
    to: idAddress(BigInt(receiver)),
    gasLimit: 10n ** 10n,
    ...message,
  })
  if (receipt.exitCode !== 0) throw new Error(`exit ${receipt.exitCode}: ${failure?.message}`)
  return network
}

/** Gas that `run` uses. */
export function gasOf(kernel: Kernel, run: () => unknown): number {
  const before = kernel.gas.available
  run()
  return Number(before - kernel.gas.available) / 1000
}

function call(kernel: Kernel, name: string, parameters: unknown[]): unknown {
  const operation = OPERATIONS[name] as ((kernel: Kernel, ...parameters: unknown[]) => unknown) | undefined
  if (operation === undefined) throw new Error(`there is no operation ${name}`)
  try {
    return operation(kernel, ...parameters)
  } catch (error) {
    if (error instanceof SyscallError) return errorNumberName(error.number as ErrorNumber)
    throw error
  }
}
