import {
  Abort,
  blsAddress,
  CallTree,
  delegatedAddress,
  ErrorNumber,
  Executor,
  ExitCode,
  ethereumAddress,
  idAddress,
  rulesOf,
  SyscallError,
} from '@troupe/hypervisor'
import { idOf } from '@troupe/testkit'
import { describe, expect, it } from 'vitest'
import { execute, LENGTH, messageOf } from '../machine/message.ts'
import { errorOf, NO_LIMIT, network, operation, send } from './network.ts'

const nv17 = rulesOf(17)
const nv18 = rulesOf(18)

describe.each([[15], [17], [18], [21], [28]])('calls at network version %i', (nv) => {
  const rules = rulesOf(nv)

  it('takes everything back that a failing call did, and lets the caller go on', async () => {
    let exitCode = -1
    const net = await network(rules, {
      a: (kernel) => {
        exitCode = send(kernel, idOf(102), 2n, 0, 0n, 7n).exitCode
        return 0
      },
      b: (kernel) => {
        kernel.blocks.markReachable(net.codeOf('a'))
        operation('self.setRoot')(kernel, net.codeOf('a'))
        send(kernel, idOf(99), 0n, 0, 0n, 3n)
        throw new Abort(44, 'no')
      },
    })
    const burnt = net.machine.state.getActor(99n)?.balance
    const { fees } = execute(net)
    expect(exitCode).toBe(44)
    expect(net.machine.state.getActor(101n)?.balance).toBe(1000n)
    expect(net.machine.state.getActor(102n)).toMatchObject({ balance: 0n })
    expect(net.machine.state.getActor(102n)?.head.toString()).toBe(net.machine.emptyTuple.toString())
    expect(net.machine.state.getActor(99n)?.balance).toBe(
      (burnt ?? 0n) + fees.baseFeeBurn + fees.overEstimationBurn,
    )
  })

  it('tells the caller why a call cannot be made', async () => {
    const numbers: (ErrorNumber | undefined)[] = []
    const net = await network(rules, {
      a: (kernel) => {
        numbers.push(
          errorOf(() => send(kernel, idOf(4444), 0n, 0, 0n, 0n)),
          errorOf(() => send(kernel, idOf(102), 0n, 0, 0n, 1001n)),
          errorOf(() => send(kernel, idOf(102), 2n, 5, 0n, 0n)),
          errorOf(() => send(kernel, idOf(101), 0n, 0, 0n, 1001n)),
          errorOf(() => send(kernel, idOf(101), 0n, 0, 0n, 1000n)),
        )
        return 0
      },
    })
    expect(execute(net).receipt.exitCode).toBe(0)
    expect(numbers).toEqual([
      ErrorNumber.NotFound,
      ErrorNumber.InsufficientFunds,
      ErrorNumber.InvalidHandle,
      ErrorNumber.InsufficientFunds,
      undefined,
    ])
  })

  it('creates an account for a key address, and runs its constructor with that address', async () => {
    const address = blsAddress(new Uint8Array(48).fill(1))
    const seen: unknown[] = []
    const net = await network(rules, {
      account: (kernel, parameters) => {
        const { caller, method } = kernel.context
        seen.push([caller, method, [...kernel.blocks.get(parameters).data.subarray(2)]])
        return 0
      },
    })
    const { receipt } = execute(net, { to: address, method: 0n, value: 9n })
    expect(receipt.exitCode).toBe(0)
    expect(seen).toEqual([[0n, 1n, [...address.bytes]]])
    expect(net.machine.state.lookupId(address)).toBe(1000n)
    expect(net.machine.state.getActor(1000n)).toMatchObject({ balance: 9n, sequence: 0n })
  })

  it('forgets a created account when the call around it fails', async () => {
    const address = blsAddress(new Uint8Array(48).fill(2))
    const net = await network(rules, {
      a: (kernel) => {
        send(kernel, address, 0n, 0, 0n, 1n)
        throw new Abort(50, 'no')
      },
    })
    expect(execute(net).receipt.exitCode).toBe(50)
    expect(net.machine.state.lookupId(address)).toBeUndefined()
    expect(net.machine.state.getActor(1000n)).toBeUndefined()
  })

  it('refuses the BLS zero address', async () => {
    const zero = blsAddress(new Uint8Array(48).fill(0xc0, 0, 1))
    const { receipt } = execute(await network(rules, {}), { to: zero, method: 0n })
    expect(receipt.exitCode).toBe(ExitCode.SYS_ASSERTION_FAILED)
  })

  it('allows the last level of calls and refuses the next', async () => {
    let deepest = 0
    const refused: (ErrorNumber | undefined)[] = []
    const net = await network(rules, {
      a: (kernel) => {
        deepest++
        const number = errorOf(() => send(kernel, idOf(101), 2n, 0, 0n, 0n))
        if (number !== undefined) refused.push(number)
        return 0
      },
    })
    expect(execute(net, { gasLimit: 10n ** 10n }).receipt.exitCode).toBe(0)
    expect(deepest).toBe(rules.generation === 2 ? 1025 : 1024)
    expect(refused).toEqual([ErrorNumber.LimitExceeded])
  })

  it('gives a trace that nests as the calls do, and whose gas adds up to the receipt', async () => {
    const net = await network(rules, { a: (kernel) => send(kernel, idOf(102), 3n, 0, 0n, 1n).returnId })
    const tree = new CallTree()
    const { receipt } = new Executor(net.machine).execute(messageOf(), {
      length: LENGTH,
      trace: tree.listener,
    })
    const [root] = tree.roots
    expect(root?.call.method).toBe(2n)
    expect(root?.calls[0]).toMatchObject({ actor: 102n, outcome: { type: 'return', exitCode: 0 } })
    const { totalGas } = await import('@troupe/hypervisor')
    let sum = root === undefined ? 0n : totalGas(root)
    for (const milligas of tree.inclusion.values()) sum += milligas
    expect((sum + 999n) / 1000n).toBe(receipt.gasUsed)
  })

  it('names the syscall that failed before the abort as its cause', async () => {
    const syscall = rules.syscalls.find(({ name }) => name === 'root')
    const net = await network(rules, {
      a: (kernel) => {
        if (syscall !== undefined)
          kernel.lastFailure = { syscall, error: new SyscallError(ErrorNumber.NotFound, 'gone') }
        throw new Abort(60, 'giving up')
      },
    })
    const text = String(execute(net).failure?.backtrace)
    expect(text).toContain('f0101 method 2: giving up')
    expect(text).toContain('self.root: gone (NotFound)')
  })

  it('tells where in its code an invocation has failed, as the runtime says', async () => {
    const frames = [{ functionName: 'add', line: 2, column: 345 }]
    const net = await network(rules, {
      a: (kernel) => {
        send(kernel, idOf(102), 3n, 0, 0n, 0n)
        return 0
      },
      b: (kernel) => {
        kernel.failedAt = frames
        throw new Abort(60, 'giving up')
      },
    })
    const code = net.machine.state.getActor(102n)?.code ?? expect.fail()
    const tree = new CallTree((of, found) => ({ frames: found, note: `of ${of}` }))
    const { receipt } = new Executor(net.machine).execute(messageOf(), {
      length: LENGTH,
      trace: tree.listener,
    })
    expect(receipt.exitCode).toBe(0)
    const [root] = tree.roots
    expect([root?.stack, root?.calls[0]?.stack]).toEqual([undefined, { frames, note: `of ${code}` }])

    const inner = execute(net, { to: idAddress(102n), sequence: 1n }).failure?.backtrace
    expect(inner?.frames[0]).toMatchObject({ code, stack: { frames } })
    expect(String(inner)).toMatch(/^f0102 method 2: giving up \(.+\)\n {2}at add \(code:2:345\)$/)
  })
})

describe('calls of generation 3', () => {
  it('stops a call at its own gas limit, and charges what it used', async () => {
    let exitCode = -1
    let left = 0n
    const net = await network(nv18, {
      a: (kernel) => {
        exitCode = send(kernel, idOf(102), 2n, 0, 0n, 0n, 2_000_000n, 0n).exitCode
        left = kernel.gas.available
        return 0
      },
      b: (kernel) => {
        kernel.gas.charge('too much', 2_000_000_001)
        return 0
      },
    })
    const { receipt } = execute(net)
    expect(exitCode).toBe(ExitCode.SYS_OUT_OF_GAS)
    expect(left).toBeGreaterThan(0n)
    expect(receipt.exitCode).toBe(0)
    expect(receipt.gasUsed).toBeGreaterThan(2_000_000n)
  })

  it('ends the whole message where the gas around the call is used up too', async () => {
    const net = await network(nv18, {
      a: (kernel) => send(kernel, idOf(102), 2n, 0, 0n, 0n, NO_LIMIT, 0n).returnId,
      b: (kernel) => {
        kernel.gas.chargeWide('everything', 2n ** 63n)
        return 0
      },
    })
    expect(execute(net).receipt).toMatchObject({ exitCode: ExitCode.SYS_OUT_OF_GAS, gasUsed: 1_000_000_000n })
  })

  it('keeps read-only calls from changing anything, at any depth', async () => {
    const numbers: (ErrorNumber | undefined)[] = []
    const net = await network(nv18, {
      a: (kernel) => {
        send(kernel, idOf(102), 2n, 0, 0n, 0n, NO_LIMIT, 1n)
        return 0
      },
      b: (kernel) => {
        numbers.push(
          errorOf(() => send(kernel, idOf(101), 0n, 0, 0n, 1n, NO_LIMIT, 0n)),
          errorOf(() => operation('self.setRoot')(kernel, net.machine.emptyTuple)),
          errorOf(() => operation('self.selfDestruct')(kernel, idOf(99))),
          errorOf(() => operation('event.emitEvent')(kernel, new Uint8Array([0x80]))),
          errorOf(() => send(kernel, blsAddress(new Uint8Array(48).fill(3)), 0n, 0, 0n, 0n, NO_LIMIT, 0n)),
          errorOf(() =>
            send(kernel, ethereumAddress(new Uint8Array(20).fill(3)), 0n, 0, 0n, 0n, NO_LIMIT, 0n),
          ),
          errorOf(() => send(kernel, idOf(101), 0n, 0, 0n, 0n, NO_LIMIT, 0n)),
        )
        return 0
      },
    })
    expect(execute(net).receipt.exitCode).toBe(0)
    expect(numbers).toEqual([...Array(6).fill(ErrorNumber.ReadOnly), undefined])
  })

  it('refuses unknown send flags', async () => {
    let number: ErrorNumber | undefined
    const net = await network(nv18, {
      a: (kernel) => {
        number = errorOf(() => send(kernel, idOf(102), 0n, 0, 0n, 0n, NO_LIMIT, 2n))
        return 0
      },
    })
    execute(net)
    expect(number).toBe(ErrorNumber.IllegalArgument)
  })

  it('creates a placeholder for an Ethereum address, and nothing for other namespaces', async () => {
    const address = ethereumAddress(new Uint8Array(20).fill(5))
    const net = await network(nv18, {})
    expect(execute(net, { to: address, method: 0n, value: 3n }).receipt.exitCode).toBe(0)
    const id = net.machine.state.lookupId(address) as bigint
    const actor = net.machine.state.getActor(id)
    expect(actor).toMatchObject({ balance: 3n, delegatedAddress: { key: address.key } })
    const other = delegatedAddress(11n, new Uint8Array(20))
    expect(execute(net, { to: other, method: 0n, sequence: 1n }).receipt.exitCode).toBe(
      ExitCode.SYS_INVALID_RECEIVER,
    )
  })

  it('charges the first touch of an actor once, and again after a revert', async () => {
    const costs: number[] = []
    const net = await network(
      nv18,
      {
        a: (kernel) => {
          const cost = (run: () => unknown): void => {
            const before = kernel.gas.available
            run()
            costs.push(Number(before - kernel.gas.available) / 1000)
          }
          cost(() => send(kernel, idOf(102), 2n, 0, 0n, 0n))
          cost(() => send(kernel, idOf(102), 2n, 0, 0n, 0n))
          cost(() => operation('actor.balanceOf')(kernel, 102n))
          cost(() => operation('actor.balanceOf')(kernel, 103n))
          cost(() => operation('actor.balanceOf')(kernel, 103n))
          return 0
        },
        b: () => {
          throw new Abort(33, 'no')
        },
      },
      { 103: { code: 'b' } },
    )
    execute(net)
    expect(costs).toEqual([575_000, 575_000, 500_000, 500_000, 0])
  })

  it('makes the root of the events that survive, and null without any', async () => {
    // CBOR of [[3, "k", 0x55, h'01']]
    const event = new Uint8Array([0x81, 0x84, 0x03, 0x61, 0x6b, 0x18, 0x55, 0x41, 0x01])
    const net = await network(nv18, {
      a: (kernel) => {
        operation('event.emitEvent')(kernel, event)
        send(kernel, idOf(102), 2n, 0, 0n, 0n)
        return 0
      },
      b: (kernel) => {
        operation('event.emitEvent')(kernel, event)
        throw new Abort(33, 'no')
      },
    })
    const { events, receipt } = execute(net)
    expect(events).toEqual([
      { emitter: 101n, entries: [{ flags: 3n, key: 'k', codec: 0x55n, value: new Uint8Array([1]) }] },
    ])
    expect(receipt.eventsRoot?.toString()).toMatch(/^bafy2bza/)
    expect(execute(net, { method: 0n, sequence: 1n }).receipt.eventsRoot).toBeNull()
  })

  it('leaves the gas limit of a call in force that the depth test refuses, as the reference does', async () => {
    const limits: bigint[] = []
    let depth = 0
    const net = await network(nv18, {
      a: (kernel) => {
        depth++
        if (depth < 1024) return send(kernel, idOf(101), 2n, 0, 0n, 0n).returnId
        errorOf(() => send(kernel, idOf(101), 2n, 0, 0n, 0n, 7n, 0n))
        limits.push(kernel.gas.available)
        return 0
      },
    })
    execute(net, { gasLimit: 10n ** 10n })
    expect(limits).toEqual([7000n])
  })
})

describe('calls of generation 2', () => {
  it('charges a transfer, and one without code, as listed', async () => {
    const gasOf = async (fields: Parameters<typeof execute>[1]): Promise<bigint> =>
      execute(await network(nv17, {}), fields).receipt.gasUsed
    const plain = await gasOf({ method: 2n })
    expect((await gasOf({ method: 0n })) - plain).toBe(5377n)
    expect((await gasOf({ method: 0n, value: 1n })) - plain).toBe(5377n + 27_500n + 159_672n)
    expect((await gasOf({ method: 2n, value: 1n })) - plain).toBe(27_500n)
  })
})
