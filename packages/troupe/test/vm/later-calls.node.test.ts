import { KNOWN_ACTORS } from '@troupe/actors'
import { loadCrypto } from '@troupe/crypto'
import { MemoryStore } from '@troupe/ipld/store'
import { nativeRuntime } from '@troupe/runtime-native'
import { CODE_HEADER, ses } from '@troupe/runtime-ses'
import { createNodeRuntime } from '@troupe/runtime-ses/node'
import { type ActorHandle, createTroupe, replayWitness, type Troupe, type TroupeOptions } from 'troupe'
import { describe, expect, it } from 'vitest'

const FIL = 10n ** 18n
const bytesOf = (script: string): Uint8Array => new TextEncoder().encode(CODE_HEADER + script)

/** Buys what it is told to, at the end of the block, and notes what became of it. */
const SHOP = bytesOf(`(function (require, exports) {
  const { defineActor, durable, E, FutureShape, M, when } = require('@troupe/sdk-js');
  exports.default = defineActor('Shop', {
    state: { spent: 0n, notes: durable.array(M.string()), order: durable.value(null, M.or(M.null(), FutureShape)) },
    powers: ['directory', 'funds'],
    payable: ['init'],
    facets: {
      public: M.interface('Shop', {
        buy: M.call(M.nat(), M.string(), M.nat()).returns(),
        order: M.call(M.nat(), M.string(), M.nat()).returns(),
        collect: M.call().returns(),
        buyAndFail: M.call(M.nat()).returns(),
        notes: M.call().returns(M.arrayOf(M.string())),
      }),
      later: M.interface('Later', { bought: M.call(M.any(), M.any()).returns() }),
    },
    methods: {
      public: {
        buy({ directory, funds }, seller, what, price) {
          when(E(directory.actor(seller), { value: funds.pay(price) }).sell(what), 'bought', [what, price]);
        },
        order({ state, directory, funds }, seller, what, price) {
          state.order = E(directory.actor(seller), { value: funds.pay(price) }).sell(what);
        },
        collect({ state }) { when(state.order, 'bought', ['kept', 0n]); },
        buyAndFail({ directory }, seller) {
          E(directory.actor(seller)).sell('nothing');
          throw Error('on second thoughts');
        },
        notes: ({ state }) => [...state.notes.values()],
      },
      later: {
        bought({ state }, { ok, value, exitCode }, [what, price]) {
          if (ok) state.spent += price;
          state.notes.push(what + ': ' + (ok ? value : 'failed with ' + exitCode));
        },
      },
    },
  });
})`)

/** Sells everything but hats. */
const SELLER = bytesOf(`(function (require, exports) {
  const { defineActor, fail, M } = require('@troupe/sdk-js');
  exports.default = defineActor('Seller', {
    state: { sold: 0n },
    payable: ['public.sell'],
    facets: { public: M.interface('Seller', { sell: M.call(M.string()).returns(M.string()) }) },
    methods: { public: { sell({ state, value }, what) {
      if (what === 'a hat') fail(40, 'no hats');
      state.sold += 1n;
      return what + ' number ' + state.sold + ' for ' + value;
    } } },
  });
})`)

async function open(options: TroupeOptions = {}): Promise<Troupe> {
  return createTroupe({ runtimes: [ses()], ...options })
}

async function shopAndSeller(vm: Troupe): Promise<{ shop: ActorHandle; seller: bigint }> {
  const shop = await vm.deploy(SHOP, { value: 10n * FIL })
  const seller = await vm.deploy(SELLER)
  const { id = '' } = (await vm.resolve(seller.address)) ?? {}
  return { shop, seller: BigInt(id.slice('t0'.length)) }
}

const notesOf = async (shop: ActorHandle) => (await shop.view('Notes')).value

describe('a call that an actor in JavaScript leaves to the end of the block', () => {
  it('is made then, and its result delivered, whichever way it ends', async () => {
    await using vm = await open()
    const { shop, seller } = await shopAndSeller(vm)
    const sold = await shop.send('Buy', [seller, 'a coat', 3n], { gasLimit: 5_000_000_000n })
    expect(sold.queued.map(({ exit }) => exit.name)).toEqual(['OK', 'OK'])
    const refused = await shop.send('Buy', [seller, 'a hat', 4n], { gasLimit: 5_000_000_000n })
    expect(refused.queued.map(({ exit }) => exit.code)).toEqual([40, 0])
    expect(await notesOf(shop)).toEqual(['a coat: a coat number 1 for 3', 'a hat: failed with 40'])
    expect(await shop.balance()).toBe(10n * FIL - 3n)

    const failed = await shop.trySend('BuyAndFail', [seller], { gasLimit: 5_000_000_000n })
    expect(failed).toMatchObject({ exit: { code: 23 }, queued: [] })
  })

  it('has a result that waits in the state, over blocks and restarts, and is delivered once', async () => {
    const store = new MemoryStore()
    const { address, seller } = await (async () => {
      const vm = await open({ store })
      const made = await shopAndSeller(vm)
      await made.shop.send('Order', [made.seller, 'a coat', 3n], { gasLimit: 5_000_000_000n })
      await vm.mine({ epochs: 5n })
      return { address: made.shop.address, seller: made.seller }
    })()
    await using vm = await open({ store })
    const shop = vm.actor(address)
    expect(await notesOf(shop)).toEqual([])
    await shop.send('Collect', [], { gasLimit: 5_000_000_000n })
    expect(await notesOf(shop)).toEqual(['kept: a coat number 1 for 3'])
    const again = await shop.trySend('Collect', [], { gasLimit: 5_000_000_000n })
    expect(again).toMatchObject({ exit: { name: 'USR_NOT_FOUND' }, queued: [] })
    expect(again.failure?.message).toContain('there is no future')
    expect(seller).toBeGreaterThan(100n)
  })

  it('is made again by whoever has the witness of the block', async () => {
    await using vm = await open()
    const { shop, seller } = await shopAndSeller(vm)
    await shop.send('Buy', [seller, 'a coat', 3n], { gasLimit: 5_000_000_000n })
    const crypto = await loadCrypto()
    const { messages } = replayWitness(await vm.exportWitness(), {
      ...{ crypto, proofs: undefined, rules: vm.chain.rules },
      runtimes: [nativeRuntime({ crypto, actors: KNOWN_ACTORS }), await createNodeRuntime({})],
    })
    expect(messages[0]?.queued.map(({ result }) => result.receipt.exitCode)).toEqual([0, 0])
  })
})
