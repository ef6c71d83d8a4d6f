/** What messages of mainnet changed, out of official conformance vectors, which have the blocks of the states before and after that they touch. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { loadCrypto } from '@troupe/crypto'
import { MemoryBlockstore, parseCid } from '@troupe/ipld'
import { decodeCar } from '@troupe/ipld/car'
import { diffStates, renderDiff, type StateChange } from 'troupe'
import { beforeEach, describe, expect, it } from 'vitest'

const VECTORS = process.env['TROUPE_VECTORS'] ?? join(import.meta.dirname, '../../../../../shared/vectors')
const HYGGE = join(VECTORS, 'fvm/0002-hygge-01')

const crypto = await loadCrypto()

/** What the first vector of a method changes. */
function changesOf(method: string): StateChange[] {
  const folder = join(HYGGE, method, 'Ok')
  const text = readFileSync(join(folder, readdirSync(folder).sort()[0] as string), 'utf8')
  type State = { readonly state_tree: { readonly root_cid: { readonly '/': string } } }
  const vector = JSON.parse(text) as { car: string; preconditions: State; postconditions: State }
  const store = new MemoryBlockstore()
  const car = new Uint8Array(gunzipSync(Buffer.from(vector.car, 'base64')))
  for (const [cid, bytes] of decodeCar(car, crypto).blocks) store.put(cid, bytes)
  const rootOf = ({ state_tree }: State): string => state_tree.root_cid['/']
  const [before, after] = [rootOf(vector.preconditions), rootOf(vector.postconditions)]
  return [...diffStates(store, parseCid(before), parseCid(after), { crypto })]
}

// The keys of `dealOpsByEpoch` show as version 18 would read them: version 10 wrote them without a zigzag.
describe('the changes of a message of mainnet', () => {
  beforeEach(({ skip }) => skip(!existsSync(HYGGE), 'the official vectors are not here: set TROUPE_VECTORS'))

  it.each([
    'fil_10_multisig/Propose',
    'fil_10_storagepower/CreateMiner',
    'fil_10_storagemarket/PublishStorageDeals',
  ])('are told in full: %s', (method) => {
    const lines = renderDiff(changesOf(method)).map((line) => line.replace(/^(.{120}).*$/u, '$1 …'))
    expect(lines).toMatchSnapshot()
  })

  it.each([
    'SubmitWindowedPoSt',
    'TerminateSectors',
    'PreCommitSectorBatch',
    'ProveReplicaUpdates',
    'ExtendSectorExpiration',
  ])('reach down to the partitions of a miner, and no collection is left out: %s', (method) => {
    const changes = changesOf(`fil_10_storageminer/${method}`)
    expect(changes.length).toBeGreaterThan(4)
    // Where a collection cannot be gone through, there is a CID in place of its entries.
    const links = changes.filter(
      ({ before, after }) => `${before}`.startsWith('baf') && `${after}`.startsWith('baf'),
    )
    expect(links.map(({ path }) => path)).toEqual([])
  })
})
