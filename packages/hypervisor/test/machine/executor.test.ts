import { CodedError } from '@troupe/crypto'
import {
  Abort,
  blsAddress,
  Executor,
  ExitCode,
  OutOfGas,
  ProtocolFatal,
  type RuleSet,
  rulesOf,
  SUPPORTED_NETWORK_VERSIONS,
} from '@troupe/hypervisor'
import { cidOf, DAG_CBOR, IpldError } from '@troupe/ipld'
import { createTestNetwork, idOf, type Script, type TestNetwork } from '@troupe/testkit'
import { describe, expect, it } from 'vitest'
import { execute, LENGTH, messageOf } from './message.ts'

const RICH = 10n ** 24n
const nv17 = rulesOf(17)
const nv18 = rulesOf(18)

function network(rules: RuleSet, script: Script = () => 0, balance = RICH): Promise<TestNetwork> {
  return createTestNetwork({
    rules,
    actors: { 100: { code: 'account', balance }, 101: { code: 'target' } },
    scripts: { target: script },
  })
}

function totalOf({ machine }: TestNetwork): bigint {
  let total = 0n
  for (const [, { balance }] of machine.state.entries()) total += balance
  return total
}

describe.each(SUPPORTED_NETWORK_VERSIONS.map((nv) => [nv]))('Executor at network version %i', (nv) => {
  const rules = rulesOf(nv)

  it('executes a call, pays burns, tip and refund, and keeps the sum of tokens', async () => {
    const net = await network(rules, (kernel) =>
      kernel.blocks.put({ codec: rules.parametersCodec, data: new Uint8Array([0x01]) }),
    )
    const before = totalOf(net)
    const { receipt, fees } = execute(net, { value: 5n })
    expect(receipt.exitCode).toBe(ExitCode.OK)
    expect([...receipt.returnData]).toEqual([1])
    expect(net.machine.state.getActor(101n)?.balance).toBe(5n)
    expect(net.machine.state.getActor(100n)?.sequence).toBe(1n)
    expect(net.machine.state.getActor(2n)?.balance).toBe(fees.minerTip)
    expect(net.machine.state.getActor(99n)?.balance).toBe(fees.baseFeeBurn + fees.overEstimationBurn)
    expect(totalOf(net)).toBe(before)
  })

  it('shares no bytes with the message or the receipt', async () => {
    const seen: Uint8Array[] = []
    const net = await network(rules, (kernel, parameters) => {
      seen.push(kernel.blocks.get(parameters).data)
      return parameters
    })
    const params = new Uint8Array([0x01])
    const { receipt } = execute(net, { params })
    params[0] = 2
    receipt.returnData[0] = 3
    expect(seen).toEqual([new Uint8Array([0x01])])
  })

  it('refuses what preflight refuses, in its order, and changes nothing', async () => {
    const net = await network(rules)
    const root = net.machine.flush()
    const inclusion = BigInt(Math.ceil(rules.prices.onChainMessage(LENGTH) / 1000))
    const refusals: [Parameters<typeof execute>[1], number, bigint][] = [
      [{ gasLimit: inclusion - 1n, from: idOf(7777) }, ExitCode.SYS_OUT_OF_GAS, inclusion],
      [{ from: idOf(7777) }, ExitCode.SYS_SENDER_INVALID, 1_000_000_000n],
      [{ from: idOf(101) }, ExitCode.SYS_SENDER_INVALID, 1_000_000_000n],
      [{ sequence: 1n, gasFeeCap: RICH }, ExitCode.SYS_SENDER_STATE_INVALID, 1_000_000_000n],
      [{ gasFeeCap: RICH }, ExitCode.SYS_SENDER_STATE_INVALID, 1_000_000_000n],
    ]
    for (const [fields, exitCode, penalizedGas] of refusals) {
      const { receipt, fees } = execute(net, fields)
      expect(receipt).toMatchObject({ exitCode, gasUsed: 0n, returnData: new Uint8Array() })
      expect(fees.minerPenalty).toBe(penalizedGas * net.machine.context.baseFee)
    }
    expect(net.machine.flush().toString()).toBe(root.toString())
  })

  it('gives no receipt for a gas limit that no message can have', async () => {
    const net = await network(rules)
    for (const gasLimit of [0n, -1n, 2n ** 63n])
      expect(() => execute(net, { gasLimit })).toThrow(expect.objectContaining({ code: 'message/gas-limit' }))
  })

  it('gives no receipt for numbers that no message can have', async () => {
    const net = await network(rules)
    const outOfRange = expect.objectContaining({ code: 'message/out-of-range' })
    for (const number of [-1n, 2n ** 64n]) {
      expect(() => execute(net, { sequence: number })).toThrow(outOfRange)
      expect(() => execute(net, { method: number })).toThrow(outOfRange)
    }
    for (const length of [-1, 0.5, Number.NaN])
      expect(() => new Executor(net.machine).execute(messageOf(), { length })).toThrow(outOfRange)
  })

  it('counts on from the last sequence number with the first', async () => {
    const net = await createTestNetwork({
      rules,
      actors: { 100: { code: 'account', balance: RICH, sequence: 2n ** 64n - 1n }, 101: { code: 'target' } },
    })
    expect(execute(net, { sequence: 2n ** 64n - 1n }).receipt.exitCode).toBe(ExitCode.OK)
    expect(net.machine.state.getActor(100n)?.sequence).toBe(0n)
    net.machine.flush()
  })

  it('gives the exit code of every way in which a call ends', async () => {
    const ends: [Script, number][] = [
      [() => 0, ExitCode.OK],
      [() => 99, ExitCode.SYS_MISSING_RETURN],
      [
        () => {
          throw new Abort(33, 'no')
        },
        33,
      ],
      [
        () => {
          throw new OutOfGas()
        },
        ExitCode.SYS_OUT_OF_GAS,
      ],
      [
        () => {
          throw new ProtocolFatal('bad')
        },
        ExitCode.SYS_ASSERTION_FAILED,
      ],
    ]
    for (const [script, exitCode] of ends) {
      const net = await network(rules, script)
      expect(execute(net, { value: 5n }).receipt.exitCode).toBe(exitCode)
      expect(net.machine.state.getActor(101n)?.balance).toBe(exitCode === ExitCode.OK ? 5n : 0n)
    }
  })

  it('uses the whole gas limit for a fatal, and says why', async () => {
    const net = await network(rules, () => {
      throw new ProtocolFatal('the sky fell')
    })
    const { receipt, failure } = execute(net)
    expect(receipt.gasUsed).toBe(1_000_000_000n)
    expect(failure?.message).toBe('the sky fell')
    expect(failure?.backtrace?.frames.map(({ actor }) => actor)).toEqual([101n])
  })

  it('makes no receipt of a host failure, and leaves the machine as it was', async () => {
    const failures = [
      new Error('a bug'),
      new RangeError('Maximum call stack size exceeded'),
      new IpldError('blockstore/unavailable', 'offline'),
    ]
    for (const failure of failures) {
      const net = await network(rules, (kernel) => {
        kernel.calls.machine.state.setActor(101n, {
          code: net.codeOf('target'),
          head: net.machine.emptyTuple,
          sequence: 0n,
          balance: 77n,
        })
        throw failure
      })
      const root = net.machine.flush()
      expect(() => execute(net, { value: 5n })).toThrow(failure)
      expect(net.machine.flush().toString()).toBe(root.toString())
      expect(net.machine.state.getActor(100n)?.sequence).toBe(0n)
    }
  })

  it('forgets the blocks of a message without a receipt, and keeps those of a reverted call', async () => {
    const data = new TextEncoder().encode('a block')
    let end: 'host failure' | 'abort' | 'look' = 'host failure'
    const net = await network(rules, (kernel) => {
      const { blocks, crypto } = kernel.calls.machine
      const cid = cidOf(crypto, DAG_CBOR, data)
      if (end === 'look') {
        if (blocks.get(cid) === undefined) throw new ProtocolFatal('missing state')
        return 0
      }
      blocks.put(cid, data)
      if (end === 'abort') throw new Abort(33, 'no')
      throw new Error('a bug')
    })
    expect(() => execute(net)).toThrow('a bug')
    end = 'look'
    expect(execute(net).receipt.exitCode).toBe(ExitCode.SYS_ASSERTION_FAILED)
    end = 'abort'
    expect(execute(net, { sequence: 1n }).receipt.exitCode).toBe(33)
    end = 'look'
    expect(execute(net, { sequence: 2n }).receipt.exitCode).toBe(ExitCode.OK)
  })

  it('makes no receipt of what a store fails with, whatever its code, while it resolves an address', async () => {
    const failures = [
      new IpldError('blockstore/unavailable', 'offline'),
      new IpldError('blockstore/hash-unsupported', 'cannot be verified here'),
      new CodedError('other-store/corrupt', 'a page is torn'),
    ]
    for (const failure of failures) {
      const net = await network(rules)
      net.blocks.get = () => {
        throw failure
      }
      expect(() => execute(net, { to: blsAddress(new Uint8Array(48).fill(1)) })).toThrow(failure)
    }
  })

  it('executes implicit messages without gas fees, sequence or balance', async () => {
    const net = await network(rules, () => 0, 0n)
    const root = net.machine.flush()
    const result = new Executor(net.machine).execute(messageOf({ from: idOf(0), sequence: 55n }), {
      kind: 'implicit',
      length: 0,
    })
    expect(result.receipt.exitCode).toBe(ExitCode.OK)
    expect(result.fees).toMatchObject({ minerTip: 0n, baseFeeBurn: 0n, refund: 0n, minerPenalty: 0n })
    expect(net.machine.flush().toString()).toBe(root.toString())
  })

  it('maps what cannot be delivered to exit codes 5 and 6', async () => {
    const net = await network(rules)
    expect(execute(net, { to: idOf(5555) }).receipt.exitCode).toBe(ExitCode.SYS_INVALID_RECEIVER)
    const poor = await network(rules, () => 0, 300n * 10n ** 9n)
    expect(execute(poor, { value: RICH }).receipt.exitCode).toBe(ExitCode.SYS_INSUFFICIENT_FUNDS)
  })
})

describe('Executor', () => {
  it('charges a plain transfer of generation 2 as the worked example does', async () => {
    const net = await network(nv17)
    const result = new Executor(net.machine).execute(messageOf({ method: 0n }), { length: 81 })
    expect(result.receipt.gasUsed).toBe(220_196n)
  })

  it('charges a plain transfer of generation 3 as the worked example does', async () => {
    const net = await network(nv18)
    const result = new Executor(net.machine).execute(messageOf({ method: 0n, value: 1n }), { length: 95 })
    expect(result.receipt.gasUsed).toBe(1_165_163n)
  })

  it('has no f4 addresses and no senders but accounts in generation 2', async () => {
    const { ethereumAddress } = await import('@troupe/hypervisor')
    const f410 = ethereumAddress(new Uint8Array(20).fill(7))
    const delegated = expect.objectContaining({ code: 'message/delegated-address' })
    const net = await network(nv17)
    expect(() => execute(net, { to: f410 })).toThrow(delegated)
    expect(() => execute(net, { from: f410 })).toThrow(delegated)
    for (const code of ['ethaccount', 'placeholder']) {
      const { machine } = await createTestNetwork({
        rules: nv17,
        actors: { 100: { code, balance: RICH }, 101: { code: 'target' } },
      })
      const { receipt } = new Executor(machine).execute(messageOf(), { length: LENGTH })
      expect(receipt.exitCode).toBe(ExitCode.SYS_SENDER_INVALID)
    }
  })

  it('ends a message with a fatal where the address map is lost, and from generation 3 on gives it no receipt (executor/default.rs)', async () => {
    const lost = async (rules: RuleSet): Promise<TestNetwork> => {
      const net = await network(rules)
      const init = net.machine.state.getActor(1n)
      if (init !== undefined) net.blocks.delete(init.head)
      return net
    }
    const to = blsAddress(new Uint8Array(48).fill(1))
    expect(execute(await lost(nv17), { to }).receipt).toMatchObject({
      exitCode: ExitCode.SYS_ASSERTION_FAILED,
      gasUsed: 1_000_000_000n,
    })
    const net = await lost(nv18)
    expect(() => execute(net, { to })).toThrow(expect.objectContaining({ code: 'blockstore/absent' }))
  })

  it('charges a return value in generation 2 on success only, and keeps no data of a failure', async () => {
    const put =
      (code: number): Script =>
      (kernel) => {
        const block = kernel.blocks.put({ codec: 0x71, data: new Uint8Array(10) })
        if (code === 0) return block
        throw new Abort(code, 'no', block)
      }
    const ok = execute(await network(nv17, put(0))).receipt
    const failed = execute(await network(nv17, put(40))).receipt
    expect(ok.gasUsed - failed.gasUsed).toBe(13_000n)
    expect(failed.returnData.length).toBe(0)
  })

  it('charges a return value in generation 3 on failure too, and keeps its data', async () => {
    const script: Script = (kernel) => {
      throw new Abort(40, 'no', kernel.blocks.put({ codec: 0x51, data: new Uint8Array(10) }))
    }
    const { receipt } = execute(await network(nv18, script))
    const without = execute(await network(nv18)).receipt
    expect(receipt.returnData.length).toBe(10)
    expect(receipt.gasUsed - without.gasUsed).toBe(13_000n)
  })

  it('turns a fresh placeholder of Ethereum that sends into an Ethereum account, for good', async () => {
    const { ethereumAddress, delegatedAddress } = await import('@troupe/hypervisor')
    const f410 = ethereumAddress(new Uint8Array(20).fill(7))
    const cases: [Parameters<typeof createTestNetwork>[0]['actors'], number, string][] = [
      [{ 100: { code: 'placeholder', balance: RICH, delegatedAddress: f410 } }, 33, 'ethaccount'],
      [
        { 100: { code: 'placeholder', balance: RICH, delegatedAddress: f410, sequence: 1n } },
        1,
        'placeholder',
      ],
      [
        {
          100: {
            code: 'placeholder',
            balance: RICH,
            delegatedAddress: delegatedAddress(11n, new Uint8Array(20)),
          },
        },
        1,
        'placeholder',
      ],
      [{ 100: { code: 'ethaccount', balance: RICH, delegatedAddress: f410 } }, 33, 'ethaccount'],
    ]
    for (const [actors, exitCode, code] of cases) {
      const net = await createTestNetwork({
        rules: nv18,
        actors: { ...actors, 101: { code: 'target' } },
        scripts: {
          target: () => {
            throw new Abort(33, 'no')
          },
        },
      })
      expect(execute(net).receipt.exitCode).toBe(exitCode)
      expect(net.machine.state.getActor(100n)?.code.toString()).toBe(net.codeOf(code).toString())
    }
  })

  it('says in its result what was simulated', async () => {
    const net = await network(nv18)
    expect(execute(net).fidelity).toEqual({ level: 'simulated', reasons: ['scripted actor'] })
    expect(execute(net, { method: 0n, sequence: 1n }).fidelity).toEqual({ level: 'exact', reasons: [] })
  })
})
