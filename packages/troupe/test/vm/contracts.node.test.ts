import { homedir } from 'node:os'
import { NATIVE_ACTORS, userInitActor } from '@troupe/actors'
import { defaultCacheDirectory, openBundleCache } from '@troupe/bundles'
import { loadCrypto } from '@troupe/crypto'
import type { FidelityLevel, Runtime } from '@troupe/hypervisor'
import { evmRuntime } from '@troupe/runtime-evm'
import { nativeRuntime } from '@troupe/runtime-native'
import { wasmRuntime } from '@troupe/runtime-wasm'
import { getCreateAddress, Wallet } from 'ethers'
import {
  ActorError,
  bundle,
  createTroupe,
  type MessageOutcome,
  replayWitness,
  type TroupeOptions,
} from 'troupe'
import { describe, expect, it } from 'vitest'

const crypto = await loadCrypto()
const hasBundle = openBundleCache(defaultCacheDirectory(process.env, process.platform, homedir()), crypto)
  .list()
  .some(({ name }) => name === 'v18/mainnet')

/**
 * A contract, by hand. Without data it logs its first slot under the topic 7; with a word it stores that, but for 0, for which it panics as Solidity does after an overflow.
 */
const CONTRACT = [
  // 0x00: calldatasize, to 0x0f where there is some; log1(0, 32, 7) of sload(0); stop
  ...['36', '600f', '57', '5f54', '5f52', '6007', '6020', '5f', 'a1', '00'],
  // 0x0f: calldataload(0), to 0x29 where it is not 0; revert(0, 36) with Panic(0x11)
  ...[
    '5b',
    '5f35',
    '80',
    '6029',
    '57',
    '634e487b71',
    '60e0',
    '1b',
    '5f52',
    '6011',
    '6004',
    '52',
    '6024',
    '5f',
    'fd',
  ],
  // 0x29: sstore(0, word); stop
  ...['5b', '5f55', '00'],
].join('')
/** Returns what follows it. */
const INITCODE = `0x602d8060095f395ff3${CONTRACT}`

/** Where contracts run, and how far results are Filecoin's. */
const HOSTS: readonly (readonly [string, () => Promise<TroupeOptions>, FidelityLevel])[] = [
  ['the EVM runtime', async () => ({ runtimes: [evmRuntime()] }), 'calibrated'],
  [
    'the official EVM actor',
    async () => ({ actors: await bundle('v18'), runtimes: [wasmRuntime()] }),
    'exact',
  ],
]

describe.each(HOSTS)('a contract of %s', (_, hostOptions, fidelity) => {
  it('is created, called and asked by transactions of a wallet', async ({ skip }) => {
    if (fidelity === 'exact' && !hasBundle)
      return skip('the official actors are not in the cache: troupe bundle add v18.tar.zst')
    const host = await hostOptions()
    await using vm = await createTroupe({ ...host, accounts: { count: 2 } })
    const [alice = expect.fail()] = vm.accounts
    const wallet = new Wallet(`0x${alice.secretKey.toHex()}`)
    let nonce = 0
    const send = async (to: string | null, data: string): Promise<MessageOutcome> => {
      const raw = await wallet.signTransaction({
        ...{ to, data, nonce, type: 2, chainId: vm.chain.rules.chainId, gasLimit: 500_000_000n },
        ...{ maxFeePerGas: 10n ** 9n, maxPriorityFeePerGas: 0n },
      })
      nonce++
      return vm.waitFor(await vm.submitTransaction(raw))
    }

    const created = await send(null, INITCODE)
    expect(created).toMatchObject({ exit: { code: 0 }, revert: undefined, fidelity: { level: fidelity } })
    const contract = getCreateAddress({ from: alice.ethereum, nonce: 0 })
    const [, , address] = created.value as [bigint, Uint8Array, Uint8Array]
    expect(`0x${address.toHex()}`).toBe(contract.toLowerCase())
    expect(await vm.resolve(contract)).toMatchObject({ type: 'evm' })

    const word = (value: number) => `0x${value.toString(16).padStart(64, '0')}`
    expect((await send(contract, word(5))).exit.code).toBe(0)
    const { events } = await send(contract, '0x')
    expect(
      events[0]?.entries.map(({ codec, key, value }) => [key, Number(codec), BigInt(`0x${value.toHex()}`)]),
    ).toEqual([
      ['t1', 0x55, 7n],
      ['d', 0x55, 5n],
    ])

    const reverted = await send(contract, word(0))
    expect(reverted.exit.code).toBe(33)
    expect(reverted.revert).toMatchObject({
      kind: 'panic',
      reason: 'arithmetic overflow or underflow (0x11)',
    })
    const record = await vm.transaction(reverted.hash)
    expect(record?.place?.receipt).toMatchObject({ exitCode: 33 })

    // The same, signed by the account here, thrown as an error that says why.
    const failing = vm.send(
      { from: alice.ethereum, to: contract, params: new Uint8Array([0x58, 32, ...new Uint8Array(32)]) },
      { signed: true },
    )
    await expect(failing).rejects.toThrow(ActorError)
    await expect(failing).rejects.toThrow('The contract reverted: arithmetic overflow or underflow (0x11)')

    // A contract sends too, where whoever owns the chain says so.
    await vm.edit([{ address: contract, balance: 10n ** 18n }])
    const sent = await vm.send({ from: contract, to: alice, value: 3n }, { impersonate: true })
    expect(sent.fidelity.level).toBe('simulated')
    const runtimes = [
      nativeRuntime({ crypto, actors: [...NATIVE_ACTORS, userInitActor] }),
      ...(host.runtimes as Runtime[]),
    ]
    const options = { crypto, runtimes, proofs: undefined, rules: vm.chain.rules }
    expect(replayWitness(await vm.exportWitness(), options).claim.stateRoot).toEqual(vm.root)
  })
})
