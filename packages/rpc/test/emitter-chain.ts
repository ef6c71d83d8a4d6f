import { loadCrypto } from '@troupe/crypto'
import { type Kernel, NV28 } from '@troupe/hypervisor'
import { CborWriter, cidOf, DAG_CBOR, RAW } from '@troupe/ipld'
import { createTestNetwork } from '@troupe/testkit'
import { createTroupe, deriveAccounts, networks, type Troupe, type TroupeOptions } from 'troupe'

/** A number as a topic. */
export const topicOf = (number: bigint): `0x${string}` => `0x${number.toString(16).padStart(64, '0')}`

/** How contracts call the emitter. */
export const EMITTER = '0xff000000000000000000000000000000000000c8'

const raw = (key: string, value: Uint8Array) => ({ flags: 3n, key, codec: BigInt(RAW), value })
const word = (number: bigint): Uint8Array => Uint8Array.from(Buffer.from(topicOf(number).slice(2), 'hex'))

/** Logs one event: the number of the method, and 7, are its topics. Method 99 emits what is no log. */
const emitter = (kernel: Kernel): number => {
  const { method: methodNumber } = kernel.context
  const topics = [raw('t1', word(methodNumber)), raw('t2', word(7n))]
  const entries = methodNumber === 99n ? [raw('t2', word(7n))] : [...topics, raw('d', Uint8Array.of(1, 2))]
  kernel.calls.events.append({ emitter: 200n, entries })
  return 0
}

/** A chain with one account, f0100, and an actor that emits events, f0200. */
export async function createEmitterVm(options: TroupeOptions = {}): Promise<Troupe> {
  const crypto = await loadCrypto()
  const [account] = deriveAccounts(crypto, { count: 1 })
  const address = account?.address ?? expectAccount()
  const state = new CborWriter().array(1).bytes(address.bytes).finish()
  const head = cidOf(crypto, DAG_CBOR, state)
  const network = await createTestNetwork({
    rules: NV28,
    actors: {
      '3': { code: 'cron' },
      '100': { code: 'account', balance: 10n ** 21n, address, head },
      '200': { code: 'emitter' },
    },
    scripts: { emitter },
  })
  network.store.putBlock(DAG_CBOR, state)
  return createTroupe({
    ...{ crypto, runtimes: [network.runtime], accounts: { count: 1 }, network: networks.filecoin(28) },
    state: { root: network.root, blocks: network.blocks.entries() },
    ...options,
  })
}

function expectAccount(): never {
  throw new Error('there is no account')
}
