import { ExitCode, NV17, NV18, NV20, NV21, NV28, type RuleSet } from '@troupe/hypervisor'
import { idOf, type Script } from '@troupe/testkit'
import { describe, expect, it } from 'vitest'
import { execute } from '../machine/message.ts'
import { NO_LIMIT, network, operation, send } from './network.ts'

const MESSAGE_GAS = 1_000_000_000n
const charge = operation('gas.charge')

/** Uses all that is left, and so much more, in milligas. */
const usesAll =
  (more: bigint): Script =>
  (kernel) => {
    kernel.gas.chargeWide('all', kernel.gas.available + more)
    return 0
  }

/** Calls actor 102 with a limit that is made of the gas that is left, in whole gas; gives the exit code that the caller sees, if it goes on. */
async function callWith(
  rules: RuleSet,
  limitOf: (gas: bigint) => bigint,
  callee: Script,
): Promise<{ seen: number | undefined; exitCode: number; gasUsed: bigint }> {
  let seen: number | undefined
  const net = await network(rules, {
    a: (kernel) => {
      // From now on it is no whole gas that is left.
      kernel.gas.charge('a fraction', 1)
      const limit = limitOf(kernel.gas.available / 1000n)
      seen = send(kernel, idOf(102), 2n, 0, 0n, 0n, limit, 0n).exitCode
      return 0
    },
    b: callee,
  })
  const { exitCode, gasUsed } = execute(net, { gasLimit: MESSAGE_GAS }).receipt
  return { seen, exitCode, gasUsed }
}

// ref-fvm release/v3 and master: fvm/src/gas/mod.rs (`push_limit`), fvm/src/call_manager/default.rs, fvm/src/syscalls/send.rs
describe.each<[RuleSet]>([[NV18], [NV20], [NV21], [NV28]])('the gas limit of a call, at $name', (rules) => {
  const OUT_OF_GAS = ExitCode.SYS_OUT_OF_GAS

  it('may be used to the last milligas, and one more ends the call', async () => {
    for (const limit of [1_000_000n, 2_000_000n]) {
      expect(await callWith(rules, () => limit, usesAll(0n))).toMatchObject({ seen: 0, exitCode: 0 })
      expect(await callWith(rules, () => limit, usesAll(1n))).toMatchObject({ seen: OUT_OF_GAS, exitCode: 0 })
    }
  })

  it('may be nothing, with which nothing can be called', async () => {
    const ended = await callWith(rules, () => 0n, usesAll(0n))
    expect(ended).toMatchObject({ seen: OUT_OF_GAS, exitCode: 0 })
    expect(ended.gasUsed).toBeLessThan(MESSAGE_GAS)
  })

  it('leaves the caller the fraction of a gas; where it takes that too, what uses it up ends the message', async () => {
    expect(await callWith(rules, (gas) => gas, usesAll(1n))).toEqual({
      seen: OUT_OF_GAS,
      exitCode: 0,
      gasUsed: MESSAGE_GAS,
    })
    for (const limitOf of [(gas: bigint) => gas + 1n, () => NO_LIMIT - 1n, () => NO_LIMIT])
      expect(await callWith(rules, limitOf, usesAll(1n))).toEqual({
        seen: undefined,
        exitCode: OUT_OF_GAS,
        gasUsed: MESSAGE_GAS,
      })
  })

  it('is none at 2^64-1, and below that never more than there is', async () => {
    const available: bigint[] = []
    for (const limit of [NO_LIMIT, NO_LIMIT - 1n, 2n ** 63n, 2n ** 53n])
      await callWith(
        rules,
        () => limit,
        (kernel) => {
          available.push(kernel.gas.available)
          return 0
        },
      )
    expect(new Set(available).size).toBe(1)
    expect(available[0]).toBeLessThan(MESSAGE_GAS * 1000n)
  })

  it('holds for the calls within the call, whatever limit those have', async () => {
    let inner = -1n
    const net = await network(
      rules,
      {
        a: (kernel) => send(kernel, idOf(102), 2n, 0, 0n, 0n, 3_000_000n, 0n).returnId,
        b: (kernel) => send(kernel, idOf(103), 2n, 0, 0n, 0n, 2n ** 40n, 0n).returnId,
        c: (kernel) => {
          inner = kernel.gas.available
          return 0
        },
      },
      { 103: { code: 'c' } },
    )
    execute(net)
    expect(inner).toBeGreaterThan(0n)
    expect(inner).toBeLessThan(3_000_000_000n)
  })
})

// ref-fvm fvm/src/syscalls/gas.rs, fvm/src/gas/mod.rs: signed in generation 2, unsigned later; both saturate
describe.each<[RuleSet]>([[NV17], [NV18], [NV28]])('gas.charge, at $name', (rules) => {
  const charging = async (amountOf: (gas: bigint) => bigint) => {
    const net = await network(rules, {
      a: (kernel) => {
        charge(kernel, 'x', amountOf(kernel.gas.available / 1000n))
        return 0
      },
    })
    return execute(net, { gasLimit: MESSAGE_GAS }).receipt
  }
  const outOfGas = { exitCode: ExitCode.SYS_OUT_OF_GAS, gasUsed: MESSAGE_GAS }

  it('takes the last whole gas, and ends the message for one more', async () => {
    expect(await charging((gas) => gas)).toMatchObject({ exitCode: 0, gasUsed: MESSAGE_GAS })
    expect(await charging((gas) => gas + 1n)).toMatchObject(outOfGas)
  })

  it('ends the message for the greatest amounts, which would not fit once they are milligas', async () => {
    const MAX_I64 = 2n ** 63n - 1n
    const signed = [MAX_I64 / 1000n, MAX_I64 / 1000n + 1n, MAX_I64 - 1n, MAX_I64]
    const unsigned = [MAX_I64 + 1n, 2n ** 64n / 1000n, 2n ** 64n / 1000n + 1n, 2n ** 64n - 2n, 2n ** 64n - 1n]
    for (const amount of rules === NV17 ? signed : [...signed, ...unsigned])
      expect(await charging(() => amount)).toMatchObject(outOfGas)
  })

  it('takes nothing for nothing', async () => {
    expect((await charging(() => 0n)).gasUsed).toBe((await charging(() => 1n)).gasUsed - 1n)
  })
})
