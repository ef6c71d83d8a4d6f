/** @module `npm run clients -- [EXAMPLE ...] [--json]` */
import { parseArgs } from 'node:util'
import { findExamples } from './examples.ts'
import { type ExampleResult, runExample } from './run-example.ts'

const USAGE = 'npm run clients -- [EXAMPLE ...] [--json]'

async function main(): Promise<boolean> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false } },
  })
  const examples = await findExamples()
  const unknown = positionals.find((name) => !examples.some((example) => example.name === name))
  if (unknown !== undefined)
    throw new TypeError(`there is no example ${unknown}: ${examples.map(({ name }) => name).join(', ')}`)
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
  return results.every(({ failed }) => failed === 0)
}

try {
  process.exitCode = (await main()) ? 0 : 1
} catch (error) {
  if (!(error instanceof TypeError)) throw error
  console.error(`${error.message}\n${USAGE}`)
  process.exitCode = 2
}
