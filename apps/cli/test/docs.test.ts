import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { DEV_ENV, startDev } from './support/dev.ts'
import { run, temporaryDirectory } from './support/run.ts'

const PAGE = fileURLToPath(new URL('../../../docs/javascript.md', import.meta.url))
const EXAMPLE = dirname(fileURLToPath(new URL('../../../examples/javascript/package.json', import.meta.url)))

/** Names and gas follow from the SDK, and change more often than the page. */
function plain(text: string): string {
  return text
    .replaceAll(/\bba\w+/gu, 'CID')
    .replaceAll(/\bt2\w+/gu, 't2')
    .replaceAll(/\d{1,3}(?:,\d{3})+/gu, 'GAS')
    .replaceAll(/\d+ bytes/gu, 'bytes')
}

it('the page on JavaScript shows what the commands print', { timeout: 60_000 }, async () => {
  const [, shown = ''] = /```console\n([^`]*)```/u.exec(readFileSync(PAGE, 'utf8')) ?? []
  const steps = shown.split('$ npx troupe ').slice(1)
  expect(steps).toHaveLength(4)
  const { url } = await startDev(['--in-memory'], temporaryDirectory())
  for (const step of steps) {
    const [command = '', ...lines] = step.trimEnd().split('\n')
    // What is built is the same as its source.
    const argv = command.replace('dist/counter.js', 'actors/counter.ts').split(' ')
    const { stderr, stdout } = await run([...argv, '--rpc', url], { directory: EXAMPLE, env: DEV_ENV })
    expect(plain(`${stdout}${stderr}`.trimEnd())).toBe(plain(lines.join('\n')))
  }
})
