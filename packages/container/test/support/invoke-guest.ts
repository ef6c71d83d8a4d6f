import { Container, type GuestModule } from '@troupe/container'
import {
  Abort,
  Executor,
  type Kernel,
  type MessageResult,
  OutOfGas,
  ProtocolFatal,
  type RuleSet,
} from '@troupe/hypervisor'
import { createTestNetwork, idOf, type TestNetworkOptions } from '@troupe/testkit'

/** How an invocation ended. */
export type End =
  | { readonly type: 'return'; readonly handle: number }
  | { readonly type: 'abort'; readonly exitCode: number; readonly message: string }
  | { readonly type: 'out-of-gas' }
  | { readonly type: 'fatal'; readonly message: string }
  | { readonly type: 'host-failure'; readonly error: unknown }

/** What can be seen of an invocation. */
export interface Invoked {
  readonly end: End
  /** What was charged, in order: name and milligas. */
  readonly charges: readonly (readonly [name: string, milligas: number])[]
  /** The syscalls of the message's trace, in the order in which they ended: name and error number, 0 for none. */
  readonly syscalls: readonly (readonly [name: string, errorNumber: number])[]
  /** The syscall that failed last, with its error number, unless another has succeeded since. */
  readonly lastFailure: string | undefined
  /** Bytes of the memory budget in use at the end of the invocation. */
  readonly memoryUsed: number
  /** The message around it; missing where the host failed. */
  readonly result: MessageResult | undefined
}

/** Options of {@link invokeGuest}. */
export interface InvokeOptions extends Pick<Partial<TestNetworkOptions>, 'externs' | 'machine'> {
  readonly rules: RuleSet
  readonly gasLimit?: bigint
  /** Runs before the guest is invoked. */
  readonly before?: (kernel: Kernel) => void
  /** Modules of other actors, by id. */
  readonly others?: Readonly<Record<number, Uint8Array>>
  readonly container?: Container
}

/** Invokes a module as the code of actor 101, called with method 2 by account 100. */
export async function invokeGuest(bytes: Uint8Array, options: InvokeOptions): Promise<Invoked> {
  const { rules, externs, machine, others = {} } = options
  const container = options.container ?? new Container()
  const charges: [string, number][] = []
  const syscalls: [string, number][] = []
  let end: End | undefined
  let lastFailure: Invoked['lastFailure']
  let memoryUsed = 0
  const load = (name: string, code: Uint8Array): GuestModule =>
    container.prepare(network.codeOf(name), code, rules)

  const body = (kernel: Kernel, parameters: number): number => {
    options.before?.(kernel)
    kernel.gas.listen((name, milligas) => charges.push([name, Number(milligas)]))
    try {
      const handle = load('body', bytes).invoke(kernel, parameters)
      end = { type: 'return', handle }
      return handle
    } catch (error) {
      end = endOf(error)
      throw error
    } finally {
      kernel.gas.listen(undefined)
      const failure = kernel.lastFailure
      lastFailure = failure && `${failure.syscall.module}.${failure.syscall.name} ${failure.error.number}`
      memoryUsed = kernel.memory.used
    }
  }
  const network = await createTestNetwork({
    rules,
    actors: {
      100: { code: 'account', balance: 10n ** 24n },
      101: { code: 'body', balance: 1000n },
      ...Object.fromEntries(Object.keys(others).map((id) => [id, { code: `other-${id}` }])),
    },
    scripts: {
      body,
      ...Object.fromEntries(
        Object.entries(others).map(([id, code]) => [
          `other-${id}`,
          (kernel: Kernel, parameters: number) => load(`other-${id}`, code).invoke(kernel, parameters),
        ]),
      ),
    },
    ...(externs === undefined ? {} : { externs }),
    ...(machine === undefined ? {} : { machine }),
  })
  let result: MessageResult | undefined
  try {
    result = new Executor(network.machine).execute(
      {
        version: 0n,
        from: idOf(100),
        to: idOf(101),
        sequence: 0n,
        value: 0n,
        gasLimit: options.gasLimit ?? 1_000_000_000n,
        gasFeeCap: 0n,
        gasPremium: 0n,
        method: 2n,
        params: new Uint8Array(),
      },
      {
        length: 100,
        trace: (event) => {
          if (event.type === 'syscall') syscalls.push([`${event.module}.${event.name}`, event.errorNumber])
        },
      },
    )
  } catch (error) {
    end ??= endOf(error)
  }
  if (end === undefined) throw new Error(`the guest was not invoked: ${result?.failure?.message}`)
  return { end, charges, syscalls, lastFailure, memoryUsed, result }
}

function endOf(error: unknown): End {
  if (error instanceof Abort) return { type: 'abort', exitCode: error.exitCode, message: error.message }
  if (error instanceof OutOfGas) return { type: 'out-of-gas' }
  if (error instanceof ProtocolFatal) return { type: 'fatal', message: error.message }
  return { type: 'host-failure', error }
}

/** What was charged under a name, in milligas. */
export function charged(invoked: Invoked, name: string): number[] {
  return invoked.charges.filter(([entry]) => entry === name).map(([, milligas]) => milligas)
}
