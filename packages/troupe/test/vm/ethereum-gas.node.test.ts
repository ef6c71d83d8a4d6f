import { NATIVE_ACTORS, userInitActor } from '@troupe/actors'
import { idAddress, METHOD_CONSTRUCTOR, rulesOf } from '@troupe/hypervisor'
import { CborWriter } from '@troupe/ipld'
import { evm, evmRuntime } from '@troupe/runtime-evm'
import { nativeRuntime } from '@troupe/runtime-native'
import {
  type ContractHandle,
  createTroupe,
  type LocalChain,
  networks,
  replayWitness,
  type Troupe,
} from 'troupe'
import { describe, expect, it } from 'vitest'

const runtime = evmRuntime({ gas: 'ethereum' })
const OUT_OF_GAS = 7
const REVERTED = 33
const INVALID = 34
const ASSERTION_FAILED = 24

const fromHex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex')
const word = (value: bigint | number): Uint8Array => fromHex(value.toString(16).padStart(64, '0'))
/** The price of input. */
const inputGas = (bytes: Uint8Array): bigint => bytes.reduce((sum, byte) => sum + (byte === 0 ? 4n : 16n), 0n)

/** A constructor that makes a contract of some code of less than 256 bytes. */
function initcodeOf(code: Uint8Array): Uint8Array {
  const head = fromHex(`60${code.length.toString(16).padStart(2, '0')} 80 6009 5f 39 5f f3`)
  return Uint8Array.from([...head, ...code])
}

/** PUSH1, DUP1, PUSH1, PUSH0, CODECOPY with the growth of memory, PUSH0, RETURN; and what it costs to keep the code. */
function creationGas(initcode: Uint8Array, code: Uint8Array): bigint {
  const words = (length: number): bigint => BigInt(Math.ceil(length / 32))
  const run = 3n + 3n + 3n + 2n + 3n + 6n * words(code.length) + 2n
  return 53_000n + inputGas(initcode) + 2n * words(initcode.length) + run + 200n * BigInt(code.length)
}

async function deploy(vm: Troupe, code: string): Promise<ContractHandle> {
  return vm.deployContract(initcodeOf(fromHex(code)))
}

const createVm = (): Promise<Troupe> => createTroupe({ runtimes: [runtime] })

/** Stores the input in slot 0. */
const STORE = '5f355f5500'
/** Calls whoever is in the input, with 10,000 gas. */
const CALL = '5f5f5f5f5f5f35 612710 f1 00'

describe("a chain with Ethereum's gas", () => {
  it('makes contracts for what they cost on Ethereum', async () => {
    await using vm = await createVm()
    const code = fromHex(STORE)
    const initcode = initcodeOf(code)
    const [{ delegated: from }] = vm.accounts as [Troupe['accounts'][number]]
    for (const sender of [from, undefined]) {
      const { gas } = await vm.send({
        ...{ from: sender, to: 10n, method: 4n },
        params: Uint8Array.of(0x40 + initcode.length, ...initcode),
      })
      expect(gas.used).toBe(creationGas(initcode, code))
    }
  })

  it('makes them with just enough gas, and with a constructor of 49,152 bytes, and no less or more', async () => {
    await using vm = await createVm()
    const code = fromHex(STORE)
    const initcode = initcodeOf(code)
    const create = async (data: Uint8Array, gasLimit: bigint): Promise<readonly [number, bigint]> => {
      const params = new CborWriter().bytes(data).finish()
      const { exit, gas } = await vm.trySend({ to: 10n, method: 4n, params, gasLimit })
      return [exit.code, gas.used]
    }
    const enough = creationGas(initcode, code)
    expect(await create(initcode, enough)).toEqual([0, enough])
    // Keeping the code is what there is no gas for; the address manager tells only that it failed.
    expect(await create(initcode, enough - 1n)).toEqual([ASSERTION_FAILED, enough - 1n])
    const longest = new Uint8Array(49_152)
    longest.set(initcode)
    expect(await create(longest, 10_000_000n)).toEqual([0, creationGas(longest, code)])
    expect(await create(new Uint8Array(49_153), 10_000_000n)).toEqual([ASSERTION_FAILED, 10_000_000n])
  })

  it('knows slots by what they were when the message began, and gives back', async () => {
    await using vm = await createVm()
    const store = await deploy(vm, STORE)
    const used = async (value: number): Promise<bigint> => (await store.send(word(value))).gas.used
    const base = 21_000n + 7n
    expect(await used(5)).toBe(base + inputGas(word(5)) + 22_100n)
    expect(await used(5)).toBe(base + inputGas(word(5)) + 2_200n)
    expect(await used(6)).toBe(base + inputGas(word(6)) + 5_000n)
    expect(await used(0)).toBe(base + inputGas(word(0)) + 5_000n - 4_800n)
  })

  it('takes all gas of code that fails otherwise than by reverting, and its caller goes on', async () => {
    await using vm = await createVm()
    const caller = await deploy(vm, CALL)
    const used = async (callee: string): Promise<bigint> => {
      const { ethereumAddress } = await deploy(vm, callee)
      const input = word(BigInt(ethereumAddress))
      const { gas } = await caller.send(input, { gasLimit: 100_000n })
      return gas.used - inputGas(input)
    }
    // Two constants and REVERT: 4 gas.
    const reverting = await used('5f5ffd')
    expect((await used('5b5f56')) - reverting).toBe(10_000n - 4n)
    expect((await used('fe')) - reverting).toBe(10_000n - 4n)
    const invalid = await deploy(vm, 'fe')
    expect(await invalid.trySend(undefined, { gasLimit: 50_000n })).toMatchObject({
      exit: { code: INVALID },
      gas: { used: 50_000n },
    })
    const endless = await deploy(vm, '5b5f56')
    expect(await endless.trySend(undefined, { gasLimit: 50_000n })).toMatchObject({
      exit: { code: OUT_OF_GAS },
      gas: { used: 50_000n },
    })
    const refusing = await deploy(vm, '5f5ffd')
    expect(await refusing.trySend(undefined, { gasLimit: 50_000n })).toMatchObject({
      exit: { code: REVERTED },
      gas: { used: 21_004n },
    })
  })

  it('pays accounts of Filecoin as it pays others, and what is not of Ethereum by the price list', async () => {
    await using vm = await createVm()
    const caller = await deploy(vm, '5f5f5f5f5f5f35 5af1 00')
    const used = async (id: bigint): Promise<bigint> =>
      (await caller.send(word((0xffn << 152n) | id), { gasLimit: 10_000_000_000n })).gas.used
    const [, account] = vm.accounts
    const id = vm.chain.machineAfter().state.lookupId(account?.address ?? expect.fail()) ?? expect.fail()
    const input = (of: bigint): bigint => inputGas(word((0xffn << 152n) | of))
    // PUSH0 six times, CALLDATALOAD, GAS, and a call of an account that is cold.
    expect(await used(id)).toBe(21_000n + input(id) + 12n + 3n + 2n + 2_600n)
    expect(await used(1n)).toBeGreaterThan(100_000n)
  })

  it('pays for making an account where a contract has ended, and where nobody is, and not where somebody is', async () => {
    await using vm = await createVm()
    const payer = await vm.deployContract(initcodeOf(fromHex('5f5f5f5f6001 5f35 5a f1 00')), { value: 9n })
    const pay = async (to: bigint): Promise<bigint> => {
      const { gas } = await payer.send(word(to), { gasLimit: 200_000n })
      return gas.used - 21_000n - inputGas(word(to))
    }
    // Constants, the input, and a call of somebody who is cold with value, of which the stipend comes back.
    const paid = 8n + 3n + 2n + 3n + 2n + 2_600n + 9_000n - 2_300n
    const nobody = (0xdeadn << 140n) + 1n
    expect(await pay(nobody)).toBe(paid + 25_000n)
    expect(await pay(nobody)).toBe(paid)
    const ending = await deploy(vm, '5fff')
    // It gives what it was given to the zero address, which is warm, being the coinbase, and nobody's.
    expect(await pay(BigInt(ending.ethereumAddress))).toBe(paid + 2n + 5_000n + 25_000n)
    expect(await pay(BigInt(ending.ethereumAddress))).toBe(paid + 25_000n)
  })

  it('is described by its rules: a witness of a block is replayed with any runtime for contracts', async () => {
    await using vm = await createVm()
    const store = await deploy(vm, STORE)
    await store.send(word(5))
    const { crypto } = vm
    const native = nativeRuntime({ crypto, actors: [...NATIVE_ACTORS, userInitActor] })
    const replayed = replayWitness(await vm.exportWitness(), {
      ...{ crypto, runtimes: [native, evmRuntime()], proofs: undefined },
    })
    expect(replayed.claim.stateRoot).toEqual(vm.root)
  })

  it('may be in a worker, where calls nest as deep as their gas goes', async () => {
    await using vm: LocalChain = await createTroupe({
      runtimes: [evm({ gas: 'ethereum' })],
      thread: 'worker',
    })
    // Calls itself with all gas, and returns how many calls were made below; 0 where none could be.
    const code = fromHex('60205f5f5f5f305af16013575f5f5260205ff35b60015f51015f5260205ff3')
    const recursive = await vm.deployContract(initcodeOf(code))
    const depth = await recursive.view(undefined, { gasLimit: 10_000_000n })
    expect(BigInt(`0x${Buffer.from(depth).toString('hex')}`)).toBeGreaterThan(400n)
  })

  it('is not opened by a runtime that was told to have another', async () => {
    const { rules } = { rules: runtime.rulesOf(rulesOf(28)) }
    const network = { ...networks.filecoin(28), rules }
    await expect(createTroupe({ network, runtimes: [evmRuntime({ gas: 'fvm' })] })).rejects.toMatchObject({
      code: 'evm/other-gas',
    })
    await using vm = await createTroupe({ network, runtimes: [evmRuntime()] })
    const [{ delegated: from }] = vm.accounts as [Troupe['accounts'][number]]
    expect((await vm.send({ from, to: from, value: 1n })).gas.used).toBe(21_000n)
    // A message that is no transaction costs what it costs on Filecoin.
    const other = await vm.trySend({ to: idAddress(1n), method: METHOD_CONSTRUCTOR })
    expect(other.gas.used).toBeGreaterThan(1_000_000n)
    expect(other.fidelity.level).toBe('calibrated')
  })
})
