import { existsSync } from 'node:fs'
import { glob, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { bundleActor } from '@troupe/bundle-js'
import { codeBlocks } from '@troupe/docs'
import { CODE_HEADER, ses } from '@troupe/runtime-ses'
import { type Account, createTroupe } from 'troupe'
import { describe, expect, it } from 'vitest'

const docs = new URL('../../../docs/', import.meta.url)
const examples = new URL('../../../examples/', import.meta.url)

/** The sources of an example, which `npm run clients` runs. */
async function sources(example: string): Promise<string[]> {
  const texts: string[] = []
  for await (const path of glob('{*,*/*}.{ts,sol,mjs}', { cwd: new URL(`${example}/`, examples) }))
    texts.push(await readFile(new URL(`${example}/${path}`, examples), 'utf8'))
  return texts
}

describe.each(['hardhat', 'javascript'])('the page docs/%s.md', async (page) => {
  const text = await readFile(new URL(`${page}.md`, docs), 'utf8')

  it('shows code of the example of its name, as it stands there', async () => {
    const blocks = [...codeBlocks(text, 'ts'), ...codeBlocks(text, 'solidity')]
    expect(blocks.length).toBeGreaterThan(0)
    const files = await sources(page)
    for (const block of blocks) expect(files.some((file) => file.includes(block.trimEnd()))).toBe(true)
  })

  it('links to files that are there', () => {
    const targets = [...text.matchAll(/\]\((\.\.?\/[^)#]+)\)/g)].map(([, target]) => target as string)
    expect(targets.length).toBeGreaterThan(0)
    for (const target of targets) expect([target, existsSync(new URL(target, docs))]).toEqual([target, true])
  })
})

it('the page docs/javascript.md shows what an error says that it shows', async () => {
  const [shown = ''] = codeBlocks(await readFile(new URL('javascript.md', docs), 'utf8'), 'text')
  const entry = fileURLToPath(new URL('javascript/actors/escrow.ts', examples))
  const { script, map } = await bundleActor(entry, { header: CODE_HEADER })
  await using vm = await createTroupe({ runtimes: [ses()] })
  const [alice, bob, carol] = vm.accounts as [Account, Account, Account]
  const escrow = await vm.deploy(new TextEncoder().encode(script), {
    from: alice,
    params: [bob.address.bytes, carol.address.bytes],
    sourceMap: { ...map, sourceRoot: 'actors' },
  })
  const error = await escrow.send('Arbiter_refund', [0n], { from: carol }).catch((reason: unknown) => reason)
  // Who has which number, and what things cost, changes more often than the page.
  const plain = (text: string): string =>
    text.replaceAll(/\b([ft])0\d+/g, '$101000').replace(/\d+ of \d+ gas/, 'some of all gas')
  expect(plain((error as Error).message)).toBe(plain(shown.trimEnd()))
})
