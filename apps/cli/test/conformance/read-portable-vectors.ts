/** @module The Node side of the browser's tests over official vectors: reads them, and runs them for comparison. */
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { openBundleCache } from '@troupe/bundles'
import { CodedError, type CryptoProvider, loadCrypto } from '@troupe/crypto'
import { encodeMessage } from '@troupe/hypervisor'
import { type Cid, parseCid } from '@troupe/ipld'
import { encodeCar } from '@troupe/ipld/car'
import { cacheDirectories } from '../../src/cache-directories.ts'
import { defaultVectorDirectory, findVectors } from '../../src/conformance/find-vectors.ts'
import type { VectorTask } from '../../src/conformance/task.ts'
import { parseVector, type Vector } from '../../src/conformance/vector.ts'
import { FVM_SUITE } from '../../src/conformance/vector-suite.ts'
import {
  type PortableOutcome,
  type PortableSuite,
  type PortableVector,
  runPortably,
} from './portable-vectors.ts'

/** Manifest data of the main network, of builtin-actors v9 and v10: for network versions 17 and 18. */
const MANIFESTS = [
  'bafy2bzacebhoemuuebamhlw7mbr7ehljkymyaf75ywlw4irms4xv3oosskpyk',
  'bafy2bzacea5a4r4pgc5pjcy2kx7mcbjcmc72chs7qqyl5o4jirxiplnqdmpo2',
].map(parseCid)

/** A sample of the official vectors with the code they run, or why there is none. */
export async function readPortableVectors(): Promise<PortableSuite | { readonly missing: string }> {
  const crypto = await loadCrypto()
  const tasks = sample(await officialVectors())
  if (tasks.length === 0) return { missing: 'the official vectors are not here: set TROUPE_VECTORS' }
  const code = readCode(crypto)
  if (code === undefined)
    return {
      missing: 'the code of the actors is not in the cache: troupe bundle add v9.tar.zst v10.tar.zst',
    }
  const vectors = tasks.map(({ file }) => parseVector(readFileSync(file, 'utf8'), crypto))
  return {
    vectors: vectors.flatMap((vector) => (vector.unsupported === undefined ? portable(vector) : [])),
    code: code.toBase64(),
  }
}

/** Runs the same sample in this process. */
export async function runInNode(): Promise<PortableOutcome[]> {
  const suite = await readPortableVectors()
  if ('missing' in suite) throw new Error(suite.missing)
  return runPortably(suite)
}

async function officialVectors(): Promise<VectorTask[]> {
  try {
    return await findVectors(await defaultVectorDirectory({ env: process.env }), '')
  } catch (error) {
    if (error instanceof CodedError && error.code === 'suite/no-directory') return []
    throw error
  }
}

/** One of each actor that vectors are filed under: the names of actors tell network versions apart. */
function sample(all: readonly VectorTask[]): VectorTask[] {
  return [...new Map(all.map((task) => [FVM_SUITE.familyOf(task.name), task])).values()]
}

function readCode(crypto: CryptoProvider): Uint8Array | undefined {
  const { bundles } = cacheDirectories({ env: process.env, platform: process.platform, home: homedir() })
  const cache = openBundleCache(bundles, crypto)
  const blocks = new Map<string, readonly [Cid, Uint8Array]>()
  for (const manifest of MANIFESTS) {
    const bundle = cache.find(manifest)
    if (bundle === undefined) return undefined
    for (const cid of [manifest, ...bundle.actors.map((actor) => actor.code)])
      blocks.set(cid.toString(), [cid, cache.get(cid)])
  }
  return encodeCar(MANIFESTS, blocks.values())
}

function portable(vector: Vector): PortableVector[] {
  const car = encodeCar([vector.preRoot], vector.blocks.entries()).toBase64()
  return vector.variants.map(({ id, epoch, rules }) => ({
    id: vector.variants.length === 1 ? vector.id : `${vector.id}#${id}`,
    networkVersion: rules.networkVersion,
    epoch: epoch.toString(),
    baseFee: vector.baseFee.toString(),
    circulatingSupply: vector.circulatingSupply.toString(),
    randomness: vector.randomness.map(({ kind, epoch, value }) => [kind, epoch.toString(), value.toBase64()]),
    car,
    preRoot: vector.preRoot.toString(),
    postRoot: vector.postRoot.toString(),
    messages: vector.messages.map(({ message, length }) => [encodeMessage(message).toBase64(), length]),
    receipts: vector.receipts.map(({ exitCode, returnData, gasUsed }) => [
      exitCode,
      returnData.toBase64(),
      gasUsed.toString(),
    ]),
  }))
}
