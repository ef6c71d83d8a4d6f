import { type ErrorNumber, type Kernel, OPERATIONS, type RuleSet, SyscallError } from '@troupe/hypervisor'
import { createTestNetwork, type Script, type TestNetwork, type TestNetworkOptions } from '@troupe/testkit'

const RICH = 10n ** 30n

/** The gas limit of a call that has none. */
export const NO_LIMIT: bigint = 2n ** 64n - 1n

/** A syscall's implementation. */
export const operation = (name: string): ((kernel: Kernel, ...parameters: unknown[]) => never) =>
  OPERATIONS[name] as (kernel: Kernel, ...parameters: unknown[]) => never

/** `send.send`. */
export const send = operation('send.send') as (
  kernel: Kernel,
  ...parameters: unknown[]
) => { exitCode: number; returnId: number }

/** The number with which a syscall fails, or `undefined`. */
export function errorOf(run: () => unknown): ErrorNumber | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    if (error instanceof SyscallError) return error.number
    throw error
  }
}

/** A network of account 100 and the actors 101 and 102, whose scripts are `a` and `b`. */
export function network(
  rules: RuleSet,
  scripts: Record<string, Script>,
  actors: TestNetworkOptions['actors'] = {},
): Promise<TestNetwork> {
  return createTestNetwork({
    rules,
    actors: {
      100: { code: 'account', balance: RICH },
      101: { code: 'a', balance: 1000n },
      102: { code: 'b' },
      ...actors,
    },
    scripts,
  })
}
