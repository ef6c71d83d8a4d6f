import { compileFixture, crossingContract } from '@troupe/fixtures'
import { idAddress, methodNumber, toEthereumAddress } from '@troupe/hypervisor'
import { decodeIpld, encodeIpld, type IpldValue } from '@troupe/ipld'
import { evmRuntime } from '@troupe/runtime-evm'
import { wasmRuntime } from '@troupe/runtime-wasm'
import { Interface, type InterfaceAbi } from 'ethers'
import { type ActorHandle, type ContractHandle, createTroupe, type MessageOutcome, type Troupe } from 'troupe'
import { renderTrace } from 'troupe/trace'
import { beforeAll, describe, expect, it } from 'vitest'

const FIL = 10n ** 18n
const { abi, bytecode } = crossingContract()
const crossing = new Interface(abi as InterfaceAbi)
/** Exported methods of the teller, an actor in Wasm. */
const Teller = { ADD: 2n ** 24n + 1n, PASS_ON: 2n ** 24n + 2n, SPIN: 2n ** 24n + 3n }
const ALL_GAS = 2n ** 60n
const ANY_METHOD = 5_000n
const NOTHING = new Uint8Array()

const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`
const fromHex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.slice(2), 'hex'))
const encode = (value: IpldValue): Uint8Array => encodeIpld(value)

/** A chain with a contract, an actor in Wasm, and a multisig in TypeScript. */
interface Scene {
  readonly vm: Troupe
  readonly contract: ContractHandle
  readonly teller: ActorHandle
  readonly tellerId: bigint
}

let tellerCode: Uint8Array
beforeAll(async () => {
  tellerCode = await compileFixture('teller', { generation: 4 })
  // Compiling takes its time where nothing has been kept.
}, 60_000)

async function createScene(gas: 'fvm' | 'ethereum' = 'fvm'): Promise<Scene> {
  const vm = await createTroupe({ runtimes: [evmRuntime({ gas }), wasmRuntime()] })
  const contract = await vm.deployContract(fromHex(bytecode), { value: 0n })
  const teller = await vm.deploy(tellerCode)
  return { vm, contract, teller, tellerId: await idOf(vm, teller) }
}

async function idOf(vm: Troupe, actor: { readonly address: ActorHandle['address'] }): Promise<bigint> {
  return vm.chain.machineAfter().state.lookupId(actor.address) ?? expect.fail()
}

/** Calls a function of the contract; gives the outcome, and what it returned. */
async function call(
  { contract }: Scene,
  name: string,
  args: readonly unknown[],
  value = 0n,
): Promise<{ outcome: MessageOutcome; result: readonly unknown[] }> {
  const outcome = await contract.send(fromHex(crossing.encodeFunctionData(name, args)), { value })
  return { outcome, result: [...crossing.decodeFunctionResult(name, outcome.value as Uint8Array)] }
}

async function countOf({ contract }: Scene): Promise<bigint> {
  const output = await contract.view(fromHex(crossing.encodeFunctionData('count')))
  return crossing.decodeFunctionResult('count', output)[0] as bigint
}

/** What the events say, in order: the counts that the contract and the teller had. */
function countsOf({ events }: MessageOutcome): string[] {
  return events.map(({ emitter, entries }) => {
    const [first, ...rest] = entries
    if (first?.key === 'count') return `f0${emitter} teller ${decodeIpld(first.value)}`
    return `f0${emitter} contract ${BigInt(hex(rest.at(-1)?.value ?? NOTHING))}`
  })
}

describe.each(['fvm', 'ethereum'] as const)('a contract of the EVM with the gas of %s', (gas) => {
  it('calls an actor in Wasm, and has its answer', async () => {
    const scene = await createScene(gas)
    await using _ = scene.vm
    const args = [scene.tellerId, Teller.ADD, 0, encode([5n]), ALL_GAS]
    const { outcome, result } = await call(scene, 'forward', args)
    expect(result).toEqual([0n, hex(encode(5n)), 1n])
    expect(countsOf(outcome).map((text) => text.slice(6))).toEqual(['contract 1', 'teller 5'])
    const { result: refused } = await call(scene, 'forward', [scene.tellerId, ANY_METHOD, 0, '0x', ALL_GAS])
    expect(refused).toEqual([22n, '0x', 2n])
    const nobody = await call(scene, 'forward', [99_999n, Teller.ADD, 0, '0x', ALL_GAS])
    // No such actor: the number of the error, negated.
    expect(nobody.result[0]).toBe(-6n)
  })

  it('takes back what an actor in Wasm did for a call that reverts, its events too', async () => {
    const scene = await createScene(gas)
    await using _ = scene.vm
    const args = [scene.tellerId, Teller.ADD, 3, encode([5n]), ALL_GAS]
    const { outcome, result } = await call(scene, 'tryForward', args, 3n)
    const reason = crossing.parseError(result[1] as string)
    expect([result[0], reason?.args[0]]).toEqual([false, 'taken back'])
    expect(countsOf(outcome).map((text) => text.slice(6))).toEqual(['contract 10'])
    expect(await countOf(scene)).toBe(10n)
    expect(await scene.contract.balance()).toBe(3n)
    expect(await scene.teller.balance()).toBe(0n)
    // Its count is as if it had never been called.
    expect(
      (await call(scene, 'forward', [scene.tellerId, Teller.ADD, 0, encode([1n]), ALL_GAS])).result[1],
    ).toBe(hex(encode(1n)))
  })

  it('goes on where an actor in Wasm has used up its gas', async () => {
    const scene = await createScene(gas)
    await using _ = scene.vm
    const { result } = await call(scene, 'forward', [scene.tellerId, Teller.SPIN, 0, encode([]), 30_000_000n])
    expect(result).toEqual([7n, '0x', 1n])
    expect(await countOf(scene)).toBe(1n)
  })

  it('is entered again by the actor that it calls, and sees what changed', async () => {
    const scene = await createScene(gas)
    await using _ = scene.vm
    const back = encode([scene.contract.address.bytes, ANY_METHOD, encode('hello'), false])
    const { outcome, result } = await call(scene, 'forward', [
      scene.tellerId,
      Teller.PASS_ON,
      0,
      back,
      ALL_GAS,
    ])
    // A hundred was counted within, one before: the slot that was read before the call is read anew.
    expect(result).toEqual([0n, hex(encode(encode('hello'))), 101n])
    expect(countsOf(outcome).map((text) => text.slice(6))).toEqual(['contract 1', 'teller 1', 'contract 101'])
  })

  it('keeps nothing of what it did within a call that failed afterwards', async () => {
    const scene = await createScene(gas)
    await using _ = scene.vm
    const back = encode([scene.contract.address.bytes, ANY_METHOD, encode('hello'), true])
    const { outcome, result } = await call(scene, 'forward', [
      scene.tellerId,
      Teller.PASS_ON,
      0,
      back,
      ALL_GAS,
    ])
    expect(result).toEqual([41n, '0x', 1n])
    expect(countsOf(outcome).map((text) => text.slice(6))).toEqual(['contract 1'])
    expect(await countOf(scene)).toBe(1n)
  })

  it('pays a multisig, and may not call methods that are no exported ones', async () => {
    const scene = await createScene(gas)
    await using _ = scene.vm
    const { vm, contract } = scene
    const multisig = await deployMultisig(scene, [contract.address.bytes])
    const id = await idOf(vm, multisig)
    const { result } = await call(scene, 'forward', [id, 0n, 2n * FIL, '0x', ALL_GAS], 3n * FIL)
    expect(result).toEqual([0n, '0x', 1n])
    expect([await multisig.balance(), await contract.balance()]).toEqual([7n * FIL, FIL])
    // The multisig takes any exported method, and does nothing.
    const receive = methodNumber(vm.crypto, 'Anything')
    expect((await call(scene, 'forward', [id, receive, 0n, encode([]), ALL_GAS])).result[0]).toBe(0n)
    const proposal = encode([idAddress(100n).bytes, encodeAmount(FIL), 0, NOTHING])
    const calldata = crossing.encodeFunctionData('forward', [id, 2n, 0n, proposal, ALL_GAS])
    const { exit, value } = await contract.trySend(fromHex(calldata))
    expect(exit.code).toBe(33)
    expect(crossing.parseError(value as Uint8Array)?.args[0]).toBe('the precompile failed')
  })

  it('is called by a multisig with value, calls an actor in Wasm, and is called by that: one trace shows it all', async () => {
    const scene = await createScene(gas)
    await using _ = scene.vm
    const { vm, contract, tellerId } = scene
    const [alice = expect.fail()] = vm.accounts
    const multisig = await deployMultisig(scene, [alice.address.bytes])
    const back = encode([contract.address.bytes, ANY_METHOD, encode('hello'), false])
    const calldata = crossing.encodeFunctionData('forward', [tellerId, Teller.PASS_ON, 1n, back, ALL_GAS])
    const invoke = methodNumber(vm.crypto, 'InvokeEVM')
    const proposal = [contract.address.bytes, encodeAmount(FIL), invoke, encode(fromHex(calldata))]
    const outcome = await multisig.send(2, proposal, { from: alice })
    const [, applied, exitCode, returned] = outcome.value as readonly IpldValue[]
    expect([applied, exitCode]).toEqual([true, 0n])
    const output = decodeIpld(returned as Uint8Array) as Uint8Array
    expect([...crossing.decodeFunctionResult('forward', output)]).toEqual([
      0n,
      hex(encode(encode('hello'))),
      101n,
    ])
    expect(await contract.balance()).toBe(FIL - 1n)
    expect(await scene.teller.balance()).toBe(1n)
    expect(countsOf(outcome).map((text) => text.slice(6))).toEqual(['contract 1', 'teller 1', 'contract 101'])
    expect(outcome.fidelity.level).toBe(gas === 'fvm' ? 'calibrated' : 'simulated')
    const lines = renderTrace(outcome, vm.names)
    const at = (text: string): number => lines.findIndex((line) => line.includes(text))
    const order = [
      at('multisig.Propose'),
      at('evm.InvokeEVM'),
      at(String(Teller.PASS_ON)),
      at(String(ANY_METHOD)),
    ]
    expect(order).toEqual(order.toSorted((a, b) => a - b))
    expect(order[0]).toBeGreaterThanOrEqual(0)
    expect(toEthereumAddress(contract.address, vm.crypto)).toBe(contract.ethereumAddress)
  })
})

async function deployMultisig({ vm }: Scene, signers: readonly Uint8Array[]): Promise<ActorHandle> {
  const code = vm.chain.machineAfter().manifest.code('multisig') ?? expect.fail()
  return vm.deploy(code, { params: [[...signers], 1, 0, 0], value: 5n * FIL })
}

/** An amount in bytes: a sign, and the magnitude. */
function encodeAmount(amount: bigint): Uint8Array {
  const digits = amount.toString(16)
  return fromHex(`0x00${digits.length % 2 === 0 ? '' : '0'}${digits}`)
}
