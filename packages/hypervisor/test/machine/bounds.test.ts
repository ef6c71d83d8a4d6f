import { ErrorNumber, ExitCode, rulesOf, SUPPORTED_NETWORK_VERSIONS } from '@troupe/hypervisor'
import { createTestNetwork, idOf, type Script, type TestNetwork } from '@troupe/testkit'
import { describe, expect, it } from 'vitest'
import { errorOf, NO_LIMIT, send } from '../call-manager/network.ts'
import { execute, LENGTH } from './message.ts'

const MIB = 2 ** 20

describe.each(SUPPORTED_NETWORK_VERSIONS.map((nv) => [nv]))(
  'the bounds of a message, at network version %i',
  (nv) => {
    const rules = rulesOf(nv)
    const network = (target: Script, balance = 10n ** 24n): Promise<TestNetwork> =>
      createTestNetwork({
        rules,
        actors: { 100: { code: 'account', balance }, 101: { code: 'target' }, 102: { code: 'other' } },
        scripts: { target },
      })
    const nothing: Script = () => 0

    // ref-fvm shared/src/message.rs (`check`): a gas limit of 0, or beyond 2^63-1, is an error of the node
    it('are a gas limit of 1 to 2^63-1', async () => {
      const net = await network(nothing)
      expect(execute(net, { gasLimit: 2n ** 63n - 1n, gasFeeCap: 0n, gasPremium: 0n }).receipt.exitCode).toBe(
        0,
      )
      expect(execute(net, { gasLimit: 1n, sequence: 1n }).receipt.exitCode).toBe(ExitCode.SYS_OUT_OF_GAS)
      for (const gasLimit of [0n, 2n ** 63n])
        expect(() => execute(net, { gasLimit, sequence: 1n })).toThrow(
          expect.objectContaining({ code: 'message/gas-limit' }),
        )
    })

    it('are gas for its inclusion: with less it is refused, with just as much it is executed', async () => {
      const inclusion = BigInt(Math.ceil(rules.prices.onChainMessage(LENGTH) / 1000))
      const net = await network(nothing)
      const receiptOf = (gasLimit: bigint) => execute(net, { gasLimit, method: 0n }).receipt
      expect(receiptOf(inclusion - 1n)).toMatchObject({ exitCode: ExitCode.SYS_OUT_OF_GAS, gasUsed: 0n })
      // Generation 2 charges for the call of a plain send too.
      const exitCode = rules.generation === 2 ? ExitCode.SYS_OUT_OF_GAS : 0
      expect(receiptOf(inclusion)).toMatchObject({ exitCode, gasUsed: inclusion })
    })

    // ref-fvm fvm/src/gas/mod.rs (`MAX_GAS`): a limit saturates at 2^63-1 milligas
    it('are 2^63-1 milligas, where the limit is more than that', async () => {
      const limits: bigint[] = []
      for (const gasLimit of [2n ** 63n - 1n, (2n ** 63n - 1n) / 1000n + 1n, (2n ** 63n - 1n) / 1000n]) {
        const net = await network((kernel) => {
          limits.push(kernel.gas.available + kernel.gas.used)
          return 0
        })
        execute(net, { gasLimit, gasFeeCap: 0n, gasPremium: 0n })
      }
      expect(limits).toEqual([2n ** 63n - 1n, 2n ** 63n - 1n, ((2n ** 63n - 1n) / 1000n) * 1000n])
      const greedy = await network((kernel) => {
        kernel.gas.chargeWide('everything', kernel.gas.available + 1n)
        return 0
      })
      const { receipt } = execute(greedy, { gasLimit: 2n ** 63n - 1n, gasFeeCap: 0n, gasPremium: 0n })
      expect(receipt).toMatchObject({ exitCode: ExitCode.SYS_OUT_OF_GAS, gasUsed: 2n ** 63n / 1000n + 1n })
    })

    it('are a method of 64 bits, which the receiver is told', async () => {
      const methods: bigint[] = []
      const net = await network((kernel) => {
        methods.push(kernel.context.method)
        return 0
      })
      expect(execute(net, { method: 2n ** 64n - 1n }).receipt.exitCode).toBe(0)
      expect(methods).toEqual([2n ** 64n - 1n])
      expect(() => execute(net, { method: 2n ** 64n, sequence: 1n })).toThrow(
        expect.objectContaining({ code: 'message/out-of-range' }),
      )
    })

    // ref-fvm fvm/src/executor/default.rs: parameters go into the registry as they are; only `ipld.block_create` bounds a block
    it('are no length of parameters: more than a block may have arrives', async () => {
      let length = 0
      const net = await network((kernel, parameters) => {
        length = kernel.blocks.get(parameters).data.length
        return 0
      })
      expect(execute(net, { params: new Uint8Array(MIB + 1) }).receipt.exitCode).toBe(0)
      expect(length).toBe(MIB + 1)
    })

    it('are a value that the sender has after it has paid for all gas', async () => {
      const gasCost = 1_000_000_000n * 200n
      const exitOf = async (value: bigint) =>
        execute(await network(nothing, gasCost + 7n), { value }).receipt.exitCode
      expect(await exitOf(7n)).toBe(0)
      expect(await exitOf(8n)).toBe(ExitCode.SYS_INSUFFICIENT_FUNDS)
      expect(await exitOf(2n ** 128n)).toBe(ExitCode.SYS_INSUFFICIENT_FUNDS)
    })

    it('are gas fees that the sender has', async () => {
      const gasCost = 1_000_000_000n * 200n
      const exitOf = async (balance: bigint) => execute(await network(nothing, balance)).receipt.exitCode
      expect(await exitOf(gasCost)).toBe(0)
      expect(await exitOf(gasCost - 1n)).toBe(ExitCode.SYS_SENDER_STATE_INVALID)
    })

    it('are those of sends too: 128 bits of value, 64 of the method, and no unknown handle', async () => {
      const WORD = 2n ** 64n - 1n
      const results: unknown[] = []
      const limits = rules.generation === 2 ? [] : [NO_LIMIT, 0n]
      const net = await network((kernel) => {
        results.push(
          errorOf(() => send(kernel, idOf(102), 0n, 0, WORD, WORD, ...limits)),
          errorOf(() => send(kernel, idOf(102), WORD, 0, 0n, 0n, ...limits)),
          errorOf(() => send(kernel, idOf(102), 2n, 1, 0n, 0n, ...limits)),
          errorOf(() => send(kernel, idOf(102), 2n, 2 ** 32 - 1, 0n, 0n, ...limits)),
        )
        return 0
      })
      expect(execute(net).receipt.exitCode).toBe(0)
      expect(results).toEqual([
        ErrorNumber.InsufficientFunds,
        undefined,
        ErrorNumber.InvalidHandle,
        ErrorNumber.InvalidHandle,
      ])
    })
  },
)
