import { fileURLToPath } from 'node:url'
import { bundleActor } from '@troupe/bundle-js'
import { shopContract } from '@troupe/fixtures'
import { evmRuntime } from '@troupe/runtime-evm'
import { CODE_HEADER } from '@troupe/runtime-ses'
import { createNodeRuntime } from '@troupe/runtime-ses/node'
import { Interface, type InterfaceAbi } from 'ethers'
import { type ActorHandle, type ContractHandle, createTroupe, type MessageOutcome, type Troupe } from 'troupe'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const { abi, bytecode } = shopContract()
const shopAbi = new Interface(abi as InterfaceAbi)
const counterAbi = new Interface(['error TooMuch(uint256 wanted, uint256 most)'])

const fromHex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.slice(2), 'hex'))
const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`

/** What boots once takes a second: it is kept for the next process. */
const cache = fileURLToPath(new URL('../../../runtime-ses/node_modules/.cache/images', import.meta.url))
let stage: { readonly vm: Troupe; readonly shopper: ActorHandle; readonly shop: ContractHandle }
beforeAll(async () => {
  const entry = fileURLToPath(new URL('./actors/shopper.ts', import.meta.url))
  const { script } = await bundleActor(entry, { header: CODE_HEADER })
  const vm = await createTroupe({ runtimes: [await createNodeRuntime({ cache }), evmRuntime()] })
  const shop = await vm.deployContract(fromHex(bytecode))
  const params = [vm.chain.machineAfter().state.lookupId(shop.address) ?? expect.fail()]
  const shopper = await vm.deploy(new TextEncoder().encode(script), { params, value: 10n })
  stage = { vm, shopper, shop }
}, 60_000)
afterAll(() => stage.vm.close())

interface Scene {
  readonly vm: Troupe
  readonly shopper: ActorHandle
  readonly shop: ContractHandle
  /** Calls a function of the contract, and gives what it returned. */
  call(name: string, args: readonly unknown[], value?: bigint): Promise<readonly unknown[]>
  tryCall(name: string, args: readonly unknown[], value?: bigint): Promise<MessageOutcome>
}

async function createScene(): Promise<Scene> {
  const vm = await stage.vm.fork()
  const shop = vm.contract(stage.shop.address)
  const tryCall = (name: string, args: readonly unknown[], value = 0n): Promise<MessageOutcome> =>
    shop.trySend(fromHex(shopAbi.encodeFunctionData(name, args)), { value })
  return {
    ...{ vm, shop, tryCall, shopper: vm.actor(stage.shopper.address) },
    call: async (name, args, value) => {
      const { exit, value: returned } = await tryCall(name, args, value)
      expect(exit.code).toBe(0)
      return [...shopAbi.decodeFunctionResult(name, returned as Uint8Array)]
    },
  }
}

/** The address that contracts know an actor by. */
function ethereumAddressOf({ vm, shopper }: Scene): string {
  const id = vm.chain.machineAfter().state.lookupId(shopper.address) ?? expect.fail()
  return `0xff${id.toString(16).padStart(38, '0')}`
}

describe('an actor in JavaScript that has the interface of a contract', () => {
  it('calls it with values, and pays it', async () => {
    const scene = await createScene()
    await using _ = scene.vm
    const { shopper, shop, vm } = scene
    expect((await shopper.send('Mint', [7n])).value).toBe(3n)
    expect(await shop.balance()).toBe(3n)
    expect(await scene.call('balanceOf', [ethereumAddressOf(scene)])).toEqual([7n])
    const to = vm.chain.machineAfter().state.lookupId(shop.address) ?? expect.fail()
    expect((await shopper.send('Give', [to, 5n])).value).toBe(true)
    expect((await shopper.send('Balance')).value).toBe(2n)
    expect(await scene.call('balanceOf', [shop.ethereumAddress])).toEqual([5n])
    expect((await shopper.send('Back', [shop.ethereumAddress?.toLowerCase() ?? ''])).value).toBe(true)
    expect((await shopper.send('Back', [ethereumAddressOf(scene)])).value).toBe(true)
  })

  it('sends values of every form, and has them back as they were', async () => {
    const scene = await createScene()
    await using _ = scene.vm
    const items = [
      { price: 2n ** 63n, name: 'grün 🎩', tags: [Uint8Array.of(1, 2, 3, 4), Uint8Array.of(5, 6, 7, 8)] },
      { price: 0n, name: '', tags: [] },
    ]
    const values = [items, [true, false], -128n, new Uint8Array(40).fill(9)]
    expect((await scene.shopper.send('Echo', [values])).value).toEqual(values)
    expect((await scene.shopper.send('Sizes')).value).toEqual([256n, 5n])
  })

  it('is told why one reverted', async () => {
    const scene = await createScene()
    await using _ = scene.vm
    const why = async (how: string): Promise<unknown> => (await scene.shopper.send('Why', [how])).value
    expect(await why('text')).toEqual(['Error', 'for a reason'])
    expect(await why('panic')).toEqual(['Panic', 0x12n])
    expect(await why('balance')).toEqual(['Insufficient', ethereumAddressOf(scene), 0n, 10n ** 18n])
  })
})

describe('an actor in JavaScript that answers as a contract', () => {
  it('is called by name, with values and with value', async () => {
    const scene = await createScene()
    await using _ = scene.vm
    const actor = ethereumAddressOf(scene)
    expect(await scene.call('addTo', [actor, 5n])).toEqual([5n])
    expect(await scene.call('addTo', [actor, 6n])).toEqual([11n])
    expect(await scene.call('payTo', [actor], 4n)).toEqual([4n])
    expect(await scene.shopper.balance()).toBe(14n)
    expect(await scene.call('labelsOf', [actor, ['a', 'bé', '']])).toEqual(['a and bé and ', 11n])
  })

  it('reverts as a contract does, and changes nothing', async () => {
    const scene = await createScene()
    await using _ = scene.vm
    const actor = ethereumAddressOf(scene)
    const [ok, data] = await scene.call('tryToAdd', [actor, 1001n])
    expect(ok).toBe(false)
    expect(counterAbi.parseError(data as string)?.args.toArray()).toEqual([1001n, 1000n])
    const { exit, value } = await scene.tryCall('addTo', [actor, 1001n])
    expect([exit.code, hex(value as Uint8Array)]).toEqual([33, data])
    expect(await scene.call('reasonOf', [actor, 'not today'])).toEqual(['not today'])
    expect(await scene.call('addTo', [actor, 0n])).toEqual([0n])
  })

  it('is called by accounts in the same way', async () => {
    const scene = await createScene()
    await using _ = scene.vm
    const add = new Interface(['function add(uint256) returns (uint256)'])
    const send = (calldata: string, value = 0n): Promise<MessageOutcome> =>
      scene.vm.contract(scene.shopper.address).trySend(fromHex(calldata), { value })
    const { value } = await send(add.encodeFunctionData('add', [9n]))
    expect(add.decodeFunctionResult('add', value as Uint8Array).toArray()).toEqual([9n])
    // A function that takes no value, and one that is not there.
    expect((await send(add.encodeFunctionData('add', [9n]), 1n)).exit.code).toBe(33)
    expect((await send('0x01020304')).exit.code).toBe(33)
    expect((await send('0x')).exit.code).toBe(33)
    // Calldata that ends within a word.
    expect((await send(add.encodeFunctionData('add', [9n]).slice(0, -2))).exit.code).toBe(21)
  })
})
