import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { openBundleCache } from '@troupe/bundles'
import { CodedError } from '@troupe/crypto'
import { loadNodeCrypto } from '@troupe/crypto-node'
import { parseCid } from '@troupe/ipld'
import { describe, expect, it } from 'vitest'
import { cacheDirectories } from '../../src/cache-directories.ts'
import { defaultVectorDirectory, findVectors } from '../../src/conformance/find-vectors.ts'
import { runTasks } from '../../src/conformance/pool.ts'
import { parseSnapshot } from '../../src/conformance/snapshot.ts'
import type { VectorOutcome, VectorTask } from '../../src/conformance/task.ts'
import { FVM_SUITE } from '../../src/conformance/vector-suite.ts'

const snapshotFile = new URL('../../../../tooling/conformance/snapshots/fvm.json', import.meta.url)
const snapshot = parseSnapshot(readFileSync(fileURLToPath(snapshotFile), 'utf8'))

/** Manifest data of the main network, of builtin-actors v9 and v10. */
const MANIFESTS = [
  'bafy2bzacebhoemuuebamhlw7mbr7ehljkymyaf75ywlw4irms4xv3oosskpyk',
  'bafy2bzacea5a4r4pgc5pjcy2kx7mcbjcmc72chs7qqyl5o4jirxiplnqdmpo2',
]
const MAX_VECTORS = 20

const caches = cacheDirectories({ env: process.env, platform: process.platform, home: homedir() })
const tasks = await vectors()
const hasCode = await hasBundles()

/** The official vectors, or none. */
async function vectors(): Promise<VectorTask[]> {
  try {
    return sample(await findVectors(await defaultVectorDirectory({ env: process.env }), ''))
  } catch (error) {
    if (error instanceof CodedError && error.code === 'suite/no-directory') return []
    throw error
  }
}

/** One of each actor, and one of each way in which a message of an actor ends. */
function sample(all: readonly VectorTask[]): VectorTask[] {
  const kinds = new Map<string, VectorTask>()
  for (const task of all) {
    const kind = `${FVM_SUITE.familyOf(task.name)} ${task.name.split('/').at(-2)}`
    if (!kinds.has(kind)) kinds.set(kind, task)
  }
  return [...kinds.values()].slice(0, MAX_VECTORS)
}

async function hasBundles(): Promise<boolean> {
  const cache = openBundleCache(caches.bundles, await loadNodeCrypto())
  return MANIFESTS.every((manifest) => cache.find(parseCid(manifest)) !== undefined)
}

describe('the committed results', () => {
  it('are of all 377 official vectors, and all of them pass', () => {
    const statuses = [...snapshot.vectors.values()].map(({ status }) => status)
    expect(statuses).toEqual(Array.from({ length: 377 }, () => 'passed'))
  })
})

describe('official vectors', { timeout: 60_000 }, () => {
  it('pass, with the gas of the committed results', async ({ skip }) => {
    skip(tasks.length === 0, 'the official vectors are not here: set TROUPE_VECTORS')
    skip(!hasCode, 'the code of the actors is not in the cache: troupe bundle add v9.tar.zst v10.tar.zst')
    const outcomes: VectorOutcome[] = []
    await runTasks(tasks, {
      jobs: 1,
      setup: { caches },
      scripts: caches.scripts,
      onAnswer: (_, answer) => outcomes.push(...answer),
    })
    expect(outcomes.filter(({ status }) => status !== 'passed')).toEqual([])
    expect(outcomes).toHaveLength(tasks.length)
    for (const { id, gas } of outcomes) expect([id, gas]).toEqual([id, snapshot.vectors.get(id)?.gas])
  })
})
