/** @module Packs what is published, installs it into an empty project as a user does, and tries it there. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Check } from './check.ts'
import { checkBundle, checkNodes } from './check-hosts.ts'
import { checkContents, checkWithAttw, checkWithPublint } from './check-tarballs.ts'
import { checkTypes } from './check-types.ts'
import { phase } from './phase.ts'
import { build, installPackages, installTools, pack } from './workshop.ts'
import { writeSources } from './write-sources.ts'

/** Longest run. The first one downloads the tools, and npm keeps them. */
const LIMIT_MS = 120_000

const CHECKS: Readonly<Record<string, Check>> = {
  contents: checkContents,
  publint: checkWithPublint,
  attw: checkWithAttw,
  types: checkTypes,
  bundle: checkBundle,
  nodes: checkNodes,
}

const root = fileURLToPath(new URL('../../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'troupe-packed-'))
const [tarballs, project, tools] = ['tarballs', 'project', 'tools'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
]
const signal = AbortSignal.timeout(LIMIT_MS)
const problems: string[] = []

try {
  const done = (): string => 'done'
  await phase('build', () => build(root, signal), done)
  const packed = await phase(
    'pack',
    () => pack(root, tarballs, signal),
    (all) => `${all.size} packages`,
  )
  const packages = await phase('install', () => installPackages(project, packed, signal), done)
  await phase('tools', () => installTools(tools, signal), done)
  await phase('sources', () => writeSources(root, project, packages), done)
  for (const [name, check] of Object.entries(CHECKS)) {
    const work = (): Promise<string[]> => check({ root, project, tools, packages, signal })
    const found = await phase(name, work, (all) => (all.length === 0 ? 'passed' : `${all.length} failed`))
    problems.push(...found)
  }
} catch (error) {
  problems.push(error instanceof Error ? error.message : String(error))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
if (signal.aborted) problems.push(`the run took longer than ${LIMIT_MS / 1000} s`)
for (const problem of problems) console.error(`\n${problem}`)
process.exitCode = problems.length > 0 ? 1 : 0
