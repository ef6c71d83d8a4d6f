import {
  Abort,
  ErrorNumber,
  ExitCode,
  type Kernel,
  type MessageResult,
  NV18,
  NV28,
  type RuleSet,
  type TraceEvent,
  withActorUpgrades,
  withReentrancyLocks,
} from '@troupe/hypervisor'
import { idOf, type Script, type TestNetwork } from '@troupe/testkit'
import { describe, expect, it } from 'vitest'
import { execute } from '../machine/message.ts'
import { errorOf, NO_LIMIT, network, operation, send } from './network.ts'

const rules = withReentrancyLocks(NV28)
const READ_ONLY = 1n
const LOCK = 2n
const REFUSED = 19

/** `send.send`; gives the exit code. */
const call = (kernel: Kernel, to: number, flags = 0n, method = 2n, value = 0n): number =>
  send(kernel, idOf(to), method, 0, 0n, value, NO_LIMIT, flags).exitCode

/** Exit codes, in the order in which they were seen. */
interface Seen {
  readonly exits: number[]
  readonly result: MessageResult
  readonly net: TestNetwork
}

/** Actor 101 (`locked…` or not) calls 102, which calls 101 again. */
async function pingPong(
  name: 'open' | 'locked',
  flags: bigint,
  {
    rules: ofRules = rules,
    back = 0n,
    method = 2n,
  }: { rules?: RuleSet; back?: bigint; method?: bigint } = {},
): Promise<Seen> {
  const exits: number[] = []
  let calls = 0
  const a: Script = (kernel) => {
    if (++calls === 1) exits.push(call(kernel, 102, flags))
    return 0
  }
  const net = await network(
    ofRules,
    {
      [name]: a,
      b: (kernel) => {
        exits.push(call(kernel, 101, back, method, method === 0n ? 1n : 0n))
        return 0
      },
    },
    { 101: { code: name, balance: 1000n }, 102: { code: 'b', balance: 1000n } },
  )
  return { exits, result: execute(net), net }
}

describe('an actor that is being called', () => {
  it('can be called again, unless its code or its call says no', async () => {
    expect((await pingPong('open', 0n)).exits).toEqual([0, 0])
    expect((await pingPong('locked', 0n)).exits).toEqual([ExitCode.SYS_REENTRANT_CALL, 0])
    expect((await pingPong('open', LOCK)).exits).toEqual([ExitCode.SYS_REENTRANT_CALL, 0])
    expect((await pingPong('locked', LOCK)).exits).toEqual([ExitCode.SYS_REENTRANT_CALL, 0])
  })

  it('cannot say no where the rules are exact', async () => {
    for (const exact of [NV18, NV28]) {
      expect(exact.reentrancyLocks).toBe(false)
      expect((await pingPong('locked', 0n, { rules: exact })).exits).toEqual([0, 0])
      let number: ErrorNumber | undefined
      const net = await network(exact, {
        a: (kernel) => {
          number = errorOf(() => call(kernel, 102, LOCK))
          return 0
        },
      })
      execute(net)
      expect(number).toBe(ErrorNumber.IllegalArgument)
    }
  })

  it('is not called by readers either', async () => {
    expect((await pingPong('open', 0n, { back: READ_ONLY })).exits).toEqual([0, 0])
    expect((await pingPong('locked', 0n, { back: READ_ONLY })).exits).toEqual([
      ExitCode.SYS_REENTRANT_CALL,
      0,
    ])
    expect((await pingPong('open', LOCK | READ_ONLY)).exits).toEqual([ExitCode.SYS_REENTRANT_CALL, 0])
  })

  it('is given value all the same, as that runs no code', async () => {
    const { exits, net } = await pingPong('locked', LOCK, { method: 0n })
    expect(exits).toEqual([0, 0])
    expect(net.machine.state.getActor(101n)?.balance).toBe(1001n)
  })

  it('does not call itself', async () => {
    for (const [name, flags] of [
      ['locked', 0n],
      ['open', LOCK],
    ] as const) {
      const exits: number[] = []
      const net = await network(
        rules,
        {
          [name]: (kernel: Kernel) => {
            exits.push(call(kernel, 101, flags))
            return 0
          },
        },
        { 101: { code: name } },
      )
      execute(net)
      expect(exits).toEqual([ExitCode.SYS_REENTRANT_CALL])
    }
  })

  it('is open again once the call has ended, however it did', async () => {
    const exits: number[] = []
    let calls = 0
    const net = await network(rules, {
      a: (kernel) => {
        if (++calls > 1) return 0
        // Twice locked and released: by a call that is refused, and by one that fails.
        exits.push(call(kernel, 101, LOCK))
        exits.push(call(kernel, 102, LOCK))
        expect(errorOf(() => call(kernel, 999, LOCK))).toBe(ErrorNumber.NotFound)
        exits.push(call(kernel, 101))
        return 0
      },
      b: (kernel) => {
        exits.push(call(kernel, 101))
        throw new Abort(REFUSED, 'no')
      },
    })
    execute(net)
    expect(exits).toEqual([ExitCode.SYS_REENTRANT_CALL, ExitCode.SYS_REENTRANT_CALL, REFUSED, 0])
  })

  it('stays locked by its code when a call that locked it too has ended', async () => {
    const exits: number[] = []
    const net = await network(
      rules,
      {
        locked: (kernel) => {
          exits.push(call(kernel, 102, LOCK), call(kernel, 102))
          return 0
        },
        b: (kernel) => {
          exits.push(call(kernel, 101))
          return 0
        },
      },
      { 101: { code: 'locked' } },
    )
    execute(net)
    expect(exits).toEqual([ExitCode.SYS_REENTRANT_CALL, ExitCode.SYS_REENTRANT_CALL, 0, 0])
  })

  it('may take other code by itself, and stays locked for others meanwhile', async () => {
    const exits: number[] = []
    let calls = 0
    const net = await network(
      withActorUpgrades(rules),
      {
        locked: (kernel) => {
          if (++calls === 1) operation('actor.upgradeActor')(kernel, net.codeOf('locked'), 0)
          return 0
        },
        'locked.upgrade': (kernel) => {
          exits.push(call(kernel, 102))
          return 0
        },
        b: (kernel) => {
          exits.push(call(kernel, 101))
          return 0
        },
      },
      { 101: { code: 'locked' } },
    )
    expect(execute(net).receipt.exitCode).toBe(0)
    expect(exits).toEqual([ExitCode.SYS_REENTRANT_CALL, 0])
  })
})

describe('a call of a locked actor', () => {
  it('leaves nothing but gas and its trace', async () => {
    let used = 0n
    const events: TraceEvent[] = []
    const net = await network(
      rules,
      {
        locked: (kernel) => {
          call(kernel, 102)
          return 0
        },
        b: (kernel) => {
          const before = kernel.gas.used
          const { exitCode, returnId } = send(kernel, idOf(101), 2n, 0, 0n, 5n, NO_LIMIT, 0n)
          used = kernel.gas.used - before
          expect([exitCode, returnId]).toEqual([ExitCode.SYS_REENTRANT_CALL, 0])
          return 0
        },
      },
      { 101: { code: 'locked', balance: 1000n }, 102: { code: 'b', balance: 1000n } },
    )
    const { receipt, failure } = execute(net, {}, (event) => events.push(event))
    expect([receipt.exitCode, failure]).toEqual([0, undefined])
    for (const id of [101n, 102n]) expect(net.machine.state.getActor(id)?.balance).toBe(1000n)
    // What the transfer and the invocation cost, and the update of both actors, the lookup being paid for.
    const { prices } = rules
    const price = prices.onValueTransfer() + 2 * prices.onActorUpdate() + prices.onMethodInvocation(5n, 2n, 0)
    expect(used).toBe(BigInt(price))
    const nested = events.filter(({ type }) => type === 'call' || type === 'invoke' || type === 'return')
    expect(nested.map((event) => [event.type, event.type === 'return' ? event.exitCode : 0])).toEqual([
      ['call', 0],
      ['invoke', 0],
      ['call', 0],
      ['invoke', 0],
      ['call', 0],
      ['invoke', 0],
      ['return', ExitCode.SYS_REENTRANT_CALL],
      ['return', 0],
      ['return', 0],
    ])
  })

  it('is told of by the backtrace, and by the trace of the call that locked', async () => {
    const events: TraceEvent[] = []
    const net = await network(rules, {
      a: (kernel) => {
        throw new Abort(call(kernel, 102, LOCK) + REFUSED, 'b failed')
      },
      b: (kernel) => {
        throw new Abort(call(kernel, 101) + REFUSED, 'locked')
      },
    })
    const { failure, receipt } = execute(net, {}, (event) => events.push(event))
    expect(receipt.exitCode).toBe(ExitCode.SYS_REENTRANT_CALL + 2 * REFUSED)
    expect(failure?.backtrace?.frames.map(({ actor, exitCode }) => [actor, exitCode])).toEqual([
      [101n, ExitCode.SYS_REENTRANT_CALL],
      [102n, ExitCode.SYS_REENTRANT_CALL + REFUSED],
      [101n, ExitCode.SYS_REENTRANT_CALL + 2 * REFUSED],
    ])
    const calls = events.filter((event) => event.type === 'call')
    expect(calls.map(({ locksSender }) => locksSender)).toEqual([undefined, true, undefined])
  })

  it('cannot be imitated by an actor', async () => {
    let thrown: unknown
    const net = await network(rules, {
      a: (kernel) => {
        try {
          operation('vm.exit')(kernel, ExitCode.SYS_REENTRANT_CALL, 0, undefined)
        } catch (error) {
          thrown = error
        }
        return 0
      },
    })
    execute(net)
    expect(thrown).toMatchObject({ exitCode: ExitCode.SYS_ILLEGAL_EXIT_CODE })
  })
})
