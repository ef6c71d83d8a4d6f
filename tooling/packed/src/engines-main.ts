/**
 * @module Runs what is published on every engine, and compares: official vectors, NaNs, and the memory of an engine for hardened JavaScript. Then runs the tests of the repository there, and compares what
 * all of their messages come to. `--all` has all tests that execute messages, and not only those of actors in JavaScript; `--tests-only` leaves out what is published.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Engine, engines } from './engines.ts'
import { FLOAT_OUTPUT, floatProgram } from './float-program.ts'
import { imageProgram } from './image-program.ts'
import { phase } from './phase.ts'
import { compareEngines } from './receipts/compare-engines.ts'
import { runProgram } from './run-program.ts'
import { sampleVectors } from './sample-vectors.ts'
import { build, installPackages, installTools, pack } from './workshop.ts'

/** Longest run of what is published. The first one downloads the older Nodes, and npm keeps them. */
const LIMIT_MS = 600_000
const VECTORS = 20

const root = fileURLToPath(new URL('../../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'troupe-engines-'))
const path = (name: string): string => join(folder, name)
const [project, tools, vectors, snapshot] = ['project', 'tools', 'vectors', 'snapshot.json'].map(path) as [
  string,
  string,
  string,
  string,
]
const signal = AbortSignal.timeout(LIMIT_MS)
const problems: string[] = []
/** Why vectors are not run, where they are not. */
let missing: string | undefined
/** What the first engine made of hardened JavaScript. */
let firstImage: string | undefined

/** What an engine makes of the vectors, as a snapshot: status and gas of each. A vector that passed has the receipts and the root it records. */
async function runVectors({ name, binary, flags }: Engine): Promise<string> {
  rmSync(snapshot, { force: true })
  const command = join(project, 'node_modules/@troupe/cli/dist/main.js')
  const args = [
    ...flags,
    command,
    'conformance',
    'fvm',
    '--vectors',
    vectors,
    '--snapshot',
    snapshot,
    '--update',
  ]
  const { ok, failure } = await runProgram(binary, args, { cwd: project, signal })
  if (!ok) throw new Error(`${name}: ${failure}`)
  return readFileSync(snapshot, 'utf8')
}

/** Boots an engine for JavaScript. It is compiled while it runs, so that its code is of one compiler here and of the other there. */
async function compareImages({ name, binary, flags }: Engine): Promise<void> {
  const { ok, stdout, failure } = await runProgram(binary, [...flags, 'image.js'], { cwd: project, signal })
  firstImage ??= stdout
  if (!ok) problems.push(`${name}: ${failure}`)
  else if (!stdout.includes('accepted')) problems.push(`${name}: the actor is not ready: ${stdout}`)
  else if (stdout !== firstImage) problems.push(`${name}: another image than the first engine: ${stdout}`)
}

async function tryEngine(engine: Engine, expected: string | undefined): Promise<string | undefined> {
  const { name, binary, flags } = engine
  const { ok, stdout, failure } = await runProgram(binary, [...flags, 'floats.js'], { cwd: project, signal })
  if (!ok) problems.push(`${name}: ${failure}`)
  else if (stdout !== FLOAT_OUTPUT) problems.push(`${name}: NaNs have the bits ${stdout}`)
  await compareImages(engine)
  if (missing !== undefined) return undefined
  const results = await runVectors(engine)
  if (/\["(failed|skipped)"/.test(results)) problems.push(`${name}: not all vectors pass:\n${results}`)
  if (expected !== undefined && results !== expected)
    problems.push(`${name}: other results than the first engine:\n${results}`)
  return results
}

const { values: options } = parseArgs({
  options: { all: { type: 'boolean' }, 'tests-only': { type: 'boolean' } },
})
const done = (): string => 'done'

/** Builds what is published, and tries it on every engine. */
async function tryPublished(): Promise<void> {
  await phase('build', () => build(root, signal), done)
  const packed = await phase(
    'pack',
    () => pack(root, path('tarballs'), signal),
    (all) => `${all.size} packages`,
  )
  await phase('install', () => installPackages(project, packed, signal), done)
  writeFileSync(join(project, 'floats.js'), await floatProgram())
  writeFileSync(join(project, 'image.js'), imageProgram())
  const sample = await sampleVectors(root, vectors, VECTORS)
  if (typeof sample === 'number') console.log(`vectors  ${sample}`)
  else {
    missing = sample.missing
    console.log(`vectors  skipped: ${missing}`)
  }
  let expected: string | undefined
  for (const engine of engines(tools)) {
    const before = problems.length
    const say = (): string => (problems.length === before ? 'same results' : 'failed')
    expected = (await phase(engine.name, () => tryEngine(engine, expected), say)) ?? expected
  }
  if (signal.aborted) problems.push(`what is published took longer than ${LIMIT_MS / 1000} s`)
}

try {
  await phase('tools', () => installTools(tools, signal), done)
  if (options['tests-only'] !== true) await tryPublished()
  console.log('\nThe tests of the repository:')
  const which = options.all === true ? 'all' : 'javascript'
  problems.push(...(await compareEngines({ root, folder, engines: engines(tools), which })))
} catch (error) {
  problems.push(error instanceof Error ? error.message : String(error))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
for (const problem of problems) console.error(`\n${problem}`)
process.exitCode = problems.length > 0 ? 1 : 0
