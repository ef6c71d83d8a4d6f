import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadCrypto } from '@troupe/crypto'
import { describe, expect, it } from 'vitest'
import { createBundle } from '../support/bundle.ts'
import { run, temporaryDirectory } from '../support/run.ts'

const crypto = await loadCrypto()
const bundle = createBundle(crypto, { system: Uint8Array.of(1), account: Uint8Array.of(2, 3) })

describe('troupe bundle', () => {
  it('adds bundles to the cache below TROUPE_HOME once, and lists them', async () => {
    const directory = temporaryDirectory()
    const options = { directory, env: { TROUPE_HOME: join(directory, 'home') } }
    writeFileSync(join(directory, 'v10.car'), bundle.car)

    expect(JSON.parse((await run(['bundle', 'list', '--json'], options)).stdout).bundles).toEqual([])
    const first = await run(['bundle', 'add', 'v10.car', '--json'], options)
    expect(first).toMatchObject({ status: 0, stderr: '' })
    const described = {
      name: 'v10',
      root: bundle.root.toString(),
      manifestData: bundle.manifestData.toString(),
      actors: [
        { name: 'system', code: bundle.codes.get('system')?.toString(), bytes: 1 },
        { name: 'account', code: bundle.codes.get('account')?.toString(), bytes: 2 },
      ],
    }
    const home = join(directory, 'home', 'bundles')
    expect(JSON.parse(first.stdout)).toEqual({ directory: home, bundles: [{ ...described, isNew: true }] })
    expect(readdirSync(home)).toContain('blocks')

    const again = await run(['bundle', 'add', 'v10.car'], options)
    expect(again.stdout).toMatch(/v10 +2 +3 B +bafy\w+ +was there\n$/)
    const list = await run(['bundle', 'list', '--json'], options)
    expect(JSON.parse(list.stdout).bundles).toEqual([described])
    expect((await run(['bundle', 'list'], options)).stdout).toMatch(/v10 +2 +3 B +bafy/)
  })

  it('says so where the cache is empty', async () => {
    const { status, stdout, stderr } = await run(['bundle', 'list'], {
      env: { TROUPE_HOME: temporaryDirectory() },
    })
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
    expect(stderr).toContain('troupe bundle add')
  })

  it.each([
    ['bundle/refused', 'text.car', 'bundles/not-a-bundle'],
    ['file/unreadable', 'missing.car', 'ENOENT'],
    ['bundle/refused', 'folder', 'bundles/not-a-bundle'],
  ])('refuses with %s what is no bundle (%s)', async (code, file, cause) => {
    const directory = temporaryDirectory()
    writeFileSync(join(directory, 'text.car'), 'nothing')
    mkdirSync(join(directory, 'folder'))
    const { status, stderr } = await run(['bundle', 'add', file, '--json'], {
      directory,
      env: { TROUPE_HOME: directory },
    })
    expect(status).toBe(1)
    const { error } = JSON.parse(stderr)
    expect(error).toMatchObject({ code, where: join(directory, file) })
    expect(error.causes[0].code).toBe(cause)
  })
})
