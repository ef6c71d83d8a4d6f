import { loadNodeCrypto } from '@troupe/crypto-node'
import { ChainPair } from '@troupe/differential'
import { describe, expect, it } from 'vitest'
import { runPrograms } from '../src/ethereum-gas/run-ethereum-gas.ts'

const crypto = await loadNodeCrypto()
const SENDER = (1n << 156n) + 1n
const CONTRACT = (1n << 156n) + 2n
const NOTHING = new Uint8Array()

describe("a contract on a chain with Ethereum's gas", () => {
  it('does as on Ethereum, and costs the same to the unit: random programs', async () => {
    // `npm run differential -- --actor ethereum-gas` plays more, and published contracts.
    const report = await runPrograms({ crypto, transactions: 40, seed: 20_261_130 })
    expect(report.disagreements).toEqual([])
    expect(report.equal).toBe(40)
    expect(report.succeeded).toBeGreaterThan(20)
    expect(report.succeeded).toBeLessThan(40)
  })

  it('is not taken for the same where it is not', async () => {
    const pair = await ChainPair.create(crypto)
    const account = { nonce: 0n, balance: 10n ** 24n, code: NOTHING, storage: [] }
    const [stop, jump] = [Uint8Array.of(0), Uint8Array.of(0x5b, 0)]
    await pair.put([
      { ...account, address: SENDER },
      { ...account, address: CONTRACT, code: stop },
    ])
    const transaction = { sender: SENDER, to: CONTRACT, value: 0n, data: NOTHING, gasLimit: 50_000n }
    expect((await pair.execute(transaction)).differences).toEqual([])
    expect(await pair.stateDifferences()).toEqual([])
    pair.state.put(CONTRACT, { ...account, nonce: 1n, code: jump })
    expect((await pair.execute(transaction)).differences).toEqual([
      'gasUsed: 21000 on the chain, 21001 on Ethereum',
    ])
    pair.state.put(CONTRACT, { ...account, nonce: 2n, code: jump, storage: [[7n, 8n]] })
    const differences = await pair.stateDifferences()
    expect(differences.map((text) => text.split(' ')[0])).toEqual([
      'eth_getTransactionCount',
      'eth_getCode',
      'eth_getStorageAt',
    ])
    await pair.vm.close()
  })
})
