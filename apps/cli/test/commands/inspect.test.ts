import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import {
  actorAddress,
  delegatedAddress,
  formatAddress,
  NV17,
  NV18,
  toEthereumAddress,
} from '@troupe/hypervisor'
import { CborStore, CborWriter, type Cid, DAG_CBOR } from '@troupe/ipld'
import { encodeCar } from '@troupe/ipld/car'
import { describe, expect, it } from 'vitest'
import { type RunResult, run, temporaryDirectory } from '../support/run.ts'
import { BUNDLE, createState, crypto, SENDER, vectorParts } from '../support/vector.ts'

/** Inspects a file with this content. */
async function inspect(content: string | Uint8Array, ...options: string[]): Promise<RunResult> {
  const directory = temporaryDirectory()
  writeFileSync(join(directory, 'file'), content)
  return run(['inspect', 'file', ...options], { directory, env: { TROUPE_HOME: directory } })
}

/** A state with an actor, f0200, whose state links to a block that is there and one that is not. */
function stateWithLinks(): { car: Uint8Array; here: Cid; gone: Cid; root: Cid; root2: Cid } {
  const first = createState(NV18)
  const store = new CborStore(first.blocks, crypto)
  const here = store.putBlock(DAG_CBOR, new CborWriter().map(1).text('count').uint(7).finish())
  const gone = store.putBlock(DAG_CBOR, new CborWriter().text('gone').finish())
  first.blocks.delete(gone)
  const head = store.putBlock(DAG_CBOR, new CborWriter().array(2).cid(here).cid(gone).finish())
  const second = createState(NV18, { 200: { head, balance: 3n * 10n ** 17n } })
  for (const [cid, block] of second.blocks.entries()) first.blocks.put(cid, block)
  const car = encodeCar([here, second.root, first.root], first.blocks.entries())
  return { car, here, gone, root: second.root, root2: first.root }
}

describe('troupe inspect', () => {
  it('shows the settings, the message and the actors of a vector', async () => {
    const parts = JSON.stringify(vectorParts())
    const { status, stdout, stderr } = await inspect(parts)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    for (const part of [
      /^test vector test-transfer, \d+ blocks\n/,
      /\nvariant {3}ohsnap: network version 18, epoch 1,000\n/,
      /\nbase fee {2}100 attoFIL, circulating supply 2000000000.0 FIL\n/,
      /\nroot {6}bafy\w+ \(before\)\n/,
      /\nmessage {3}Send \(0\), 0\.000000000000000005 FIL, gas limit 10,000,000\n {2}from {4}f1\w+\n {2}to {6}f3\w+\n/,
      /\n {2}gives {3}OK \(0\), 1,\d{3},\d{3} gas\n/,
      /\nf0101 +account +100\.0 +0 +here +bafy\w+\n/,
      /\nf01 +init +0\.0 +0 +here +bafy\w+\n/,
    ])
      expect(stdout).toMatch(part)
    const data = JSON.parse((await inspect(parts, '--json', '--limit', '1')).stdout)
    expect(data).toMatchObject({
      vector: { id: 'test-transfer', baseFee: '100', variants: [{ epoch: 1000, networkVersion: 18 }] },
      messages: [{ from: formatAddress(SENDER, crypto), method: '0', receipt: { exitCode: 0 } }],
      version: 5,
      missing: 0,
      more: 5,
      actors: [{ id: 'f00', name: 'system', balance: '0.0', hasState: true }],
    })
  })

  it('shows the first state of a CAR, as it is or in gzip, or the one that is asked for', async () => {
    const { car, root, root2 } = stateWithLinks()
    const { stdout } = await inspect(car)
    expect(stdout).toMatch(/^CAR, \d+ blocks\nroot {6}bafy\w+\n/)
    expect(stdout).toContain(`\nstate     ${root}, version 5\n`)
    expect(stdout).toMatch(/\nf0200 +account +0\.3 +0 +here/)
    expect((await inspect(gzipSync(car))).stdout).toBe(stdout)
    const other = await inspect(car, '--root', root2.toString())
    expect(other.stdout).toContain(`\nstate     ${root2}, version 5\n`)
    expect(other.stdout).not.toContain('f0200')
  })

  it('shows states of four-field actors too', async () => {
    const state = createState(NV17)
    const { stdout } = await inspect(encodeCar([state.root], state.blocks.entries()))
    expect(stdout).toMatch(/version 4\n {10}6 actors\n/)
  })

  it('says what of a state is not in the file', async () => {
    const state = createState(NV18)
    const all = [...state.blocks.entries()]
    const manifest = all.filter(([cid]) => !cid.equals(BUNDLE.manifestData))
    const nameless = await inspect(encodeCar([state.root], manifest))
    expect(nameless.stdout).toMatch(/\nf0101 +bafk\w+…\w{6} +100\.0/)
    const only = all.filter(([cid]) => cid.equals(state.root))
    const empty = await inspect(encodeCar([state.root], only))
    expect(empty.stdout).toContain('0 actors; of the tree, 1 blocks are not in the file')
  })

  it('shows an actor with its state and the blocks it links to', async () => {
    const { car, here, gone } = stateWithLinks()
    const { stdout } = await inspect(car, '--actor', 'f0200')
    const [, state] = stdout.split('head      ')
    expect(state?.split('\n').slice(1)).toEqual([
      '  [',
      `    {"/":"${here}"},`,
      `    {"/":"${gone}"}`,
      '  ]',
      '',
      `link      ${here}`,
      '  {',
      '    "count": 7',
      '  }',
      '',
      `link      ${gone}`,
      '  not in the file, or not to be shown',
      '',
    ])
    const data = JSON.parse((await inspect(car, '--actor', 'f0200', '--json')).stdout)
    expect(data).toMatchObject({
      id: 'f0200',
      balance: '0.3',
      links: [
        { cid: { '/': here.toString() }, value: { count: 7 } },
        { cid: { '/': gone.toString() }, value: null },
      ],
    })
  })

  it('finds actors by any of their addresses', async () => {
    const { car } = stateWithLinks()
    const { stdout } = await inspect(car, '--actor', formatAddress(SENDER, crypto))
    expect(stdout).toMatch(/^actor {5}f0100 account\n/)
    const masked = `0xff${'00'.repeat(18)}c8`
    expect((await inspect(car, '--actor', masked)).stdout).toMatch(/^actor {5}f0200 /)
  })

  it.each([
    ['inspect/no-actor', 'f0777'],
    ['inspect/no-actor', formatAddress(actorAddress(crypto, Uint8Array.of(1)), crypto)],
    ['inspect/no-actor', toEthereumAddress(delegatedAddress(10n, new Uint8Array(20).fill(1))) ?? ''],
    ['inspect/bad-address', 'x'],
    ['inspect/bad-address', '0x12'],
    ['inspect/bad-address', `${formatAddress(SENDER, crypto).slice(0, -1)}2`],
  ])('ends with %s for the actor %s', async (code, address) => {
    const { status, stderr } = await inspect(stateWithLinks().car, '--actor', address, '--json')
    expect(status).toBe(1)
    expect(JSON.parse(stderr).error.code).toBe(code)
  })

  it('shows the roots of a CAR that holds no state', async () => {
    const cid = BUNDLE.root
    const { status, stdout } = await inspect(BUNDLE.car)
    expect({ status, stdout }).toEqual({ status: 0, stdout: `CAR, 9 blocks\nroot      ${cid}\n` })
    expect((await inspect(BUNDLE.car, '--actor', 'f01')).stderr).toContain('error inspect/no-root')
    expect((await inspect(BUNDLE.car, '--root', `${cid}`)).stderr).toContain('error inspect/no-root')
  })

  it.each([
    ['file/unknown-format', 'nothing'],
    ['file/unknown-format', ''],
    ['file/unknown-format', gzipSync('nothing').subarray(0, 12)],
    ['vector/unsupported-class', ' \n{"class":"x"}'],
  ])('ends with %s for a file of %s', async (code, content) => {
    const { status, stderr } = await inspect(content, '--json')
    expect(status).toBe(1)
    expect(JSON.parse(stderr).error).toMatchObject({ code, where: expect.stringMatching(/file$/) })
  })

  it('takes a CID for --root, and nothing else', async () => {
    expect(await inspect('', '--root', 'x')).toMatchObject({ status: 2 })
  })
})
