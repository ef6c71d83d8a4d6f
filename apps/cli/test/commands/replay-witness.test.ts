import { writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { NV28, withUserActors } from '@troupe/hypervisor'
import { type ActorError, createTroupe, networks } from 'troupe'
import { describe, expect, it } from 'vitest'
import { run, temporaryDirectory } from '../support/run.ts'

/** A directory with the witness of a block, a changed one, and one of rules that the command does not have. */
async function withWitnesses(): Promise<{ directory: string; root: string; repro: string }> {
  const directory = temporaryDirectory()
  await using vm = await createTroupe()
  await vm.trySend({ to: 1n, method: 99, params: [1] })
  const car = await vm.exportWitness()
  writeFileSync(join(directory, 'block.car'), car)
  const changed = car.slice()
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
  writeFileSync(join(directory, 'changed.car'), changed)
  await using bounded = await createTroupe({
    network: { ...networks.local, rules: withUserActors(NV28, { maximumLocals: 7 }) },
    reproDirectory: directory,
  })
  const failure: unknown = await bounded.send({ to: 1n, method: 99 }).catch((reason: unknown) => reason)
  const repro = basename((failure as ActorError).repro?.path ?? '')
  const { rules } = networks.local
  await using other = await createTroupe({
    network: { ...networks.local, rules: withUserActors({ ...rules, name: 'mine' }) },
  })
  await other.mine()
  writeFileSync(join(directory, 'other.car'), await other.exportWitness())
  return { directory, root: String(vm.root), repro }
}

describe('troupe replay of a witness', () => {
  it('executes the block from the file alone, and shows what its messages did', async () => {
    const { directory, root } = await withWitnesses()
    const { status, stdout, stderr } = await run(['replay', 'block.car'], { directory })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/^block bafy\w+, epoch 1 of local \(nv28\+user-actors\+locks\+message-queue\)$/m)
    expect(stdout).toMatch(/└─ f0100 → f01 init method 99/)
    expect(stdout).toMatch(/✗ USR_UNHANDLED_MESSAGE \(22\)/)
    expect(stdout).toContain(`state root  ${root}  ✓ as the witness says`)
  })

  it('executes what a failed send has left, of a network with bounds of its own', async () => {
    const { directory, repro } = await withWitnesses()
    const { status, stdout } = await run(['replay', '--trace', repro], { directory })
    expect(status).toBe(0)
    expect(stdout).toMatch(/^block bafy\w+, epoch 1 of local \(nv28\+user-actors\)$/m)
    expect(stdout).toMatch(/✗ USR_UNHANDLED_MESSAGE \(22\)/)
    expect(stdout).toMatch(/^read caches: \d+ of \d+ nodes, 1 of 1 codes were there$/m)
  })

  it('gives the same as data', async () => {
    const { directory, root } = await withWitnesses()
    const { status, stdout } = await run(['replay', 'block.car', '--json'], { directory })
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ epoch: 1, network: 'nv28+user-actors+locks+message-queue', stateRoot: root },
      messages: [
        { exit: 'USR_UNHANDLED_MESSAGE', method: '99', trace: { caches: { code: { hits: 1, misses: 0 } } } },
      ],
    })
  })

  it.each([[[]], [['--json']]])('fails where a result is not as good as it has to be %j', async (flags) => {
    const { directory } = await withWitnesses()
    const { status, stdout, stderr } = await run(
      ['replay', 'block.car', '--require-fidelity', 'exact', ...flags],
      { directory },
    )
    expect(status).toBe(1)
    expect(stderr).toContain('replay/fidelity')
    expect(stderr).toContain('the init actor is a native one')
    expect(stdout).toContain('USR_UNHANDLED_MESSAGE')
    const calibrated = ['replay', 'block.car', '--require-fidelity', 'calibrated', ...flags]
    expect((await run(calibrated, { directory })).status).toBe(0)
  })

  it('refuses one that was changed, one of rules that it does not have, and what is not there', async () => {
    const { directory } = await withWitnesses()
    for (const [file, code] of [
      ['changed.car', 'blockstore/hash-mismatch'],
      ['other.car', 'vector/unsupported-version'],
      ['nothing.car', 'file/unreadable'],
    ] as const) {
      const { status, stderr } = await run(['replay', file], { directory })
      expect(status, file).not.toBe(0)
      expect(stderr).toContain(code)
    }
  })
})
