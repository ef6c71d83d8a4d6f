import { existsSync } from 'node:fs'
import { glob, readFile } from 'node:fs/promises'
import { codeBlocks } from '@troupe/docs'
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
