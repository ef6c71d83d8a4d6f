import {
  CronMethod,
  constructStorageActors,
  createGenesis,
  rewardStateCodec,
  type StorageActor,
  SYSTEM_ACTORS,
} from '@troupe/actors'
import { loadNodeCrypto } from '@troupe/crypto-node'
import { NO_OFFICIAL_ACTORS, officialActors } from '@troupe/differential'
import {
  Executor,
  idAddress,
  LocalExterns,
  Machine,
  Manifest,
  type RuleSet,
  rulesOf,
} from '@troupe/hypervisor'
import { CborStore, type Cid, decodeValue, MemoryBlockstore } from '@troupe/ipld'
import { type NativeActor, nativeRuntime, storeManifest, storeNativeManifest } from '@troupe/runtime-native'
import { describe, expect, it } from 'vitest'

const crypto = await loadNodeCrypto()
const official = officialActors(crypto)
const rules: RuleSet = rulesOf(28)
const STORAGE_ACTORS: readonly StorageActor[] = [
  'storagepower',
  'storagemarket',
  'verifiedregistry',
  'datacap',
]
/** Tipsets without blocks are left out. */
const EPOCHS = [1n, 2n, 5n]

/** A network that goes through epochs; gives the heads of its singletons at the end, and the epoch of the reward. */
function live(
  { codes, blocks: code, runtime }: NonNullable<typeof official>,
  actors: readonly NativeActor[],
) {
  const blocks = new MemoryBlockstore()
  const store = new CborStore(blocks, crypto)
  for (const [cid, bytes] of code) blocks.put(cid, bytes)
  const native = new Set(actors.map(({ name }) => name))
  const others = Object.fromEntries([...codes].filter(([name]) => !native.has(name)))
  const manifest =
    actors.length > 0
      ? storeNativeManifest(store, actors, others)
      : storeManifest(store, new Manifest([...codes]))
  const open = (root: Cid, epoch: bigint): Machine =>
    Machine.create({
      rules,
      context: { epoch, timestamp: epoch * 30n, baseFee: 100n, circulatingSupply: 0n, chainId: 314n },
      ...{ blocks, root, crypto },
      externs: new LocalExterns(crypto, new Uint8Array(32)),
      runtimes: [nativeRuntime({ crypto, actors }), runtime],
    })
  const first = createGenesis(store, {
    ...{ rules, manifest, networkName: 'epochs', storageActors: STORAGE_ACTORS },
  })
  let machine = open(first, 0n)
  constructStorageActors(machine, STORAGE_ACTORS, idAddress(80n))
  let root = machine.flush()
  for (const epoch of EPOCHS) {
    machine = open(root, epoch)
    const tick = new Executor(machine).execute(
      {
        ...{ version: 0n, from: idAddress(0n), to: idAddress(3n), sequence: 0n, value: 0n },
        ...{ method: BigInt(CronMethod.EPOCH_TICK), params: new Uint8Array() },
        ...{ gasLimit: 10_000_000_000n, gasFeeCap: 0n, gasPremium: 0n },
      },
      { kind: 'implicit', length: 0 },
    )
    expect(tick.receipt.exitCode).toBe(0)
    root = machine.flush()
  }
  const heads = [1n, 2n, 3n, 4n, 5n, 6n, 7n].map((id) => String(machine.state.getActor(id)?.head))
  const reward = decodeValue(rewardStateCodec, store.getBlock(machine.state.getActor(2n)?.head as Cid))
  return { heads, epoch: reward.epoch }
}

describe('a network with storage actors', () => {
  it('goes through epochs alike with native system actors and with official ones', ({ skip }) => {
    if (official === undefined) return skip(NO_OFFICIAL_ACTORS)
    const expected = live(official, [])
    // Cron has called the power actor, and the power actor the reward actor.
    expect(expected.epoch).toBe(6n)
    expect(live(official, SYSTEM_ACTORS)).toEqual(expected)
  })
})
