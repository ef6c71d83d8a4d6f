import { type CryptoProvider, loadCrypto } from '@troupe/crypto'
import { loadNodeCrypto } from '@troupe/crypto-node'
import { Executor, ExitCode, LocalExterns, Machine, type Message, NV20 } from '@troupe/hypervisor'
import { wasmRuntime } from '@troupe/runtime-wasm'
import { createTestNetwork, idOf } from '@troupe/testkit'
import type { Benchmark } from '../benchmark.ts'
import { timeInterleaved } from '../sampling.ts'

const TRANSFER: Message = {
  version: 0n,
  from: idOf(100),
  to: idOf(101),
  sequence: 0n,
  value: 1n,
  gasLimit: 10_000_000n,
  gasFeeCap: 200n,
  gasPremium: 10n,
  method: 0n,
  params: new Uint8Array(),
}
/** What is timed together, so that a sample is longer than a garbage collection. */
const BATCH = 10

/** A machine on a state that is there, one transfer, and the state written. */
export const messages: Benchmark = {
  name: 'messages',
  about: 'Milliseconds to create a machine on an existing state, execute one transfer, and flush.',
  async run({ sampling }) {
    const { machine, blocks } = await createTestNetwork({
      rules: NV20,
      actors: { 100: { code: 'account', balance: 10n ** 24n }, 101: { code: 'account' } },
    })
    const root = machine.flush()
    const runtimes = [wasmRuntime()]
    const transfer = (crypto: CryptoProvider): void => {
      const fresh = Machine.create({
        rules: NV20,
        context: machine.context,
        blocks,
        root,
        crypto,
        externs: new LocalExterns(crypto, new Uint8Array(32)),
        runtimes,
      })
      const { receipt } = new Executor(fresh).execute(TRANSFER, { length: 120 })
      if (receipt.exitCode !== ExitCode.OK) throw new Error(`the transfer ended with ${receipt.exitCode}`)
      fresh.flush()
    }
    const providers = [await loadCrypto(), await loadNodeCrypto()]
    const runs = providers.map((crypto) => () => {
      for (let i = 0; i < BATCH; i++) transfer(crypto)
    })
    return {
      measurements: timeInterleaved(runs, sampling).map((times, index) => ({
        name: `machine and transfer, ${providers[index]?.name} cryptography`,
        unit: 'ms',
        samples: times.map((milliseconds) => milliseconds / BATCH),
      })),
    }
  },
}
