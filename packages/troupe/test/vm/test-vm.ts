import { loadCrypto } from '@troupe/crypto'
import { NV28 } from '@troupe/hypervisor'
import { CborWriter, cidOf, DAG_CBOR } from '@troupe/ipld'
import { createTestNetwork, type Script, type TestActor } from '@troupe/testkit'
import { createTroupe, deriveAccounts, networks, type Troupe, type TroupeOptions } from 'troupe'

const FIL = 10n ** 18n

/** A chain of scripted actors on which the first two accounts have 1,000 FIL each: f0100 and f0101. */
export async function createTestVm(
  scripts: Readonly<Record<string, Script>> = {},
  actors: Readonly<Record<string, TestActor>> = {},
  options: TroupeOptions = {},
): Promise<Troupe> {
  const crypto = await loadCrypto()
  const states = deriveAccounts(crypto, { count: 2 }).map(({ address }) => ({
    address,
    state: new CborWriter().array(1).bytes(address.bytes).finish(),
  }))
  const accounts = Object.fromEntries(
    states.map(({ address, state }, index) => [
      100 + index,
      { code: 'account', balance: 1000n * FIL, address, head: cidOf(crypto, DAG_CBOR, state) },
    ]),
  )
  const network = await createTestNetwork({
    rules: NV28,
    actors: { '3': { code: 'cron' }, ...accounts, ...actors },
    scripts,
  })
  for (const { state } of states) network.store.putBlock(DAG_CBOR, state)
  return createTroupe({
    crypto,
    runtimes: [network.runtime],
    state: { root: network.root, blocks: network.blocks.entries() },
    accounts: { count: 2 },
    network: networks.filecoin(28),
    ...options,
  })
}
