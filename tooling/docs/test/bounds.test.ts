import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { localLinks, type TestLink, testLinks } from '@troupe/docs'
import { describe, expect, it } from 'vitest'

const repository = new URL('../../../', import.meta.url)

/** The links that lead to no test whose name begins so. */
async function broken(links: readonly TestLink[], base: URL): Promise<TestLink[]> {
  const missing: TestLink[] = []
  for (const link of links) {
    const file = new URL(link.path, base)
    if (!existsSync(file) || !(await readFile(file, 'utf8')).includes(`'${link.name}`)) missing.push(link)
  }
  return missing
}

describe('links to tests', () => {
  it('are found by name and path, and broken where the file has no test of that name', async () => {
    const links = testLinks('[a](./b.test.ts), [c](./d.ts) and [links to tests](./bounds.test.ts)')
    expect(links).toEqual([
      { name: 'a', path: './b.test.ts' },
      { name: 'links to tests', path: './bounds.test.ts' },
    ])
    const here = new URL('./', import.meta.url)
    expect(
      await broken(
        [...links, { name: 'README', path: './readme.test.ts' }, { name: 'EADME', path: './readme.test.ts' }],
        here,
      ),
    ).toEqual([
      { name: 'a', path: './b.test.ts' },
      { name: 'EADME', path: './readme.test.ts' },
    ])
  })
})

/** The tables of a document: the cells of each row, heads left out. */
function rows(text: string): string[][] {
  return text
    .split('\n')
    .filter(
      (line, i, lines) =>
        line.startsWith('| ') && !line.startsWith('| ---') && !lines[i + 1]?.startsWith('| ---'),
    )
    .map((line) => line.slice(2, -2).split(' | '))
}

describe.each([
  ['BOUNDS.md', 6, 40],
  ['tooling/conformance/reference-tests.md', 2, 50],
])('%s', (file, columns, least) => {
  const document = new URL(file, repository)
  const text = readFile(document, 'utf8')

  it('names tests that are there', async () => {
    const links = testLinks(await text)
    expect(links.length).toBeGreaterThanOrEqual(least)
    expect(await broken(links, document)).toEqual([])
  })

  it('links to files that are there', async () => {
    const missing = localLinks(await text).filter((target) => !existsSync(new URL(target, document)))
    expect(missing).toEqual([])
  })

  it('has tables whose rows are whole, and end with a test or the reason that there is none', async () => {
    expect(rows(await text).length).toBeGreaterThanOrEqual(least)
    for (const cells of rows(await text)) {
      expect(cells).toHaveLength(columns)
      expect(cells.at(-1)).toMatch(/\.test\.ts\)|^the same|^Not applicable: |^It /)
    }
  })
})
