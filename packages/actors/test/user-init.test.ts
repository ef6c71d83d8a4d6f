import {
  createGenesis,
  exec4ParametersCodec,
  execParametersCodec,
  execReturnCodec,
  InitMethod,
  initActor,
  installParametersCodec,
  installReturnCodec,
  SYSTEM_ACTORS,
  userInitActor,
  userInitStateCodec,
} from '@troupe/actors'
import { loadCrypto } from '@troupe/crypto'
import {
  Executor,
  ExitCode,
  idAddress,
  LocalExterns,
  loadInstalledActors,
  Machine,
  type MessageResult,
  type Runtime,
  rulesOf,
  secp256k1Address,
  withUserActors,
} from '@troupe/hypervisor'
import { CborStore, type Cid, cidOf, decodeValue, encodeValue, MemoryBlockstore, RAW } from '@troupe/ipld'
import { defineActor, method, nativeRuntime, storeNativeManifest } from '@troupe/runtime-native'
import { describe, expect, it } from 'vitest'

const crypto = await loadCrypto()
const rules = withUserActors(rulesOf(28))
const sender = secp256k1Address(crypto, new Uint8Array(65).fill(1))
const GOOD = Uint8Array.of(1, 2, 3)
const BAD = Uint8Array.of(9)

const user = defineActor({
  name: 'user',
  version: '1',
  gas: { memoryPages: 1, entry: 0 },
  methods: {
    1: method({ name: 'Constructor', gas: { base: 0 }, run: (context) => context.acceptAnyCaller() }),
  },
})

/** Takes code that starts with 1, and runs all of it as the same actor. */
function userRuntime(): Runtime {
  const native = nativeRuntime({ crypto, actors: [user] })
  const code = cidOf(crypto, 0x71, user.descriptor)
  return {
    name: 'user',
    load: (_, bytes, own) => (bytes()[0] === 1 ? native.load(code, bytes, own) : undefined),
    validate: (_, bytes) => (bytes[0] === 1 ? 'accepted' : undefined),
  }
}

function open() {
  const blocks = new MemoryBlockstore()
  const store = new CborStore(blocks, crypto)
  const actors = [...SYSTEM_ACTORS.filter((actor) => actor !== initActor), userInitActor]
  const manifest = storeNativeManifest(store, actors)
  const accounts = [{ address: sender, balance: 10n ** 24n }]
  const root = createGenesis(store, {
    ...{ rules, manifest, accounts, networkName: 'users', installsCode: true },
  })
  const machine = Machine.create({
    rules,
    context: { epoch: 1n, timestamp: 30n, baseFee: 100n, circulatingSupply: 0n, chainId: 314n },
    ...{ blocks, root, crypto },
    externs: new LocalExterns(crypto, new Uint8Array(32)),
    runtimes: [nativeRuntime({ crypto, actors }), userRuntime()],
  })
  const executor = new Executor(machine)
  let sequence = 0n
  const send = (method: number, params: Uint8Array): MessageResult =>
    executor.execute(
      {
        ...{ version: 0n, from: sender, to: idAddress(1n), sequence: sequence++, value: 0n },
        ...{ method: BigInt(method), params, gasLimit: 1_000_000_000n, gasFeeCap: 200n, gasPremium: 0n },
      },
      { length: 200 },
    )
  const install = (code: Uint8Array) =>
    send(InitMethod.INSTALL_CODE, encodeValue(installParametersCodec, { code })).receipt
  const exec = (code: Cid) =>
    send(InitMethod.EXEC, encodeValue(execParametersCodec, { code, constructorParameters: new Uint8Array() }))
      .receipt
  return { machine, store, send, install, exec }
}

describe('an init actor that installs code', () => {
  it('installs a code once, lists it, and makes actors of it', () => {
    const { machine, store, install, exec, send } = open()
    const code = cidOf(crypto, RAW, GOOD)
    expect(decodeValue(installReturnCodec, install(GOOD).returnData)).toEqual({ code, isNew: true })
    expect(decodeValue(installReturnCodec, install(GOOD).returnData)).toEqual({ code, isNew: false })
    machine.flush()
    const state = decodeValue(userInitStateCodec, store.getBlock(machine.state.getActor(1n)?.head as Cid))
    expect(loadInstalledActors(store, state.installedActors)).toEqual([code])

    const made = exec(code)
    expect(made.exitCode).toBe(0)
    const { idAddress: id, robustAddress } = decodeValue(execReturnCodec, made.returnData)
    expect([id.id, machine.state.lookupId(robustAddress)]).toEqual([101n, 101n])
    expect(machine.state.getActor(101n)?.code).toEqual(code)

    const parameters = { code, constructorParameters: new Uint8Array(), subaddress: Uint8Array.of(5) }
    const made4 = send(InitMethod.EXEC4, encodeValue(exec4ParametersCodec, parameters))
    expect(made4.receipt.exitCode).toBe(0)
    expect(machine.state.getActor(102n)?.delegatedAddress?.namespace).toBe(100n)
  })

  it('refuses code that no runtime takes, and makes nothing of code that is not installed', () => {
    const { machine, install, exec } = open()
    expect(install(BAD).exitCode).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    expect(install(new Uint8Array(10_000).fill(1)).exitCode).toBe(0)
    expect(exec(cidOf(crypto, RAW, GOOD)).exitCode).toBe(ExitCode.USR_ASSERTION_FAILED)
    expect(machine.state.getActor(101n)).toBeUndefined()
  })

  it('makes built-in actors as every init actor does', () => {
    const { machine, exec } = open()
    expect(exec(machine.manifest.code('account') as Cid).exitCode).toBe(ExitCode.USR_FORBIDDEN)
  })
})
