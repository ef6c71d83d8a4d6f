import {
  AccountMethod,
  CronMethod,
  constructStorageActors,
  createGenesis,
  cronStateCodec,
  InitMethod,
  initStateCodec,
  RewardMethod,
  SYSTEM_ACTORS,
  thisEpochRewardCodec,
} from '@troupe/actors'
import { loadCrypto } from '@troupe/crypto'
import {
  type Address,
  addressCodec,
  delegatedAddress,
  Executor,
  ExitCode,
  ethereumAddress,
  idAddress,
  LocalExterns,
  Machine,
  Manifest,
  type Message,
  type MessageResult,
  methodNumber,
  rulesOf,
  secp256k1Address,
} from '@troupe/hypervisor'
import { CborStore, type Cid, decodeValue, MemoryBlockstore } from '@troupe/ipld'
import { nativeRuntime, storeManifest, storeNativeManifest } from '@troupe/runtime-native'
import { describe, expect, it } from 'vitest'

const crypto = await loadCrypto()
const rules = rulesOf(28)
const key = (seed: number): Address => secp256k1Address(crypto, new Uint8Array(65).fill(seed))
const ethereum = ethereumAddress(new Uint8Array(20).fill(0xee))
const FIL = 10n ** 18n

function open(options: Partial<Parameters<typeof createGenesis>[1]> = {}) {
  const blocks = new MemoryBlockstore()
  const store = new CborStore(blocks, crypto)
  const manifest = storeNativeManifest(store, SYSTEM_ACTORS)
  const accounts = [
    { address: key(1), balance: 5n * FIL },
    { address: ethereum, balance: 7n * FIL },
  ]
  const root = createGenesis(store, { rules, networkName: 'here', manifest, accounts, ...options })
  const machine = Machine.create({
    rules,
    context: { epoch: 1n, timestamp: 30n, baseFee: 100n, circulatingSupply: 0n, chainId: 314n },
    ...{ blocks, root, crypto },
    externs: new LocalExterns(crypto, new Uint8Array(32)),
    runtimes: [nativeRuntime({ crypto, actors: SYSTEM_ACTORS })],
  })
  const executor = new Executor(machine)
  const send = (from: Address, to: Address, fields: Partial<Message> = {}): MessageResult => {
    const implicit = from.id === 0n
    return executor.execute(
      {
        ...{ version: 0n, from, to, sequence: 0n, value: 0n, method: 0n, params: new Uint8Array() },
        ...{ gasLimit: 1_000_000_000n, gasFeeCap: 200n, gasPremium: 0n },
        ...fields,
      },
      { length: 200, kind: implicit ? 'implicit' : 'explicit' },
    )
  }
  return { machine, store, send }
}

const SYSTEM = idAddress(0n)

describe('a genesis', () => {
  it('has the system actors at their ids, and accounts from 100 on', () => {
    const { machine } = open()
    const names = [...machine.state.entries()]
      .map(([id, { code }]) => [Number(id), machine.manifest.nameOf(code)] as const)
      .sort(([a], [b]) => a - b)
    expect(names).toEqual([
      ...([
        [0, 'system'],
        [1, 'init'],
        [2, 'reward'],
        [3, 'cron'],
        [10, 'eam'],
        [99, 'account'],
      ] as const),
      ...([
        [100, 'account'],
        [101, 'ethaccount'],
      ] as const),
    ])
    expect(machine.state.lookupId(key(1))).toBe(100n)
    expect(machine.state.lookupId(ethereum)).toBe(101n)
    expect(machine.state.getActor(2n)?.balance).toBe(1_100_000_000n * FIL)
    expect(machine.manifest.typeOf(machine.manifest.code('ethaccount') as never)).toBe(16)
  })

  it('is a state in which accounts of both kinds send, and new ones are made', () => {
    const { machine, send, store } = open()
    expect(send(key(1), key(2), { value: FIL }).receipt.exitCode).toBe(0)
    const id = machine.state.lookupId(key(2)) as bigint
    expect(id).toBe(102n)
    const { receipt } = send(key(2), idAddress(id), { method: BigInt(AccountMethod.PUBKEY_ADDRESS) })
    expect(decodeValue(addressCodec, receipt.returnData)).toEqual(key(2))
    expect(send(ethereum, key(1), { value: 1n }).receipt.exitCode).toBe(0)

    const other = ethereumAddress(new Uint8Array(20).fill(0xef))
    expect(send(key(1), other, { value: FIL, sequence: 1n }).receipt.exitCode).toBe(0)
    expect(send(other, key(1), { method: 1n << 24n }).receipt.exitCode).toBe(0)
    const made = machine.state.getActor(machine.state.lookupId(other) as bigint)
    expect(machine.manifest.nameOf(made?.code as never)).toBe('ethaccount')
    machine.flush()
    const init = decodeValue(initStateCodec, store.getBlock(machine.state.getActor(1n)?.head as never))
    expect([init.nextId, init.networkName]).toEqual([104n, 'here'])
  })

  it('has a reward, and a cron that takes no notice of what is not there', () => {
    const entries = [{ receiver: idAddress(4n), method: 5n }]
    const { send } = open({ cron: entries })
    const method = BigInt(RewardMethod.THIS_EPOCH_REWARD)
    const { returnData } = send(key(1), idAddress(2n), { method }).receipt
    expect(decodeValue(thisEpochRewardCodec, returnData).baselinePower).toBe(2888888879999999999n)
    expect(send(SYSTEM, idAddress(3n), { method: BigInt(CronMethod.EPOCH_TICK) }).receipt.exitCode).toBe(0)
    const forbidden = send(key(1), idAddress(3n), { method: BigInt(CronMethod.EPOCH_TICK), sequence: 1n })
    expect(forbidden.receipt.exitCode).toBe(ExitCode.USR_FORBIDDEN)
  })

  it('refuses a manifest without the actors that it needs', () => {
    const store = new CborStore(new MemoryBlockstore(), crypto)
    const manifest = storeManifest(store, new Manifest([]))
    expect(() => createGenesis(store, { rules, networkName: 'here', manifest })).toThrow(
      expect.objectContaining({ code: 'genesis/absent-actor' }),
    )
  })

  it('refuses addresses that are no account\u2019s, and two of one', () => {
    const bad = expect.objectContaining({ code: 'genesis/bad-account' })
    for (const addresses of [
      [idAddress(5n)],
      [key(1), key(1)],
      [delegatedAddress(10n, new Uint8Array(19))],
      [delegatedAddress(11n, new Uint8Array(20))],
    ])
      expect(() => open({ accounts: addresses.map((address) => ({ address, balance: 0n })) })).toThrow(bad)
  })
})

describe('the storage actors of a genesis', () => {
  it('are constructed by their own code, and have to be there for that', () => {
    const { machine } = open()
    expect(() => constructStorageActors(machine, ['storagemarket'], idAddress(100n))).toThrow(
      expect.objectContaining({ code: 'genesis/constructor-failed' }),
    )
  })

  it('bring what cron calls along', () => {
    const { machine, store } = open({ storageActors: ['storagemarket', 'datacap', 'storagepower'] })
    machine.flush()
    const cron = decodeValue(cronStateCodec, store.getBlock(machine.state.getActor(3n)?.head as Cid))
    expect(cron.entries.map(({ receiver, method }) => [receiver.id, method])).toEqual([
      [4n, 5n],
      [5n, 9n],
    ])
    expect(machine.state.getActor(7n)?.head).toEqual(machine.emptyTuple)
    expect(machine.state.getActor(6n)).toBeUndefined()
  })
})

describe('the system actors', () => {
  it('export their methods under the numbers of their names', () => {
    expect(methodNumber(crypto, 'AuthenticateMessage')).toBe(BigInt(AccountMethod.AUTHENTICATE_MESSAGE))
    for (const { methods } of SYSTEM_ACTORS)
      for (const [number, { name }] of Object.entries(methods))
        if (Number(number) >= 1 << 24) expect(methodNumber(crypto, name)).toBe(BigInt(number))
    expect(InitMethod.EXEC4).toBe(3)
  })
})
