import {
  type ExecuteOptions,
  Executor,
  ExitCode,
  type Kernel,
  type Message,
  type MessageResult,
  NV28,
  OPERATIONS,
  rulesOf,
  SUPPORTED_NETWORK_VERSIONS,
  withAbstractAccounts,
} from '@troupe/hypervisor'
import { createTestNetwork, idOf, type TestNetwork } from '@troupe/testkit'
import { describe, expect, it } from 'vitest'
import { LENGTH, messageOf } from './message.ts'

const RICH = 10n ** 24n
const selfDestruct = OPERATIONS['self.selfDestructOrBurn'] as (kernel: Kernel, burn: number) => void

function network(rules = NV28): Promise<TestNetwork> {
  return createTestNetwork({
    rules,
    actors: {
      100: { code: 'account', balance: RICH },
      101: { code: 'target' },
      200: { code: 'wallet', balance: RICH },
      201: { code: 'wallet' },
    },
    scripts: {
      wallet: () => {
        throw new Error('nobody asks the sender')
      },
    },
  })
}

function execute(
  { machine }: TestNetwork,
  fields: Partial<Message>,
  options: Partial<ExecuteOptions> = { impersonate: true },
): MessageResult {
  return new Executor(machine).execute(messageOf({ from: idOf(200), ...fields }), {
    length: LENGTH,
    ...options,
  })
}

describe('an impersonated message', () => {
  it.each(SUPPORTED_NETWORK_VERSIONS.map((nv) => [nv]))(
    'is executed at network version %i, is paid for, and takes a sequence number',
    async (nv) => {
      const net = await network(rulesOf(nv))
      const { fees, fidelity, receipt } = execute(net, { value: 5n })
      expect(receipt.exitCode).toBe(ExitCode.OK)
      expect(receipt.gasUsed).toBeGreaterThan(0n)
      expect(fidelity.level).toBe('simulated')
      expect(fidelity.reasons.join()).toContain('f0200 cannot send messages, and is impersonated')
      const paid = fees.baseFeeBurn + fees.overEstimationBurn + fees.minerTip
      expect(net.machine.state.getActor(200n)).toMatchObject({ sequence: 1n, balance: RICH - 5n - paid })
      expect(execute(net, {}).receipt.exitCode).toBe(ExitCode.SYS_SENDER_STATE_INVALID)
      expect(execute(net, { sequence: 1n }).receipt.exitCode).toBe(ExitCode.OK)
    },
  )

  it('is refused where nobody asks for impersonation', async () => {
    const net = await network()
    const root = String(net.machine.flush())
    const { fidelity, receipt } = execute(net, {}, {})
    expect(receipt.exitCode).toBe(ExitCode.SYS_SENDER_INVALID)
    expect(fidelity.level).toBe('exact')
    expect(String(net.machine.flush())).toBe(root)
  })

  it('needs a sender that exists, with the gas that it offers', async () => {
    const net = await network()
    expect(execute(net, { from: idOf(7777) }).receipt.exitCode).toBe(ExitCode.SYS_SENDER_INVALID)
    expect(execute(net, { from: idOf(201) }).receipt.exitCode).toBe(ExitCode.SYS_SENDER_STATE_INVALID)
  })

  it('costs nobody anything where its fee cap is zero', async () => {
    const net = await network()
    const { fees, receipt } = execute(net, { from: idOf(201), gasFeeCap: 0n, gasPremium: 0n })
    expect(receipt.exitCode).toBe(ExitCode.OK)
    expect(fees).toMatchObject({ baseFeeBurn: 0n, overEstimationBurn: 0n, minerPenalty: 0n, minerTip: 0n })
    expect(net.machine.state.getActor(201n)).toMatchObject({ sequence: 1n, balance: 0n })
  })

  it('of an account is an ordinary message', async () => {
    const [one, other] = [await network(), await network()]
    const fields = { from: idOf(100), gasFeeCap: 1n, gasPremium: 0n }
    const result = execute(one, fields)
    expect(result).toEqual(execute(other, fields, {}))
    expect(result.fees.minerPenalty).toBeGreaterThan(0n)
    expect(result.fidelity.reasons.join()).not.toContain('impersonated')
    expect(one.machine.flush()).toEqual(other.machine.flush())
  })

  it('asks no code where accounts are abstract', async () => {
    const net = await network(withAbstractAccounts(NV28))
    const { fidelity, receipt } = execute(net, { value: 5n })
    expect(receipt.exitCode).toBe(ExitCode.OK)
    expect(fidelity.reasons.join()).toContain('impersonated')
    expect(execute(net, { sequence: 1n }, {}).receipt.exitCode).toBe(ExitCode.SYS_SENDER_INVALID)
  })

  it('leaves its refund to nobody where its sender deletes itself', async () => {
    const net = await createTestNetwork({
      rules: NV28,
      actors: { 200: { code: 'leaver', balance: RICH } },
      scripts: {
        leaver: (kernel: Kernel) => {
          selfDestruct(kernel, 1)
          return 0
        },
      },
    })
    const { fees, receipt } = execute(net, { to: idOf(200) })
    expect(receipt.exitCode).toBe(ExitCode.OK)
    expect(fees.refund).toBeGreaterThan(0n)
    expect(net.machine.state.getActor(200n)).toBeUndefined()
    expect(net.machine.state.getActor(99n)?.balance).toBe(RICH - fees.minerTip)
  })
})
