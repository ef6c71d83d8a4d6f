import { fileURLToPath } from 'node:url'
import { KNOWN_ACTORS } from '@troupe/actors'
import { loadCrypto } from '@troupe/crypto'
import type { DebugOutput } from '@troupe/hypervisor'
import { MemoryStore } from '@troupe/ipld/store'
import { nativeRuntime } from '@troupe/runtime-native'
import { CODE_HEADER } from '@troupe/runtime-ses'
import { createNodeRuntime } from '@troupe/runtime-ses/node'
import { createTroupe, replayWitness, type Troupe } from 'troupe'
import { describe, expect, it } from 'vitest'

const cache = fileURLToPath(new URL('../../../runtime-ses/node_modules/.cache/images', import.meta.url))
const crypto = await loadCrypto()
const runtime = await createNodeRuntime({ cache })
const runtimes = [runtime]
const NOWHERE: DebugOutput = { log: () => {}, storeArtifact: () => {} }

/** Says what it is told: which takes gas where somebody listens. */
const TALKER = `${CODE_HEADER}(function (require, exports) {
  const { defineActor, M } = require('@troupe/sdk-js');
  const guard = M.interface('Talker', { say: M.call(M.string()).returns() });
  exports.default = defineActor('Talker', { facets: { public: guard }, methods: { public: {
    say: (_, text) => console.log(text),
  } } });
})`

async function talk(vm: Troupe) {
  const actor = await vm.deploy(new TextEncoder().encode(TALKER))
  return actor.send('Say', ['good evening'])
}

describe.each([
  ['with debugging', NOWHERE, undefined],
  ['without debugging', undefined, NOWHERE],
] as const)('a block that was made %s', (_, debug, other) => {
  it('is executed again as it was, whatever the chain is opened with later', async () => {
    const store = new MemoryStore()
    const vm = await createTroupe({ store, runtimes, ...(debug && { debug }) })
    const { cid, gas } = await talk(vm)
    const again = await createTroupe({ store, runtimes, ...(other && { debug: other }) })
    expect((await again.waitFor(cid)).gas).toEqual(gas)
    const { gas: now } = await (await again.deploy(new TextEncoder().encode(TALKER))).send('Say', [
      'good evening',
    ])
    expect(now.used).not.toBe(gas.used)
    expect((await again.waitFor(cid)).gas).toEqual(gas)
  })

  it('has a witness that says so', async () => {
    await using vm = await createTroupe({ runtimes, ...(debug && { debug }) })
    const { gas } = await talk(vm)
    const native = nativeRuntime({ crypto, actors: KNOWN_ACTORS })
    const options = { crypto, runtimes: [native, runtime], proofs: undefined, rules: vm.chain.rules }
    const { messages } = replayWitness(await vm.exportWitness(), options)
    expect(messages[0]?.result.receipt.gasUsed).toBe(gas.used)
  })
})
