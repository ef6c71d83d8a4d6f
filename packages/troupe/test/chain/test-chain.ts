import { type Message, NV28, type TokenAmount } from '@troupe/hypervisor'
import { MemoryStore } from '@troupe/ipld/store'
import { createTestNetwork, idOf, type Script, type TestActor } from '@troupe/testkit'
import { Chain, type ChainOptions } from 'troupe'

/** A chain on a small state of scripted actors: accounts 100 and 101 with 1,000 FIL each, and whatever the test adds. */
export async function createTestChain(
  scripts: Readonly<Record<string, Script>> = {},
  actors: Readonly<Record<string, TestActor>> = {},
): Promise<{ chain: Chain; options: ChainOptions; store: MemoryStore }> {
  const account = { code: 'account', balance: 1000n * 10n ** 18n }
  const network = await createTestNetwork({
    rules: NV28,
    actors: { '3': { code: 'cron' }, '100': account, '101': account, ...actors },
    scripts,
  })
  const store = new MemoryStore()
  store.commit({ blocks: network.blocks.entries() })
  const options: ChainOptions = {
    rules: {
      rules: NV28,
      networkName: 'test',
      chainId: 31415926n,
      genesisTimestamp: 1_700_000_000n,
      epochSeconds: 30n,
      baseFeeRule: 'premiums',
      transactionKinds: ['homestead', 'eip155', 'eip1559'],
    },
    store,
    crypto: network.crypto,
    runtimes: [network.runtime],
    seed: Uint8Array.of(1, 2, 3),
    miner: idOf(101),
  }
  return { chain: Chain.create(options, network.root), options, store }
}

/** A message from account 100. */
export function messageOf(sequence: bigint, fields: Partial<Message> = {}): Message {
  return {
    version: 0n,
    from: idOf(100),
    to: idOf(101),
    sequence,
    value: 0n,
    gasLimit: 10_000_000n,
    gasFeeCap: 10n ** 9n,
    gasPremium: 100n,
    method: 0n,
    params: new Uint8Array(),
    ...fields,
  }
}

/** The balance of an actor after the head. */
export function balanceOf(chain: Chain, id: bigint): TokenAmount {
  return chain.stateAfter().getActor(id)?.balance ?? 0n
}
