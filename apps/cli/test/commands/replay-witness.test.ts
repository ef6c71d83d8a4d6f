import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { NV28, withUserActors } from '@troupe/hypervisor'
import { ses } from '@troupe/runtime-ses'
import { type ActorError, createTroupe, networks } from 'troupe'
import { describe, expect, it } from 'vitest'
import { run, temporaryDirectory } from '../support/run.ts'

/** Where engines are kept that have booted: it takes seconds. */
const home = fileURLToPath(new URL('../../../../packages/runtime-ses/node_modules/.cache', import.meta.url))
const [env, images] = [{ TROUPE_HOME: home }, join(home, 'images')]
const STRICT = `import { defineActor, M } from '@troupe/sdk-js'
export default defineActor('Strict', {
  facets: { public: M.interface('Strict', { check: M.call(M.nat()).returns() }) },
  methods: { public: {
    check(_, n: bigint) {
      if (n > 3n) throw new RangeError('too much')
    },
  } },
})
`

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

  it('shows where in its sources an actor has failed, where it is told where they are', async () => {
    const directory = temporaryDirectory()
    writeFileSync(join(directory, 'strict.ts'), STRICT)
    expect((await run(['build', 'strict.ts'], { directory, env })).status).toBe(0)
    await using vm = await createTroupe({ runtimes: [ses({ cache: images })], reproDirectory: directory })
    const actor = await vm.deploy(new Uint8Array(readFileSync(join(directory, 'dist', 'strict.js'))))
    const failure: unknown = await actor.send('Check', [9n]).catch((reason: unknown) => reason)
    const repro = basename((failure as ActorError).repro?.path ?? '')

    const plain = await run(['replay', '--trace', repro], { directory, env })
    expect(plain.stdout).toMatch(/^ {2}at check \(code:3:\d+\)$/m)
    const mapped = await run(['replay', '--trace', '--maps', 'dist', repro], { directory, env })
    expect(mapped.status).toBe(0)
    const lines = mapped.stdout.match(/at check \(\S*strict\.ts:6:\d+\)$/gm)
    expect(lines).toHaveLength(2)
    const data = await run(['replay', '--json', '--maps', 'dist', repro], { directory, env })
    const [{ trace }] = JSON.parse(data.stdout).messages
    expect(trace.calls[0].stack.frames[0].source).toMatchObject({ functionName: 'check', line: 6 })

    writeFileSync(join(directory, 'dist', 'strict.js.map'), '{')
    const broken = await run(['replay', '--maps', 'dist', repro], { directory, env })
    expect(broken.stdout).toMatch(/^ {2}\(strict\.js\.map is not used: the source map is no JSON\)$/m)
    const nowhere = await run(['replay', '--maps', 'nowhere', repro], { directory, env })
    expect(nowhere.stderr).toContain('file/unreadable')
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
