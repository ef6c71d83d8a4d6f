import {
  Abort,
  CREATE_EXTERNAL,
  type EthereumGasRules,
  Executor,
  ExitCode,
  INVOKE_CONTRACT,
  inclusionOf,
  type Journal,
  type Kernel,
  type Message,
  type MessageResult,
  NV28,
  OPERATIONS,
  type Program,
  type Runtime,
  withEthereumGas,
} from '@troupe/hypervisor'
import { CborWriter } from '@troupe/ipld'
import { createTestNetwork, idOf, type Script, ScriptedRuntime, type TestNetwork } from '@troupe/testkit'
import { describe, expect, it } from 'vitest'
import { LENGTH, messageOf } from './message.ts'

const RICH = 10n ** 24n
const GAS: EthereumGasRules = {
  fork: 'cancun',
  transaction: 21_000,
  creation: 32_000,
  initCodeWord: 2,
  zeroByte: 4,
  nonZeroByte: 16,
  floorPerToken: 0,
  refundDivisor: 5,
}
const RULES = withEthereumGas(NV28, GAS)
const send = OPERATIONS['send.send'] as (
  kernel: Kernel,
  ...parameters: unknown[]
) => { readonly exitCode: number }
const call = (kernel: Kernel, to: number, method = 2n, gas = 2n ** 64n - 1n): number =>
  send(kernel, idOf(to), method, 0, 0n, 0n, gas, 0n).exitCode

/** Runs the evm actor of the manifest with prices of its own. */
function pricedRuntime(script: Script): Runtime {
  const program: Program = {
    fidelity: { level: 'exact' },
    hasOwnPrices: true,
    invoke: (kernel, parameters) => script(kernel, parameters, 0),
  }
  const code = String(ScriptedRuntime.code('evm'))
  return { name: 'priced', load: (_cid, bytes) => (String(bytes()) === code ? program : undefined) }
}

/** f0100 is an account, f0101 a contract, f0102 another actor, f010 the address manager. */
function network(
  evm: Script,
  scripts: Readonly<Record<string, Script>> = {},
  rules = RULES,
): Promise<TestNetwork> {
  return createTestNetwork({
    rules,
    actors: {
      10: { code: 'eam' },
      100: { code: 'ethaccount', balance: RICH },
      101: { code: 'evm' },
      102: { code: 'other' },
      103: { code: 'ethaccount' },
    },
    scripts,
    runtimes: [pricedRuntime(evm)],
  })
}

function execute({ machine }: TestNetwork, fields: Partial<Message> = {}): MessageResult {
  const message = messageOf({ method: INVOKE_CONTRACT, ...fields })
  return new Executor(machine).execute(message, { length: LENGTH })
}

const bytes = (...data: number[]): Uint8Array => new CborWriter().bytes(Uint8Array.from(data)).finish()

describe("the inclusion of a message where gas is Ethereum's", () => {
  const least = (fields: Partial<Message>, gas = GAS): bigint =>
    inclusionOf(withEthereumGas(NV28, gas), messageOf({ method: INVOKE_CONTRACT, ...fields }), LENGTH).least

  it('is what the transaction costs by its input', () => {
    expect(least({})).toBe(21_000n)
    expect(least({ params: bytes() })).toBe(21_000n)
    expect(least({ params: bytes(0, 0, 1) })).toBe(21_000n + 8n + 16n)
    // What is no byte string counts as it is.
    expect(least({ params: Uint8Array.of(0xff, 0) })).toBe(21_000n + 20n)
    expect(least({ params: Uint8Array.of(...bytes(1), 0) })).toBe(21_000n + 16n + 16n + 4n)
  })

  it('is more for a creation, by the words of its code', () => {
    const creation = { to: idOf(10), method: CREATE_EXTERNAL }
    expect(least({ ...creation, params: bytes(...new Array<number>(33).fill(0)) })).toBe(
      53_000n + 33n * 4n + 2n * 2n,
    )
    expect(least({ ...creation, to: idOf(11) })).toBe(
      inclusionOf(NV28, messageOf({ ...creation, to: idOf(11) }), LENGTH).least,
    )
  })

  it('has a floor where the fork has one', () => {
    const params = bytes(0, 1, 1)
    expect(least({ params }, { ...GAS, floorPerToken: 10 })).toBe(21_000n + 10n * 9n)
    expect(least({ params }, { ...GAS, floorPerToken: 1 })).toBe(21_000n + 4n + 32n)
  })

  it("is Filecoin's for what is no transaction", () => {
    expect(inclusionOf(RULES, messageOf(), LENGTH)).toEqual(inclusionOf(NV28, messageOf(), LENGTH))
    expect(inclusionOf(NV28, messageOf({ method: INVOKE_CONTRACT }), LENGTH).isTransaction).toBe(false)
  })
})

describe("a transaction with Ethereum's gas", () => {
  it('costs its inclusion, and what contracts take', async () => {
    const net = await network((kernel) => {
      kernel.gas.charge('free', 5_000_000)
      kernel.gas.chargeWide('free', 2n ** 62n)
      kernel.gas.take('taken', 7_000)
      return 0
    })
    const { fidelity, receipt } = execute(net)
    expect(receipt).toMatchObject({ exitCode: ExitCode.OK, gasUsed: 21_007n })
    expect(fidelity).toMatchObject({ level: 'simulated' })
    expect(fidelity.reasons.join()).toContain("Ethereum's gas (cancun)")
  })

  it('is a transfer to an account, with value and without', async () => {
    const net = await network(() => 0)
    expect(execute(net, { to: idOf(103), value: 5n }).receipt.gasUsed).toBe(21_000n)
    expect(execute(net, { to: idOf(103), sequence: 1n }).receipt.gasUsed).toBe(21_000n)
    expect(execute(net, { to: idOf(102), method: 0n, value: 7n, sequence: 2n }).receipt.gasUsed).toBe(21_000n)
    expect(net.machine.state.getActor(103n)?.balance).toBe(5n)
  })

  it('does not begin where it cannot pay for its inclusion', async () => {
    const net = await network(() => 0)
    expect(execute(net, { gasLimit: 20_999n }).receipt).toMatchObject({
      exitCode: ExitCode.SYS_OUT_OF_GAS,
      gasUsed: 0n,
    })
    expect(execute(net, { gasLimit: 21_000n }).receipt).toMatchObject({ exitCode: ExitCode.OK })
  })

  it('pays the price list for what is not of Ethereum, whoever calls it, and for nothing around it', async () => {
    const used: bigint[] = []
    const other = (kernel: Kernel): number => {
      kernel.gas.charge('listed', 123_000)
      return 0
    }
    const net = await network(
      (kernel) => {
        const before = kernel.gas.used
        call(kernel, 102)
        used.push(kernel.gas.used - before)
        call(kernel, 103, INVOKE_CONTRACT)
        call(kernel, 10)
        used.push(kernel.gas.used - before)
        // The price list counts for an account that is called otherwise.
        call(kernel, 103)
        used.push(kernel.gas.used - before)
        kernel.gas.charge('free', 1_000_000)
        return 0
      },
      { other, ethaccount: other, eam: other },
    )
    expect(execute(net).receipt.gasUsed).toBe(21_246n)
    expect(used).toEqual([123_000n, 123_000n, 246_000n])
  })

  it('charges other actors for calling contracts, and not for what these do', async () => {
    const net = await network(
      (kernel) => {
        kernel.gas.charge('free', 9_000_000_000)
        return 0
      },
      { other: (kernel) => call(kernel, 101, INVOKE_CONTRACT) },
    )
    const { gasUsed } = execute(net, { to: idOf(102) }).receipt
    expect(gasUsed).toBeGreaterThan(21_000n + 75_000n)
    expect(gasUsed).toBeLessThan(9_000_000n)
  })
})

describe('what is given back', () => {
  const refunding = (refund: number, used: number): Script => {
    return (kernel) => {
      kernel.calls.refund += refund
      kernel.gas.take('taken', used * 1000)
      return 0
    }
  }

  it('is taken off, up to a fifth of what was used', async () => {
    expect(execute(await network(refunding(4_800, 9_000))).receipt.gasUsed).toBe(30_000n - 4_800n)
    expect(execute(await network(refunding(6_000, 9_000))).receipt.gasUsed).toBe(24_000n)
    expect(execute(await network(refunding(6_001, 9_004))).receipt.gasUsed).toBe(30_004n - 6_000n)
    expect(execute(await network(refunding(-3, 9_000))).receipt.gasUsed).toBe(30_000n)
  })

  it('never goes below the floor of the input', async () => {
    const rules = withEthereumGas(NV28, { ...GAS, floorPerToken: 1_000 })
    const net = await network(refunding(6_000, 9_000), {}, rules)
    expect(execute(net, { params: bytes(1) }).receipt.gasUsed).toBe(25_000n)
  })

  it('is lost with a call that fails, and with the message', async () => {
    let depth = 0
    const net = await network((kernel) => {
      depth++
      kernel.calls.refund += 100
      if (depth === 2) throw new Abort(33 as ExitCode, 'inner')
      if (depth === 1) expect(call(kernel, 101)).toBe(33)
      expect(kernel.calls.refund).toBe(100)
      return 0
    })
    expect(execute(net).receipt.gasUsed).toBe(20_900n)
    const failing = await network((kernel) => {
      kernel.calls.refund += 100
      throw new Abort(33 as ExitCode, 'all')
    })
    expect(execute(failing).receipt).toMatchObject({ exitCode: 33, gasUsed: 21_000n })
  })
})

describe('what a runtime keeps of a message', () => {
  class List implements Journal {
    readonly items: string[] = []
    get mark(): number {
      return this.items.length
    }
    rollback(mark: number): void {
      this.items.length = mark
    }
  }

  it('is one for each owner, is taken back with failing calls, and ends with the message', async () => {
    const seen: string[] = []
    let depth = 0
    const owner = {}
    const net = await network((kernel) => {
      const list = kernel.calls.journal(owner, () => new List())
      depth++
      list.items.push(`at ${depth}`)
      seen.push(list.items.join())
      if (depth === 2) {
        kernel.calls.journal(List, () => new List()).items.push('late')
        throw new Abort(33 as ExitCode, 'inner')
      }
      if (depth === 1) {
        call(kernel, 101)
        seen.push(list.items.join())
        // It was made in the call that failed.
        expect(kernel.calls.journal(List, () => new List()).items).toEqual([])
      }
      return 0
    })
    execute(net)
    execute(net, { sequence: 1n })
    expect(seen).toEqual(['at 1', 'at 1,at 2', 'at 1', 'at 3'])
  })
})

describe("contracts on a network with Ethereum's gas", () => {
  it('run by nothing else than what has its prices', async () => {
    const net = await createTestNetwork({
      rules: RULES,
      actors: { 100: { code: 'account', balance: RICH }, 101: { code: 'evm' } },
    })
    expect(() => execute(net)).toThrow(expect.objectContaining({ code: 'machine/no-prices' }))
  })
})
