import {
  checkFidelity,
  type FidelityLevel,
  HypervisorError,
  isBelow,
  NV28,
  type RequiredFidelity,
  type Runtime,
  withEthereumGas,
} from '@troupe/hypervisor'
import { createTestNetwork, type TestNetwork } from '@troupe/testkit'
import { describe, expect, it } from 'vitest'
import { execute } from './message.ts'

const RICH = 10n ** 24n
const LEVELS: readonly FidelityLevel[] = ['exact', 'calibrated', 'simulated']

function network(
  requireFidelity?: RequiredFidelity,
  runtimes: readonly Runtime[] = [],
): Promise<TestNetwork> {
  return createTestNetwork({
    ...{ rules: NV28, runtimes, machine: { requireFidelity } },
    actors: { 100: { code: 'account', balance: RICH }, 101: { code: 'target' } },
  })
}

/** A runtime without programs that is as good as it says. */
const runtimeOf = (level: FidelityLevel): Runtime => ({
  ...{ name: 'model', fidelity: { level, reason: 'it is a model' } },
  load: () => undefined,
})

function failureOf(run: () => unknown): HypervisorError {
  try {
    run()
  } catch (error) {
    if (error instanceof HypervisorError) return error
    throw error
  }
  return expect.fail('it did not fail')
}

describe('a level of fidelity', () => {
  it('is below the one that is required where it is worse', () => {
    const below = (required: RequiredFidelity | undefined): boolean[] =>
      LEVELS.map((level) => isBelow(level, required))
    expect(below('exact')).toEqual([false, true, true])
    expect(below('calibrated')).toEqual([false, false, true])
    expect(below(undefined)).toEqual([false, false, false])
  })
})

describe('a machine whose results have to be exact', () => {
  it('is not made with a runtime that can never give such, which is named', async () => {
    await expect(network('exact', [runtimeOf('exact')])).resolves.toBeDefined()
    await expect(network('calibrated', [runtimeOf('calibrated')])).resolves.toBeDefined()
    await expect(network(undefined, [runtimeOf('simulated')])).resolves.toBeDefined()
    for (const level of ['calibrated', 'simulated'] as const) {
      const error: unknown = await network('exact', [runtimeOf(level)]).catch((reason: unknown) => reason)
      expect(error).toMatchObject({
        code: 'machine/fidelity',
        fidelity: { level, reasons: ['it is a model'] },
      })
      expect((error as Error).message).toContain('the runtime model')
    }
  })

  it("is not made of rules with Ethereum's gas", () => {
    const gas = { fork: 'cancun', transaction: 21_000, creation: 32_000, initCodeWord: 2, zeroByte: 4 }
    const rules = withEthereumGas(NV28, { ...gas, nonZeroByte: 16, floorPerToken: 0, refundDivisor: 5 })
    const error = failureOf(() => checkFidelity({ requireFidelity: 'calibrated', rules, runtimes: [] }))
    expect(error.code).toBe('machine/fidelity')
    expect(error.message).toContain(rules.name)
    expect(() => checkFidelity({ rules, runtimes: [] })).not.toThrow()
  })

  it('has no receipt for a message whose result is not, and is as before', async () => {
    const net = await network('exact')
    const before = net.machine.flush()
    const error = failureOf(() => execute(net))
    expect(error).toMatchObject({
      code: 'message/fidelity',
      fidelity: { level: 'simulated', reasons: ['scripted actor'] },
    })
    expect(net.machine.flush()).toEqual(before)
    // A transfer runs no code, and the sequence number is still free.
    expect(execute(net, { method: 0n, value: 5n }).receipt.exitCode).toBe(0)
  })

  it('refuses a result that is calibrated, which is enough where no more is asked for', async () => {
    const calibrated: Runtime = {
      name: 'fitted',
      load: () => ({ fidelity: { level: 'calibrated' }, invoke: () => 0 }),
    }
    expect(execute(await network('calibrated', [calibrated])).fidelity.level).toBe('calibrated')
    const exact = await network('exact', [calibrated])
    expect(failureOf(() => execute(exact)).code).toBe('message/fidelity')
  })
})
