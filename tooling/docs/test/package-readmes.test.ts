import { execFile } from 'node:child_process'
import { glob, mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { codeBlocks } from '@troupe/docs'
import { describe, expect, it } from 'vitest'

const repository = new URL('../../../', import.meta.url)
const scratch = new URL('../.cache/packages/', import.meta.url)

/** What the examples of a package's README print, in their order. */
const OUTPUTS: Readonly<Record<string, readonly RegExp[]>> = {
  'bundle-js': [/^counter.ts: bundle\/unresolved-import: .+\n$/],
  actors: [/^100n\n$/, /^native \w+\n$/],
  'runtime-native': [/^$/, /^native true\n$/],
  'runtime-evm': [
    /^43n 6n\n1 calibrated 33\n$/,
    /^21000n\n43247n 21335n\n$/,
    /^43105n [0-9a-f]{64}\n$/,
    /^\d+n? [\s\S]+\n\[[\s\S]+\]\n$/,
  ],
  'runtime-ses': [/^5n 7n\n$/],
  schema: [/^\{[\s\S]+votes[\s\S]+\} true\n$/, /^Propose\n$/],
  'store-lmdb': [/^[\s\S]*sweep[\s\S]*$/],
}
/** How many examples `readme.test.ts` has of others. */
const ELSEWHERE: Readonly<Record<string, number>> = { rpc: 2, server: 1, troupe: 8 }

const read = (name: string): Promise<string> =>
  readFile(new URL(`packages/${name}/README.md`, repository), 'utf8')

describe.each(Object.entries(OUTPUTS))('the README of %s', (name, outputs) => {
  it.each(outputs.map((output, index) => [index, output] as const))(
    'has an example that runs as it stands (%i)',
    async (index, output) => {
      const directory = new URL(`${name}-${index}/`, scratch)
      await mkdir(directory, { recursive: true })
      await writeFile(new URL('example.ts', directory), codeBlocks(await read(name), 'ts')[index] ?? '')
      const { stdout } = await promisify(execFile)(process.execPath, ['example.ts'], { cwd: directory })
      expect(stdout).toMatch(output)
    },
  )
})

it('no README of a package has an example that is not run', async () => {
  const counts: Record<string, number> = {}
  for await (const file of glob('packages/*/README.md', { cwd: fileURLToPath(repository) })) {
    const name = file.split('/')[1] ?? ''
    const { length } = codeBlocks(await read(name), 'ts')
    if (length > 0) counts[name] = length
  }
  const expected = Object.fromEntries(Object.entries(OUTPUTS).map(([name, { length }]) => [name, length]))
  expect(counts).toEqual({ ...expected, ...ELSEWHERE })
})
