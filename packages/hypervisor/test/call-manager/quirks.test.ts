import {
  Abort,
  blsAddress,
  ErrorNumber,
  ExitCode,
  type Kernel,
  type RuleSet,
  rulesOf,
  SyscallError,
} from '@troupe/hypervisor'
import { idOf, type Script } from '@troupe/testkit'
import { describe, expect, it } from 'vitest'
import { execute } from '../machine/message.ts'
import { errorOf, NO_LIMIT, network, operation, send } from './network.ts'

const nv17 = rulesOf(17)
const nv18 = rulesOf(18)

describe('quirks of calls (call_manager/default.rs)', () => {
  it('ends a message with the gas of the limit that the depth test left in force', async () => {
    let depth = 0
    const net = await network(nv18, {
      a: (kernel) => {
        depth++
        if (depth < 1024) return send(kernel, idOf(101), 2n, 0, 0n, 0n).returnId
        errorOf(() => send(kernel, idOf(101), 2n, 0, 0n, 0n, 7n, 0n))
        kernel.gas.charge('more than is left', 7001)
        return 0
      },
    })
    const { receipt } = execute(net, { gasLimit: 10n ** 10n })
    expect(receipt).toMatchObject({ exitCode: ExitCode.SYS_OUT_OF_GAS, gasUsed: 7n })
  })

  it('charges what the constructor of a created account returns, or exits with, as if the message returned it', async () => {
    const gasOf = async (rules: RuleSet, account: Script): Promise<bigint> => {
      const net = await network(rules, { account })
      const to = blsAddress(new Uint8Array(48).fill(1))
      const { receipt } = execute(net, { to, method: 0n })
      expect(receipt).toMatchObject({ exitCode: 0, returnData: new Uint8Array() })
      expect(net.machine.state.lookupId(to)).toBe(1000n)
      return receipt.gasUsed
    }
    const block = (rules: RuleSet) => ({ codec: rules.parametersCodec, data: new Uint8Array(10) })
    const returns =
      (rules: RuleSet): Script =>
      (kernel) =>
        kernel.blocks.put(block(rules))
    const exits =
      (rules: RuleSet): Script =>
      (kernel) => {
        throw new Abort(40, 'no', kernel.blocks.put(block(rules)))
      }
    for (const [rules, extra] of [
      [nv17, 0n],
      [nv18, 13_000n],
    ] as const) {
      const nothing = await gasOf(rules, () => 0)
      expect((await gasOf(rules, returns(rules))) - nothing).toBe(extra)
      expect((await gasOf(rules, exits(rules))) - nothing).toBe(extra)
    }
  })

  it.each([[17], [18]])(
    'takes a created account back where its constructor runs out of gas (nv%i)',
    async (nv) => {
      const net = await network(rulesOf(nv), {
        account: (kernel) => {
          kernel.gas.chargeWide('everything', 2n ** 63n - 1n)
          return 0
        },
      })
      const to = blsAddress(new Uint8Array(48).fill(1))
      expect(execute(net, { to, method: 0n, value: 1n }).receipt.exitCode).toBe(ExitCode.SYS_OUT_OF_GAS)
      expect(net.machine.state.lookupId(to)).toBeUndefined()
    },
  )

  it('charges a transfer to oneself for the transfer only, and tests the balance', async () => {
    const costs: bigint[] = []
    const net = await network(nv18, {
      a: (kernel) => {
        const before = kernel.gas.available
        send(kernel, idOf(101), 0n, 0, 0n, 1000n)
        costs.push(before - kernel.gas.available)
        expect(errorOf(() => send(kernel, idOf(101), 0n, 0, 0n, 1001n))).toBe(ErrorNumber.InsufficientFunds)
        return 0
      },
    })
    expect(execute(net).receipt.exitCode).toBe(0)
    expect(costs).toEqual([6_000_000n])
  })

  it('charges a transfer in the order of what it touches, as far as it gets', async () => {
    const costs: bigint[] = []
    const net = await network(nv18, {
      a: (kernel) => {
        for (const [to, value] of [
          [4444, 1n],
          [102, 1001n],
          [102, 1n],
          [102, 1n],
        ] as const) {
          const before = kernel.gas.available
          errorOf(() => send(kernel, idOf(to), 0n, 0, 0n, value))
          costs.push((before - kernel.gas.available) / 1000n)
        }
        return 0
      },
    })
    execute(net)
    // The receiver is looked up before the transfer; what a failed send has looked up is forgotten.
    expect(costs).toEqual([500_000n, 506_000n, 500_000n + 6000n + 2n * 475_000n, 6000n])
  })

  it.each([[17], [18]])(
    'knows no actor that has deleted itself, within the same message (nv%i)',
    async (nv) => {
      const numbers: (ErrorNumber | undefined)[] = []
      const net = await network(rulesOf(nv), {
        a: (kernel) => {
          operation('self.selfDestruct')(kernel, idOf(102))
          numbers.push(
            errorOf(() => send(kernel, idOf(101), 0n, 0, 0n, 0n)),
            errorOf(() => send(kernel, idOf(101), 0n, 0, 0n, 1n)),
            errorOf(() => send(kernel, idOf(102), 0n, 0, 0n, 1n)),
            errorOf(() => send(kernel, idOf(102), 2n, 0, 0n, 0n)),
          )
          return 0
        },
      })
      expect(execute(net).receipt.exitCode).toBe(0)
      expect(numbers).toEqual([
        ErrorNumber.NotFound,
        ErrorNumber.NotFound,
        ErrorNumber.InsufficientFunds,
        undefined,
      ])
      expect(net.machine.state.getActor(101n)).toBeUndefined()
    },
  )
})

describe('vm.abort with exit code 0 at network version 15 (call_manager/default.rs, executor/default.rs)', () => {
  const nv15 = rulesOf(15)
  const abort = (kernel: Kernel): never => operation('vm.abort')(kernel, 0, undefined)

  it('looks to the caller like a return of nothing, and takes nothing back', async () => {
    let result: unknown
    const net = await network(nv15, {
      a: (kernel) => {
        result = send(kernel, idOf(102), 2n, 0, 0n, 7n)
        return 0
      },
      b: (kernel) => {
        kernel.blocks.put({ codec: nv15.parametersCodec, data: new Uint8Array(1) })
        return abort(kernel)
      },
    })
    expect(execute(net).receipt.exitCode).toBe(0)
    expect(result).toEqual({ exitCode: 0, returnId: 0, returnCodec: 0n, returnSize: 0 })
    expect(net.machine.state.getActor(102n)?.balance).toBe(7n)
  })

  it('leaves the message itself without a receipt, and the machine as it was', async () => {
    const net = await network(nv15, { a: abort })
    const root = net.machine.flush()
    expect(() => execute(net, { value: 5n })).toThrow(
      expect.objectContaining({ code: 'message/aborted-with-success' }),
    )
    expect(net.machine.flush().toString()).toBe(root.toString())
  })

  it('is ignored in the constructor of an account that a send creates', async () => {
    const net = await network(nv15, { account: abort })
    const to = blsAddress(new Uint8Array(48).fill(1))
    expect(execute(net, { to, method: 0n, value: 5n }).receipt.exitCode).toBe(0)
  })
})

describe('the end of an invocation', () => {
  it('is fatal for an exit block that does not exist, and stands in the backtrace (call_manager/default.rs)', async () => {
    const net = await network(nv18, {
      a: (kernel) => operation('vm.exit')(kernel, 0, 9, undefined),
    })
    const { receipt, failure } = execute(net)
    expect(receipt.exitCode).toBe(ExitCode.SYS_ASSERTION_FAILED)
    expect(failure?.backtrace?.frames).toMatchObject([{ actor: 101n, exitCode: ExitCode.SYS_MISSING_RETURN }])
  })

  it('is a failure of the host where a runtime lets the failure of a syscall escape', async () => {
    let caught: unknown
    const net = await network(nv18, {
      a: (kernel) => {
        try {
          return send(kernel, idOf(102), 2n, 0, 0n, 0n, NO_LIMIT, 0n).returnId
        } catch (error) {
          caught = error
          throw error
        }
      },
      b: (kernel) => operation('actor.balanceOf')(kernel, 4444n),
    })
    expect(() => execute(net)).toThrow(/escape/)
    expect(caught).not.toBeInstanceOf(SyscallError)
  })
})
