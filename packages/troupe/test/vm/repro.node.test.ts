import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NATIVE_ACTORS, userInitActor } from '@troupe/actors'
import { loadCrypto } from '@troupe/crypto'
import { NV28, withUserActors } from '@troupe/hypervisor'
import { cidEquals } from '@troupe/ipld'
import { nativeRuntime } from '@troupe/runtime-native'
import { ActorError, createTroupe, networks, replayWitness, type TroupeOptions } from 'troupe'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const crypto = await loadCrypto()
let directory = ''

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'troupe-repro-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

/** What a send fails with that fails. */
async function failing(options: TroupeOptions & { readonly thread?: 'worker' }): Promise<ActorError> {
  await using vm = await (options.thread === 'worker'
    ? createTroupe({ ...options, thread: 'worker' })
    : createTroupe({ ...options, thread: 'inline' }))
  await vm.send({ to: 1n, value: 3n })
  const error: unknown = await vm.send({ to: 1n, method: 99, params: [1] }).catch((reason: unknown) => reason)
  return error instanceof ActorError ? error : expect.fail()
}

describe('a failed send', () => {
  it.each([undefined, 'worker'] as const)(
    'leaves a file from which its block is executed again, to the same receipt and root (thread: %s)',
    async (thread) => {
      const rules = withUserActors(NV28, { maximumLocals: 1000 })
      const network = { ...networks.local, rules }
      const where = join(directory, 'a', 'b')
      const error = await failing({
        ...{ network, reproDirectory: where },
        ...(thread === undefined ? {} : { thread }),
      })
      const { path = '' } = error.repro ?? expect.fail()
      expect(error.message).toContain(`to execute it again: troupe replay --trace ${path}`)
      expect(await readdir(where)).toHaveLength(1)
      const { claim, messages } = replayWitness(await readFile(path), {
        ...{ crypto, proofs: undefined },
        runtimes: [nativeRuntime({ crypto, actors: [...NATIVE_ACTORS, userInitActor] })],
      })
      const { outcome } = error
      if (!('block' in outcome && 'cid' in outcome)) return expect.fail()
      expect(cidEquals(claim.block, outcome.block as typeof claim.block)).toBe(true)
      const { exitCode, gasUsed, returnData } = messages[0]?.result.receipt ?? expect.fail()
      expect([exitCode, gasUsed, returnData]).toEqual([
        outcome.exit.code,
        outcome.gas.used,
        outcome.returnData,
      ])
      expect(messages[0]?.result.fees).toEqual(outcome.fees)
    },
  )

  it('leaves nothing where nobody asked for it, or where nothing is in a block', async () => {
    expect((await failing({})).repro).toBeUndefined()
    await using vm = await createTroupe({ reproDirectory: directory })
    await expect(vm.view({ to: 1n, method: 99 })).rejects.toMatchObject({ repro: undefined })
    await vm.trySend({ to: 1n, method: 99 })
    expect(await readdir(directory)).toEqual([])
  })

  it('says why there is no file where it cannot be written', async () => {
    await writeFile(join(directory, 'file'), '')
    const { message, outcome, repro } = await failing({ reproDirectory: join(directory, 'file', 'below') })
    expect(repro?.path).toBeUndefined()
    expect(repro?.problem).toMatch(/ENOTDIR|EEXIST/)
    expect(message).toContain('its repro could not be written')
    expect(outcome.exit.name).toBe('USR_UNHANDLED_MESSAGE')
  })
})
