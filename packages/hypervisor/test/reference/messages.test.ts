/**
 * @module What the reference's integration tests find true of whole messages of generation 4, found true here: the same messages in the same order.
 *
 * Source: ref-fvm master testing/integration/tests; the file is named with each test.
 */
import {
  Abort,
  type Address,
  delegatedAddress,
  Executor,
  ExitCode,
  type Kernel,
  type Message,
  NV21,
  NV28,
  type RuleSet,
} from '@troupe/hypervisor'
import { createTestNetwork, idOf, type Script, type TestActor, type TestNetwork } from '@troupe/testkit'
import { describe, expect, it } from 'vitest'
import { NO_LIMIT, operation, send } from '../call-manager/network.ts'
import { execute, LENGTH, messageOf } from '../machine/message.ts'

const RICH = 10n ** 24n
const ACTOR = 101
const F410 = delegatedAddress(10n, new TextEncoder().encode('foobar'))

function network(
  rules: RuleSet,
  actor: Script = () => 0,
  actors: Readonly<Record<string, TestActor>> = {},
): Promise<TestNetwork> {
  return createTestNetwork({
    rules,
    actors: {
      100: { code: 'account', balance: RICH },
      [ACTOR]: { code: 'actor' },
      10: { code: 'eam' },
      ...actors,
    },
    scripts: { actor },
  })
}

/** Emits an event of one entry: all flags, a key, and a value. */
function emit(kernel: Kernel, key: string, value: string): void {
  const [keys, values] = [key, value].map((part) => new TextEncoder().encode(part)) as [
    Uint8Array,
    Uint8Array,
  ]
  const header = new DataView(new ArrayBuffer(24))
  header.setBigUint64(0, 3n, true)
  header.setBigUint64(8, 0x55n, true)
  header.setUint32(16, keys.length, true)
  header.setUint32(20, values.length, true)
  operation('event.emitEventParts')(kernel, new Uint8Array(header.buffer), keys, values)
}

/** What a message is charged for, in order: name and gas. */
function chargesOf(net: TestNetwork, fields: Partial<Message>): [string, number][] {
  const charges: [string, number][] = []
  const { receipt } = new Executor(net.machine).execute(messageOf(fields), {
    length: LENGTH,
    trace: (event) => {
      if (event.type === 'gas') charges.push([event.name, Number(event.milligas) / 1000])
    },
  })
  expect(receipt.exitCode).toBe(0)
  return charges
}

const balanceOf = ({ machine }: TestNetwork, address: Address): bigint | undefined => {
  const id = machine.state.lookupId(address)
  return id === undefined ? undefined : machine.state.getActor(id)?.balance
}

describe.each<[RuleSet]>([[NV21], [NV28]])('the reference’s integration tests, at $name', (rules) => {
  it('basic_send_test.rs: what plain sends are charged for', async () => {
    const net = await network(rules)
    const inclusion = ['OnChainMessage', rules.prices.onChainMessage(LENGTH) / 1000]
    const cases: [Address, bigint, unknown[]][] = [
      [
        F410,
        0n,
        [
          ['OnCreateActor', 2_700_000],
          ['OnActorLookup', 500_000],
          ['OnActorUpdate', 475_000],
        ],
      ],
      [F410, 0n, []],
      [
        F410,
        1n,
        [
          ['OnValueTransfer', 6000],
          ['OnActorUpdate', 475_000],
        ],
      ],
      [idOf(10), 1n, [['OnValueTransfer', 6000]]],
    ]
    for (const [i, [to, value, charges]] of cases.entries())
      expect(chargesOf(net, { to, value, method: 0n, sequence: BigInt(i) })).toEqual([inclusion, ...charges])
  })

  it('embryo_sender_test.rs: a placeholder of Ethereum’s namespace sends a message', async () => {
    const rich = 100n * 10n ** 18n
    const net = await network(rules, undefined, {
      102: { code: 'placeholder', balance: rich, address: F410, delegatedAddress: F410 },
    })
    const sent = { from: F410, to: idOf(ACTOR), method: 0n, value: 20_000n, gasFeeCap: 0n, gasPremium: 0n }
    expect(execute(net, sent).receipt.exitCode).toBe(0)
    expect(balanceOf(net, idOf(ACTOR))).toBe(20_000n)
    expect(balanceOf(net, F410)).toBe(rich - 20_000n)
  })

  it('gaslimit_test.rs: a call that exceeds its limit is undone, and one that keeps it stays', async () => {
    const inner = { gasLimit: 0n, exhausts: false }
    const exits: number[] = []
    const destination = idOf(102)
    const net = await network(
      rules,
      (kernel) => {
        if (kernel.context.caller === BigInt(ACTOR)) {
          if (inner.gasLimit > 0n) expect(kernel.gas.available).toBeLessThanOrEqual(inner.gasLimit * 1000n)
          send(kernel, destination, 0n, 0, 0n, 10n, NO_LIMIT, 0n)
          emit(kernel, 'foo', 'value')
          if (inner.exhausts) kernel.gas.chargeWide('a loop', kernel.gas.available + 1n)
          return 0
        }
        send(kernel, destination, 0n, 0, 0n, 50n, NO_LIMIT, 0n)
        const limit = inner.gasLimit === 0n ? NO_LIMIT : inner.gasLimit
        exits.push(send(kernel, idOf(ACTOR), 2n, 0, 0n, 0n, limit, 0n).exitCode)
        return 0
      },
      { 102: { code: 'account', balance: 10_000n } },
    )
    const scenarios = [
      [10_000_000n, true, 0, 10_050n],
      [10_000_000n, false, 1, 10_110n],
      [0n, false, 1, 10_170n],
    ] as const
    for (const [i, [gasLimit, exhausts, events, balance]] of scenarios.entries()) {
      Object.assign(inner, { gasLimit, exhausts })
      const result = execute(net, { value: 100n, sequence: BigInt(i) })
      expect(result.receipt.exitCode).toBe(0)
      expect(result.events).toHaveLength(events)
      expect(result.receipt.eventsRoot === null).toBe(events === 0)
      expect(balanceOf(net, destination)).toBe(balance)
    }
    expect(exits).toEqual([ExitCode.SYS_OUT_OF_GAS, 0, 0])
  })

  describe('events_test.rs', () => {
    /** Two events at each of ten levels; at the level that `aborts`, the actor aborts after all else. */
    const nesting =
      (aborts: number | undefined): Script =>
      (kernel) => {
        const level = Number(kernel.context.method) - 2
        emit(kernel, 'foo', 'abc')
        emit(kernel, 'foo', 'abc')
        if (level > 1) send(kernel, idOf(ACTOR), BigInt(level + 1), 0, 0n, 0n, NO_LIMIT, 0n)
        if (level === aborts) throw new Abort(ExitCode.USR_ASSERTION_FAILED, 'no')
        return 0
      }

    it('events of all levels are kept, and their root is stored nowhere', async () => {
      const net = await network(rules, nesting(undefined))
      const { receipt, events } = execute(net, { method: 12n })
      expect(receipt.exitCode).toBe(0)
      expect(events).toHaveLength(20)
      const { eventsRoot } = receipt
      if (eventsRoot === undefined || eventsRoot === null) throw new Error('no root')
      net.machine.flush()
      expect(net.blocks.has(eventsRoot)).toBe(false)
    })

    it('those of a level that aborts are not, nor those below it', async () => {
      const { receipt, events } = execute(await network(rules, nesting(5)), { method: 12n })
      expect(receipt.exitCode).toBe(0)
      expect(events).toHaveLength(10)
    })

    it('out of gas there are none', async () => {
      const { gasUsed } = execute(await network(rules, nesting(undefined)), { method: 12n }).receipt
      const { receipt, events } = execute(await network(rules, nesting(undefined)), {
        method: 12n,
        gasLimit: gasUsed - 1n,
      })
      // One gas less is missed by the deepest call, or by one around it; none of them has a limit of its own.
      expect(receipt).toMatchObject({ exitCode: ExitCode.SYS_OUT_OF_GAS, eventsRoot: null })
      expect(events).toEqual([])
    })
  })
})
