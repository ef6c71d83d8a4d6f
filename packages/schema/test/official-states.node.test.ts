/** States of Filecoin's mainnet, out of the official conformance vectors: actors of versions 9 and 10. Not every block of a state is in its vector. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { loadCrypto } from '@troupe/crypto'
import { type Cid, cidKey, type IpldValue, isCid, parseCid } from '@troupe/ipld'
import { decodeCar } from '@troupe/ipld/car'
import {
  BUILTIN_INTERFACES,
  decodePlain,
  decodeWith,
  interpret,
  type Schema,
  specialise,
} from '@troupe/schema'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'

const VECTORS = process.env['TROUPE_VECTORS'] ?? join(import.meta.dirname, '../../../../shared/vectors')
const FOLDERS = [
  '0001-shark-01/fil_9_multisig/Approve',
  '0001-shark-01/fil_9_storagemarket/PublishStorageDeals',
  '0001-shark-01/fil_9_storageminer/PreCommitSectorBatch',
  '0002-hygge-01/fil_10_multisig/Approve',
  '0002-hygge-01/fil_10_storagemarket/PublishStorageDeals',
  '0002-hygge-01/fil_10_storageminer/SubmitWindowedPoSt',
  '0002-hygge-01/fil_10_storageminer/TerminateSectors',
  '0002-hygge-01/fil_10_storageminer/ProveReplicaUpdates',
  '0002-hygge-01/fil_10_storagepower/CreateMiner',
  '0002-hygge-01/fil_10_verifiedregistry/RemoveExpiredAllocations',
].map((folder) => join(VECTORS, 'fvm', folder, 'Ok'))

/** Keys of the state tree. */
const SYSTEM_ID = '0,0'
const REWARD_ID = '0,2'

const crypto = await loadCrypto()

/** The blocks of a vector, and the state that it begins with. */
function readVector(folder: string): { blocks: Map<string, Uint8Array>; root: Cid } {
  const file = readdirSync(folder).sort()[0] as string
  const { car, preconditions } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
    car: string
    preconditions: { state_tree: { root_cid: { '/': string } } }
  }
  const { blocks } = decodeCar(new Uint8Array(gunzipSync(Buffer.from(car, 'base64'))), crypto)
  return {
    blocks: new Map(blocks.map(([cid, bytes]) => [cidKey(cid), bytes])),
    root: parseCid(preconditions.state_tree.root_cid['/']),
  }
}

class State {
  readonly #blocks: Map<string, Uint8Array>
  /** What was met, and whether it fits: `storageminer/deadlines/due`. */
  readonly met = new Map<string, boolean>()

  constructor(blocks: Map<string, Uint8Array>) {
    this.#blocks = blocks
  }

  load(cid: Cid): IpldValue | undefined {
    const bytes = this.#blocks.get(cidKey(cid))
    return bytes === undefined ? undefined : decodePlain(bytes)
  }

  /** Entries of a HAMT whose blocks are there: keys and values. */
  *entries(cid: Cid): Generator<readonly [key: Uint8Array, value: IpldValue]> {
    const node = this.load(cid)
    if (!Array.isArray(node)) return
    for (const pointer of node[1] as readonly IpldValue[])
      if (isCid(pointer)) yield* this.entries(pointer)
      else yield* pointer as readonly (readonly [Uint8Array, IpldValue])[]
  }

  /** Values of an AMT whose blocks are there; `depth` is the height of a node, the root apart. */
  *values(node: IpldValue | undefined): Generator<IpldValue> {
    if (!Array.isArray(node)) return
    const [, links, values] = node as [Uint8Array, readonly Cid[], readonly IpldValue[]]
    yield* values
    for (const cid of links) yield* this.values(this.load(cid))
  }

  /** Looks at a value, and at all below it. */
  visit(schema: Schema, plain: IpldValue, path: string): void {
    const before = this.met.get(path) ?? true
    this.met.set(path, before && interpret(schema, plain).isDescribed)
    const special = specialise(schema, plain)
    if (special.kind === 'tuple')
      special.fields.forEach(([name, field], index) => {
        const item = (plain as readonly IpldValue[])[index]
        if (item !== undefined) this.visit(field, item, `${path}/${name}`)
      })
    else if (special.kind === 'list')
      for (const item of plain as readonly IpldValue[]) this.visit(special.item, item, path)
    else if (isCid(plain)) this.#follow(special, plain, path)
  }

  #follow(schema: Schema, cid: Cid, path: string): void {
    if (schema.kind === 'link') {
      const content = this.load(cid)
      if (content !== undefined) this.visit(schema.to, content, path)
    } else if (schema.kind === 'hamt')
      for (const [, value] of this.entries(cid)) this.visit(schema.value, value, `${path}/*`)
    else if (schema.kind === 'amt') {
      const root = this.load(cid)
      if (Array.isArray(root))
        for (const value of this.values(root[3] as IpldValue)) this.visit(schema.value, value, `${path}/*`)
    }
  }
}

const NO_VECTORS = 'the official vectors are not here: set TROUPE_VECTORS'

describe('the states of mainnet', () => {
  const hasVectors = FOLDERS.every(existsSync)
  let vectors: ReturnType<typeof readVector>[]
  /** Code and state of each actor, by its key in the state tree: one map for each vector. */
  let actors: Map<string, readonly [code: Cid, head: Cid]>[]
  const met = new Map<string, boolean>()

  beforeEach(({ skip }) => skip(!hasVectors, NO_VECTORS))

  // Before the tests, not beside them: what stands beside them is run where they are skipped, too.
  beforeAll(() => {
    if (!hasVectors) return
    vectors = FOLDERS.map((folder) => readVector(folder))
    const states = vectors.map(({ blocks }) => new State(blocks))
    const names = new Map<string, string>()
    actors = vectors.map(({ root }, index) => {
      const state = states[index] as State
      const found = new Map<string, readonly [code: Cid, head: Cid]>()
      const [, tree] = state.load(root) as [bigint, Cid]
      for (const [key, value] of state.entries(tree)) found.set(String(key), value as unknown as [Cid, Cid])
      // Not every vector has the system actor, whose state names the others.
      const system = found.get(SYSTEM_ID)
      const content = system === undefined ? undefined : (state.load(system[1]) as readonly [Cid] | undefined)
      const manifest = content === undefined ? undefined : state.load(content[0])
      for (const [name, code] of (manifest ?? []) as unknown as readonly (readonly [string, Cid])[])
        names.set(String(code), name)
      return found
    })
    for (const [index, found] of actors.entries())
      for (const [code, head] of found.values()) {
        const name = names.get(String(code))
        const schema = BUILTIN_INTERFACES.find((actor) => actor.name === name)?.state
        const content = states[index]?.load(head)
        if (schema !== undefined && content !== undefined)
          states[index]?.visit(schema, content, name as string)
      }
    for (const state of states)
      for (const [path, fits] of state.met) met.set(path, (met.get(path) ?? true) && fits)
  })

  it('are described, every block of them that is there', () => {
    expect([...met].filter(([, fits]) => !fits).map(([path]) => path)).toEqual([])
  })

  it('are met in all their parts that messages touch', () => {
    const paths = [...met.keys()]
    for (const path of [
      'account/address',
      'init/addressMap/*',
      'multisig/pendingTxs/*',
      'reward/thisEpochRewardSmoothed',
      'storagemarket/proposals/*/label',
      'storagemarket/escrowTable/*',
      'storageminer/info/owner',
      'storageminer/deadlines/due/partitions/*/expirationsEpochs/*',
      'storageminer/preCommittedSectors/*/info/dealIds',
      'storageminer/sectors/*/dealWeight',
      'storagepower/claims/*',
      'datacap/token/balances/*',
      'verifiedregistry/allocations/*/*',
      'verifiedregistry/claims/*/*',
    ])
      expect(paths).toContain(path)
  })

  it('decode as what they are', () => {
    const index = FOLDERS.findIndex((folder) => folder.includes('fil_10_storagemarket'))
    const [, head] = (actors[index] as Map<string, readonly [Cid, Cid]>).get(REWARD_ID) as readonly [Cid, Cid]
    const bytes = vectors[index]?.blocks.get(cidKey(head)) as Uint8Array
    const schema = BUILTIN_INTERFACES.find(({ name }) => name === 'reward')?.state as Schema
    expect(decodeWith(schema, bytes).value).toMatchInlineSnapshot(`
      {
        "baselineTotal": 768335872210768889362796814n,
        "cumsumBaseline": 21794454069706744343162654n,
        "cumsumRealized": 21794447348787826941095570n,
        "effectiveBaselinePower": 17259854841274386825n,
        "effectiveNetworkTime": 2710870n,
        "epoch": 2799999n,
        "simpleTotal": 330000000000000000000000000n,
        "thisEpochBaselinePower": 18304612609464865892n,
        "thisEpochReward": 78439397749804670942n,
        "thisEpochRewardSmoothed": {
          "position": 26693372873804035870813212638439269996166093898590903544983n,
          "velocity": -24201969938647077842219154283304203204086267837097407n,
        },
        "totalStoragePowerReward": 277653771124994761627410908n,
      }
    `)
  })
})

describe('the messages of mainnet that succeed', () => {
  const hasVectors = existsSync(join(VECTORS, 'fvm'))
  /** What messages to an actor take and return, by `actor.Method`: whether the descriptions fit. */
  const fits = new Map<string, { parameters: boolean; returns: boolean }>()

  beforeEach(({ skip }) => skip(!hasVectors, NO_VECTORS))

  beforeAll(() => {
    if (!hasVectors) return
    for (const [series, prefix] of [
      ['0001-shark-01', 'fil_9_'],
      ['0002-hygge-01', 'fil_10_'],
    ] as const)
      for (const folder of readdirSync(join(VECTORS, 'fvm', series))) {
        const actor = BUILTIN_INTERFACES.find(({ name }) => name === folder.slice(prefix.length))
        for (const method of readdirSync(join(VECTORS, 'fvm', series, folder))) {
          const ok = join(VECTORS, 'fvm', series, folder, method, 'Ok')
          for (const file of existsSync(ok) ? readdirSync(ok) : []) {
            const { apply_messages, postconditions } = JSON.parse(readFileSync(join(ok, file), 'utf8')) as {
              apply_messages: { bytes: string }[]
              postconditions: { receipts: { return: string }[] }
            }
            // The last message is the one that the vector is about.
            const message = decodePlain(bytesOf(apply_messages.at(-1)?.bytes)) as readonly IpldValue[]
            const found = actor?.methods.find(({ number }) => number === message[8])
            const name = `${actor?.name}.${found?.name ?? 'Send'}`
            const before = fits.get(name) ?? { parameters: true, returns: true }
            const described = (schema: Schema | undefined, bytes: Uint8Array): boolean =>
              schema === undefined || decodeWith(schema, bytes).isDescribed
            fits.set(name, {
              parameters: before.parameters && described(found?.parameters, message[9] as Uint8Array),
              returns:
                before.returns && described(found?.returns, bytesOf(postconditions.receipts.at(-1)?.return)),
            })
          }
        }
      }
  })

  it('have parameters and return values as described', () => {
    expect([...fits].filter(([, { parameters, returns }]) => !parameters || !returns)).toEqual([])
    expect([...fits.keys()].sort()).toMatchInlineSnapshot(`
      [
        "account.Send",
        "init.Exec",
        "multisig.Approve",
        "multisig.Propose",
        "multisig.Send",
        "storagemarket.AddBalance",
        "storagemarket.PublishStorageDeals",
        "storagemarket.WithdrawBalance",
        "storageminer.ChangePeerID",
        "storageminer.DeclareFaultsRecovered",
        "storageminer.DisputeWindowedPoSt",
        "storageminer.ExtendSectorExpiration",
        "storageminer.PreCommitSector",
        "storageminer.PreCommitSectorBatch",
        "storageminer.ProveCommitAggregate",
        "storageminer.ProveCommitSector",
        "storageminer.ProveReplicaUpdates",
        "storageminer.Send",
        "storageminer.SubmitWindowedPoSt",
        "storageminer.TerminateSectors",
        "storageminer.WithdrawBalance",
        "storagepower.CreateMiner",
        "verifiedregistry.AddVerifiedClient",
        "verifiedregistry.RemoveExpiredAllocations",
      ]
    `)
  })
})

function bytesOf(base64: string | undefined): Uint8Array {
  return new Uint8Array(Buffer.from(base64 ?? '', 'base64'))
}
