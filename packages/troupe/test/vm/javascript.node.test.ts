import { fileURLToPath } from 'node:url'
import { bundleActor } from '@troupe/bundle-js'
import { compileFixture, crossingContract } from '@troupe/fixtures'
import { methodNumber, withActorUpgrades } from '@troupe/hypervisor'
import { decodeIpld, encodeIpld, type IpldValue } from '@troupe/ipld'
import { evmRuntime } from '@troupe/runtime-evm'
import { CODE_HEADER } from '@troupe/runtime-ses'
import { createNodeRuntime } from '@troupe/runtime-ses/node'
import { wasmRuntime } from '@troupe/runtime-wasm'
import type { MethodsOfActor } from '@troupe/sdk-js'
import { Interface, type InterfaceAbi } from 'ethers'
import { type ActorHandle, type ContractHandle, createTroupe, networks, type Troupe } from 'troupe'
import { renderTrace } from 'troupe/trace'
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest'
import type Ledger from './actors/ledger.ts'

const FIL = 10n ** 18n
const { abi, bytecode } = crossingContract()
const crossing = new Interface(abi as InterfaceAbi)
/** Exported methods of the teller, an actor in Wasm. */
const Teller = { ADD: 2n ** 24n + 1n, PASS_ON: 2n ** 24n + 2n, SPIN: 2n ** 24n + 3n }
const ALL_GAS = 2n ** 60n

const fromHex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.slice(2), 'hex'))
const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`
const bundle = async (name: string): Promise<Uint8Array> => {
  const entry = fileURLToPath(new URL(`./actors/${name}.ts`, import.meta.url))
  return new TextEncoder().encode((await bundleActor(entry, { header: CODE_HEADER })).script)
}

/** What boots once takes a second: it is kept for the next process. */
const cache = fileURLToPath(new URL('../../../runtime-ses/node_modules/.cache/images', import.meta.url))
let reentrant: Uint8Array
/** What every test has a fork of. */
let stage: {
  readonly vm: Troupe
  readonly code: Uint8Array
  readonly crosser: ActorHandle
  readonly teller: ActorHandle
  readonly contract: ContractHandle
}
beforeAll(async () => {
  const [code, other, teller] = await Promise.all([
    bundle('crosser'),
    bundle('reentrant-crosser'),
    compileFixture('teller', { generation: 4 }),
  ])
  reentrant = other
  const vm = await createTroupe({
    runtimes: [await createNodeRuntime({ cache }), wasmRuntime(), evmRuntime()],
  })
  const contract = await vm.deployContract(fromHex(bytecode))
  stage = { vm, code, crosser: await vm.deploy(code), teller: await vm.deploy(teller), contract }
}, 60_000)
afterAll(() => stage.vm.close())

/** A chain with an actor in JavaScript, one in Wasm, and a contract. */
interface Scene {
  readonly vm: Troupe
  readonly crosser: ActorHandle
  readonly teller: ActorHandle
  readonly contract: ContractHandle
  readonly idOf: (actor: { readonly address: ActorHandle['address'] }) => bigint
  readonly numberOf: (name: string) => bigint
}

async function createScene(code?: Uint8Array): Promise<Scene> {
  const vm = await stage.vm.fork()
  return {
    vm,
    crosser: code === undefined ? vm.actor(stage.crosser.address) : await vm.deploy(code),
    teller: vm.actor(stage.teller.address),
    contract: vm.contract(stage.contract.address),
    idOf: ({ address }) => vm.chain.machineAfter().state.lookupId(address) ?? expect.fail(),
    numberOf: (name) => methodNumber(vm.crypto, name),
  }
}

/** Parameters of a call that passes on another one. */
function passOn(to: ActorHandle, method: bigint, values: readonly IpldValue[], fails = false): Uint8Array {
  return encodeIpld([to.address.bytes, method, encodeIpld(values), fails])
}

const countOf = async (actor: ActorHandle): Promise<unknown> => (await actor.view('Count')).value

describe('an actor in JavaScript and one in Wasm', () => {
  it('call each other, with value', async () => {
    const { vm, crosser, teller, idOf, numberOf } = await createScene()
    await using _ = vm
    const add = { id: idOf(teller), method: Teller.ADD, params: encodeIpld([5n]), value: 3n }
    const there = await crosser.send('Forward', [add], { value: 4n })
    expect(there.value).toEqual([0n, encodeIpld(5n), 1n])
    expect([await crosser.balance(), await teller.balance()]).toEqual([1n, 3n])

    const back = await teller.send(Teller.PASS_ON, decodeIpld(passOn(crosser, numberOf('Add'), [7n])))
    expect(decodeIpld(back.value as Uint8Array)).toBe(8n)
    expect(back.events.map(({ emitter }) => emitter)).toEqual([idOf(teller), idOf(crosser)])
  })

  it('take back what either did for a call that fails, events and value too', async () => {
    const { vm, crosser, teller, idOf, numberOf } = await createScene()
    await using _ = vm
    const other = await vm.deploy(stage.code)
    await other.send('Add', [0n], { value: 9n })
    const add = { id: idOf(teller), method: Teller.ADD, params: encodeIpld([5n]), value: 3n }
    const outcome = await crosser.send('TryForward', [idOf(other), add])
    expect(outcome.value).toBe(40n)
    expect(outcome.events).toEqual([])
    expect([await countOf(crosser), await countOf(other)]).toEqual([10n, 0n])
    expect([await other.balance(), await teller.balance()]).toEqual([9n, 0n])

    // The other way round: the teller fails after the actor in JavaScript has succeeded.
    const failing = decodeIpld(passOn(crosser, numberOf('Add'), [7n], true))
    expect((await teller.trySend(Teller.PASS_ON, failing)).exit.code).toBe(41)
    expect(await countOf(crosser)).toBe(10n)
  })

  it('go on where the other has used up its gas', async () => {
    const { vm, crosser, teller, contract, idOf, numberOf } = await createScene()
    await using _ = vm
    const spin = { id: idOf(teller), method: Teller.SPIN, params: encodeIpld([]), gasLimit: 30_000_000n }
    expect((await crosser.send('Forward', [spin])).value).toEqual([7n, null, 1n])
    const args = [idOf(crosser), numberOf('Spin'), 0, encodeIpld([]), 60_000_000n]
    const { value } = await contract.send(fromHex(crossing.encodeFunctionData('forward', args)))
    expect([...crossing.decodeFunctionResult('forward', value as Uint8Array)]).toEqual([7n, '0x', 1n])
    expect(await countOf(crosser)).toBe(1n)
  })

  it('change nothing in calls that are read-only', async () => {
    const { vm, crosser, teller, idOf } = await createScene()
    await using _ = vm
    const add = { id: idOf(teller), method: Teller.ADD, params: encodeIpld([5n]), readOnly: true }
    const [exitCode] = (await crosser.send('Forward', [add])).value as readonly IpldValue[]
    expect(exitCode).not.toBe(0n)
    const sum = await crosser.send('Forward', [{ ...add, readOnly: false }])
    expect(sum.value).toEqual([0n, encodeIpld(5n), 2n])
  })

  it('do not enter one that has not said that it may be entered', async () => {
    const { vm, crosser, teller, idOf, numberOf } = await createScene()
    await using _ = vm
    const back = { id: idOf(teller), method: Teller.PASS_ON, params: passOn(crosser, numberOf('Add'), [7n]) }
    // The kernel refuses the teller, which gives up for it.
    expect((await crosser.send('Forward', [back])).value).toEqual([20n, null, 1n])
    expect(await countOf(crosser)).toBe(1n)
  })

  it('enter one that has, which sees what changed', async () => {
    const { vm, crosser, teller, idOf, numberOf } = await createScene(reentrant)
    await using _ = vm
    const back = { id: idOf(teller), method: Teller.PASS_ON, params: passOn(crosser, numberOf('Add'), [7n]) }
    expect((await crosser.send('Forward', [back])).value).toEqual([0n, encodeIpld(encodeIpld(8n)), 8n])
    expect(await countOf(crosser)).toBe(8n)
  })
})

describe('an actor in JavaScript and a contract', () => {
  it('call each other, with value', async () => {
    const { vm, crosser, contract, idOf, numberOf } = await createScene()
    await using _ = vm
    const args = [idOf(crosser), numberOf('Add'), 2n, encodeIpld([5n]), ALL_GAS]
    const there = await contract.send(fromHex(crossing.encodeFunctionData('forward', args)), { value: 3n })
    expect([...crossing.decodeFunctionResult('forward', there.value as Uint8Array)]).toEqual([0n, '0x05', 1n])
    expect([await crosser.balance(), await contract.balance()]).toEqual([2n, 1n])

    const count = fromHex(crossing.encodeFunctionData('count'))
    const back = await crosser.send('Contract', [idOf(contract), count, 0n])
    expect(crossing.decodeFunctionResult('count', back.value as Uint8Array)[0]).toBe(1n)
    await crosser.send('Contract', [idOf(contract), new Uint8Array(), 2n])
    expect([await crosser.balance(), await contract.balance()]).toEqual([0n, 3n])
  })

  it('take back what either did for a call that fails', async () => {
    const { vm, crosser, contract, idOf, numberOf } = await createScene()
    await using _ = vm
    const args = [idOf(crosser), numberOf('Add'), 0n, encodeIpld([5n]), ALL_GAS]
    const calldata = fromHex(crossing.encodeFunctionData('forwardAndRevert', args))
    // From the contract itself, and from an actor in JavaScript that is told of the reason.
    expect((await contract.trySend(calldata)).exit.code).toBe(33)
    const other = await vm.deploy(stage.code)
    const [verdict, data] = (await other.send('Contract', [idOf(contract), calldata, 0n])).value as [
      string,
      Uint8Array,
    ]
    expect([verdict, crossing.parseError(data)?.args[0]]).toEqual(['reverted', 'taken back'])
    expect(await countOf(crosser)).toBe(0n)
  })

  it('call as contracts call one another', async () => {
    const { vm, crosser } = await createScene()
    await using _ = vm
    const invoke = await crosser.send('InvokeEVM', encodeIpld(Uint8Array.of(1, 2, 3)))
    expect(invoke.value).toEqual(Uint8Array.of(1, 2, 3))
    expect(await countOf(crosser)).toBe(1000n)
  })
})

describe('an actor in JavaScript and a native one', () => {
  it('call each other, through a contract and an actor in Wasm, in one trace', async () => {
    const { vm, crosser, teller, contract, idOf, numberOf } = await createScene()
    await using _ = vm
    const [alice = expect.fail()] = vm.accounts
    const code = vm.chain.machineAfter().manifest.code('multisig') ?? expect.fail()
    const signers = [alice.address.bytes, crosser.address.bytes]
    const multisig = await vm.deploy(code, { params: [signers, 1, 0, 0], value: 5n * FIL })

    // The multisig pays the actor in JavaScript, which calls the contract, which calls the actor in Wasm.
    const args = [idOf(teller), Teller.ADD, 1n, encodeIpld([5n]), ALL_GAS]
    const calldata = fromHex(crossing.encodeFunctionData('forward', args))
    await crosser.send('Add', [0n], { value: 1n })
    const parameters = encodeIpld([idOf(contract), calldata, 1n])
    const proposal = [crosser.address.bytes, Uint8Array.of(), numberOf('Contract'), parameters]
    const outcome = await multisig.send(2, proposal, { from: alice })
    const [, applied, exitCode, returned] = outcome.value as readonly IpldValue[]
    expect([applied, exitCode]).toEqual([true, 0n])
    const output = decodeIpld(returned as Uint8Array) as Uint8Array
    expect([...crossing.decodeFunctionResult('forward', output)]).toEqual([0n, hex(encodeIpld(5n)), 1n])
    expect([await crosser.balance(), await teller.balance()]).toEqual([0n, 1n])
    const lines = renderTrace(outcome, vm.names)
    const order = ['multisig.Propose', 'evm.InvokeEVM', String(Teller.ADD)].map((text) =>
      lines.findIndex((line) => line.includes(text)),
    )
    expect(order[0]).toBeGreaterThanOrEqual(0)
    expect(order).toEqual(order.toSorted((a, b) => a - b))

    // And back: the multisig takes value with any exported method, and lets no actor of a user call another one.
    await crosser.send('Add', [0n], { value: 7n })
    const there = { id: idOf(multisig), params: encodeIpld([]) }
    const paid = await crosser.send('Forward', [{ ...there, method: numberOf('Anything'), value: 7n }])
    expect((paid.value as readonly IpldValue[])[0]).toBe(0n)
    expect(await multisig.balance()).toBe(5n * FIL + 7n)
    const refused = await crosser.send('Forward', [{ ...there, method: 2n }])
    expect((refused.value as readonly IpldValue[])[0]).toBe(18n)
  })
})

describe('a typed handle', () => {
  it('calls methods by their own names, with values as they are, and knows what comes back', async () => {
    await using vm = await stage.vm.fork()
    const [alice = expect.fail(), bob = expect.fail()] = vm.accounts
    const deployed = await vm.deploy(await bundle('ledger'), { params: [alice.address.bytes] })
    const ledger = deployed.typed<MethodsOfActor<typeof Ledger, 'public'>>()
    const { value } = await ledger.send('add', [2n ** 100n])
    expectTypeOf(value).toEqualTypeOf<bigint>()
    expect(value).toBe(2n ** 100n)
    expect((await ledger.view('add', [-(2n ** 90n)])).value).toBe(2n ** 100n - 2n ** 90n)
    expect((await ledger.view('label', [Uint8Array.of(1, 2), 'x'])).value).toEqual(Uint8Array.of(1, 2))
    // @ts-expect-error: the guard says what the arguments are
    expect((await ledger.trySend('add', ['x'])).exit.code).toBe(16)

    const admin = deployed.typed<MethodsOfActor<typeof Ledger, 'admin'>>('admin', 0n)
    expect((await admin.trySend('reset', [], { from: bob })).exit.code).toBe(18)
    await admin.send('reset', [], { from: alice })
    expect((await ledger.view('add', [1n])).value).toBe(1n)
  })
})

describe('an upgrade', () => {
  it('is for the holder of admin, and brings the state along', async () => {
    const rules = withActorUpgrades(networks.local.rules)
    const runtimes = [await createNodeRuntime({ cache })]
    await using vm = await createTroupe({ network: { ...networks.local, rules }, runtimes })
    const [alice = expect.fail(), bob = expect.fail()] = vm.accounts
    const note = await vm.deploy(await bundle('note'), { params: [alice.address.bytes, 'hello'] })
    await note.send('Admin_mark', [0n, 'seen'], { from: alice })
    const code = await vm.install(await bundle('note-2'))

    const stolen = await note.trySend('Troupe_upgrade', [0n, code.bytes], { from: bob })
    expect(stolen.exit.code).toBe(18)
    const before = await vm.getActor(note.address)
    // Code that has no way from this state, or is no actor in JavaScript at all.
    for (const other of [
      await vm.install(await bundle('ledger')),
      vm.chain.machineAfter().manifest.code('account'),
    ])
      expect(
        (await note.trySend('Troupe_upgrade', [0n, other?.bytes ?? expect.fail()], { from: alice })).exit
          .code,
      ).toBe(24)
    expect(await vm.getActor(note.address)).toEqual(before)

    await note.send('Troupe_upgrade', [0n, code.bytes], { from: alice })
    expect((await vm.getActor(note.address))?.code).toEqual(code)
    expect((await note.view('Read')).value).toBe('hello (5)')
    expect((await note.view('Has', ['seen'])).value).toBe(true)
  })
})
