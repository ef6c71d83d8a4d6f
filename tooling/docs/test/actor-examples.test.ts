import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { bundleActor } from '@troupe/bundle-js'
import { codeBlocks } from '@troupe/docs'
import type { IpldValue } from '@troupe/ipld'
import { CODE_HEADER, ses } from '@troupe/runtime-ses'
import { type ActorHandle, createTroupe, type Troupe } from 'troupe'
import { encodeAbiParameters, encodeErrorResult, encodeFunctionData, parseAbi } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const repository = new URL('../../../', import.meta.url)
const scratch = new URL('../.cache/actors/', import.meta.url)

/** The actors that a document shows. */
async function actorsIn(file: string): Promise<string[]> {
  const text = await readFile(new URL(file, repository), 'utf8')
  return codeBlocks(text, 'js').filter((code) => code.includes('defineActor'))
}

describe('the actors that are shown', () => {
  let vm: Troupe
  let count = 0
  beforeAll(async () => {
    vm = await createTroupe({ runtimes: [ses()] })
    await mkdir(scratch, { recursive: true })
  })
  afterAll(() => vm.close())

  async function deploy(source = ''): Promise<ActorHandle> {
    const entry = new URL(`actor-${count++}.js`, scratch)
    await writeFile(entry, source)
    const { script } = await bundleActor(fileURLToPath(entry), { header: CODE_HEADER })
    return vm.deploy(new TextEncoder().encode(script))
  }
  /** A reference to the public facet of an actor. */
  const refTo = async (actor: ActorHandle): Promise<IpldValue> => {
    const id = (await vm.resolve(actor))?.id ?? expect.fail()
    return { '@ref': [BigInt(id.slice(2)), 'public', null, null] }
  }
  const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.slice(2), 'hex'))

  it('in the README count', async () => {
    const actors = await actorsIn('README.md')
    expect(actors).toHaveLength(1)
    const counter = await deploy(actors[0])
    await counter.send('Add', [5n])
    expect((await counter.send('Add', [2n])).value).toBe(7n)
  })

  it('in the README of sdk-js are four', async () => {
    expect(await actorsIn('packages/sdk-js/README.md')).toHaveLength(4)
  })

  it('count, say so, and let nobody begin anew who was not granted it', async () => {
    const counter = await deploy((await actorsIn('packages/sdk-js/README.md'))[0])
    await counter.send('Add', [5n])
    const { events, value } = await counter.send('Add', [2n])
    expect(value).toBe(7n)
    expect(events[0]?.entries.map(({ key }) => key)).toEqual(['$type', 'n'])
    expect((await counter.trySend('Add', ['x'])).exit.name).toBe('USR_ILLEGAL_ARGUMENT')
    expect((await counter.trySend('Admin_reset', [0n])).exit.name).toBe('USR_FORBIDDEN')
  })

  it('call contracts, and answer as one', async () => {
    const counter = await deploy((await actorsIn('packages/sdk-js/README.md'))[1])
    const abi = parseAbi(['function add(uint256) returns (uint256)', 'error TooMuch(uint256)'])
    const add = (n: bigint): Uint8Array => bytes(encodeFunctionData({ abi, functionName: 'add', args: [n] }))
    const asContract = vm.contract(counter)
    await asContract.send(add(5n))
    const word = bytes(encodeAbiParameters([{ type: 'uint256' }], [7n]))
    expect((await asContract.send(add(2n))).value).toEqual(word)
    const refused = await asContract.trySend(add(101n))
    expect(refused.value).toEqual(bytes(encodeErrorResult({ abi, errorName: 'TooMuch', args: [101n] })))

    const token = await deploy(TOKEN)
    await counter.send('Pay', [await refTo(token), 3n])
    expect((await token.view('Paid')).value).toBe(3n)
  })

  it('keep objects of a vat', async () => {
    const counters = await deploy((await actorsIn('packages/sdk-js/README.md'))[2])
    const [alice, bob] = vm.accounts
    await counters.send('Add', [5n], { from: alice ?? expect.fail() })
    expect((await counters.send('Add', [1n], { from: bob ?? expect.fail() })).value).toBe(1n)
    expect((await counters.send('Add', [2n], { from: alice ?? expect.fail() })).value).toBe(7n)
  })

  it('buy at the end of the block, and go on when they have', async () => {
    const shop = await deploy((await actorsIn('packages/sdk-js/README.md'))[3])
    const seller = await deploy(SELLER)
    await vm.send({ to: shop.address, value: 10n })
    const { queued } = await shop.send('Buy', [await refTo(seller), 4n], { gasLimit: 2_000_000_000n })
    expect(queued.map(({ exit }) => exit.name)).toEqual(['OK', 'OK'])
    expect([await shop.balance(), await seller.balance()]).toEqual([6n, 4n])
  })
})

/** Notes what it is told to transfer. */
const TOKEN = `import { defineActor, M } from '@troupe/sdk-js'
import { answer, defineAbi } from '@troupe/sdk-js/abi'
const ABI = defineAbi([{ type: 'function', name: 'transfer', inputs: [{ type: 'address' }, { type: 'uint256' }], outputs: [{ type: 'bool' }], stateMutability: 'nonpayable' }])
export default defineActor('Token', {
  state: { paid: 0n },
  facets: { public: M.interface('Token', { paid: M.call().returns(M.nat()) }) },
  methods: { public: { paid: ({ state }) => state.paid } },
  contract: answer(ABI, { transfer({ state }, _to, n) { state.paid += n; return true } }),
})
`
/** Sells everything to everyone. */
const SELLER = `import { defineActor, M } from '@troupe/sdk-js'
export default defineActor('Seller', {
  payable: ['public.sell'],
  facets: { public: M.interface('Seller', { sell: M.call(M.string()).returns(M.string()) }) },
  methods: { public: { sell: (_, what) => 'sold ' + what } },
})
`
