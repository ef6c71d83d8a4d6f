/** @module `npm run clients -- [EXAMPLE ... | shapes] [--json] [--update]` */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { findExamples } from './examples.ts'
import { type ExampleResult, runExample } from './run-example.ts'
import { compareShapes } from './shapes/compare-shapes.ts'

const USAGE = 'npm run clients -- [EXAMPLE ... | shapes] [--json] [--update]'
/** What compares answers with those of other nodes. */
const SHAPES = 'shapes'
const SHAPES_FILE = new URL('../SHAPES.md', import.meta.url)

async function main(): Promise<boolean> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, update: { type: 'boolean', default: false } },
  })
  const examples = await findExamples()
  const names = [...examples.map(({ name }) => name), SHAPES]
  const unknown = positionals.find((name) => !names.includes(name))
  if (unknown !== undefined) throw new TypeError(`there is no ${unknown}: ${names.join(', ')}`)
  const results: ExampleResult[] = []
  for (const example of examples) {
    if (positionals.length > 0 && !positionals.includes(example.name)) continue
    const versions = Object.entries(example.dependencies).map(([name, version]) => `${name} ${version}`)
    if (!values.json) console.log(`${example.name}: ${versions.join(', ')}`)
    const result = await runExample(example)
    results.push(result)
    const { passed, failed, seconds, output } = result
    if (!values.json) console.log(`  ${passed} passed, ${failed} failed, ${seconds.toFixed(0)} s`)
    if (output !== undefined) console.error(output)
  }
  if (values.json) console.log(JSON.stringify(results))
  const isSame =
    positionals.length > 0 && !positionals.includes(SHAPES) ? true : await checkShapes(values.update)
  return isSame && results.every(({ failed }) => failed === 0)
}

/** Compares answers with those of other nodes, and that with what is written down. */
async function checkShapes(isUpdate: boolean): Promise<boolean> {
  const { differences, idle, questions, text, unexplained } = await compareShapes()
  console.error(
    `${SHAPES}: ${questions} questions, ${differences} differences, ${unexplained.length} without a reason, ${idle.length} reasons that nothing needs`,
  )
  for (const { here, method, place, there } of unexplained)
    console.error(`  ${method} ${place}: ${here}, and ${JSON.stringify(there)}`)
  for (const { reason } of idle) console.error(`  nothing needs: ${reason}`)
  if (isUpdate) writeFileSync(SHAPES_FILE, text)
  const [written, found] = [readFileSync(SHAPES_FILE, 'utf8').split('\n'), text.split('\n')]
  const isWritten = written.join() === found.join()
  if (!isWritten) console.error(`  SHAPES.md says something else: npm run clients -- ${SHAPES} --update`)
  for (const line of found.filter((one) => !written.includes(one))) console.error(`  + ${line}`)
  for (const line of written.filter((one) => !found.includes(one))) console.error(`  - ${line}`)
  return isWritten && unexplained.length === 0 && idle.length === 0
}

try {
  process.exitCode = (await main()) ? 0 : 1
} catch (error) {
  if (!(error instanceof TypeError)) throw error
  console.error(`${error.message}\n${USAGE}`)
  process.exitCode = 2
}
