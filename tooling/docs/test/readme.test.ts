import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { codeBlocks, localLinks } from '@troupe/docs'
import { compileFixture } from '@troupe/fixtures'
import { rulesOf } from '@troupe/hypervisor'
import { encodeCar } from '@troupe/ipld/car'
import { createTestNetwork } from '@troupe/testkit'
import { beforeAll, describe, expect, it } from 'vitest'

const repository = new URL('../../../', import.meta.url)
// Node strips no types below node_modules, so the examples are written beside this package's own sources.
const scratch = new URL('../.cache/', import.meta.url)
const readme = await readFile(new URL('README.md', repository), 'utf8')

describe('the README of troupe', () => {
  it('has an example that runs as it stands', async () => {
    const text = await readFile(new URL('packages/troupe/README.md', repository), 'utf8')
    await mkdir(scratch, { recursive: true })
    await writeFile(new URL('troupe.ts', scratch), codeBlocks(text, 'ts')[0] ?? '')
    const { stdout } = await promisify(execFile)(process.execPath, ['troupe.ts'], { cwd: scratch })
    expect(stdout).toMatch(/^OK \d+n exact\n10000000000000000000005n t0101 1n\n$/)
  })

  it('has an example of an account of another key that runs as it stands', async () => {
    const text = await readFile(new URL('packages/troupe/README.md', repository), 'utf8')
    await mkdir(scratch, { recursive: true })
    await writeFile(new URL('accounts.ts', scratch), codeBlocks(text, 'ts')[1] ?? '')
    const { stdout } = await promisify(execFile)(process.execPath, ['accounts.ts'], { cwd: scratch })
    expect(stdout).toBe('ed25519account\n')
  })
})

describe('README', () => {
  beforeAll(async () => {
    await rm(scratch, { recursive: true, force: true })
    await mkdir(scratch, { recursive: true })
  })

  it('has an example of a chain that runs as it stands', async () => {
    const [example] = codeBlocks(readme, 'ts')
    await writeFile(new URL('counter.wasm', scratch), await compileFixture('counter', { generation: 4 }))
    await writeFile(new URL('chain.ts', scratch), example ?? '')
    const { stdout } = await promisify(execFile)(process.execPath, ['chain.ts'], { cwd: scratch })
    expect(stdout).toMatch(/^5n \d+n 3n\n0n 5n\n$/)
  })

  it('has an example of a machine that runs as it stands', async () => {
    const [, example] = codeBlocks(readme, 'ts')
    const network = await createTestNetwork({
      rules: rulesOf(20),
      actors: { 100: { code: 'account', balance: 10n ** 18n }, 101: { code: 'account' } },
    })
    const root = network.machine.flush()
    await writeFile(new URL('state.car', scratch), encodeCar([root], network.blocks.entries()))
    await writeFile(new URL('readme.ts', scratch), example ?? '')
    const { stdout } = await promisify(execFile)(process.execPath, ['readme.ts'], { cwd: scratch })
    expect(stdout).toMatch(/^0 \d+n exact bafy2bza\w+\n$/)
  })

  it('links to files that are there', () => {
    const missing = localLinks(readme).filter((target) => !existsSync(new URL(target, repository)))
    expect(missing).toEqual([])
  })

  it('names scripts that package.json has', async () => {
    const { scripts } = JSON.parse(await readFile(new URL('package.json', repository), 'utf8')) as {
      scripts: object
    }
    const named = new Set(
      [...readme.matchAll(/^ {4}npm (?:run )?([a-z]+)/gm)].map(([, name]) => name as string),
    )
    expect(named.size).toBeGreaterThan(2)
    for (const name of named) expect(Object.keys(scripts)).toContain(name)
  })
})
