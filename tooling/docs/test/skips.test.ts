import { glob, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const repository = fileURLToPath(new URL('../../../', import.meta.url))
/** Ways to skip that take no reason. `skip(condition, reason)` of a test's context does. */
const SILENT = /\b(?:skipIf|runIf|(?:it|test|describe)\.(?:skip|todo))\b/u

it('every test that skips says why', async () => {
  const silent: string[] = []
  for await (const file of glob('{apps,packages,tooling}/*/test/**/*.test.ts', { cwd: repository })) {
    if (file.endsWith('skips.test.ts')) continue
    if (SILENT.test(await readFile(`${repository}${file}`, 'utf8'))) silent.push(file)
  }
  expect(silent).toEqual([])
})
