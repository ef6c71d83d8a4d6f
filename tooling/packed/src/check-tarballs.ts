import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { moduleProblems } from './attw-report.ts'
import type { Check } from './check.ts'
import { inParallel } from './in-parallel.ts'
import { inspectPackage } from './inspect-package.ts'
import { runProgram } from './run-program.ts'

const LICENCES = ['LICENSE-APACHE', 'LICENSE-MIT']

/** What the tarballs contain. */
export const checkContents: Check = async ({ root, packages }) => {
  const licences = new Map(LICENCES.map((name) => [name, readFileSync(join(root, name), 'utf8')]))
  return packages.flatMap((one) =>
    inspectPackage(one, { licences, isomorphic: one.isomorphic }).map(
      (problem) => `${one.manifest.name}: ${problem}`,
    ),
  )
}

/** What publint says of the tarballs, its suggestions included. */
export const checkWithPublint: Check = async ({ packages }) => {
  const problems = await inParallel(packages, async ({ manifest, tarball }) => {
    const { buffer } = Uint8Array.from(readFileSync(tarball))
    const { messages } = await publint({ strict: true, pack: { tarball: buffer } })
    const text = { ...manifest }
    return messages.map((message) => `${manifest.name}: ${formatMessage(message, text, { color: false })}`)
  })
  return problems.flat()
}

/** Whether declarations and modules resolve to each other for users of ES modules. A package that exports no module has nothing to resolve. */
export const checkWithAttw: Check = async ({ root, packages, signal }) => {
  const attw = new URL('dist/index.js', import.meta.resolve('@arethetypeswrong/cli/package.json'))
  const libraries = packages.filter(({ entryPoints }) => entryPoints.length > 0)
  const problems = await inParallel(libraries, async ({ manifest, tarball }) => {
    const args = [fileURLToPath(attw), tarball, '--profile', 'esm-only', '--format', 'json']
    const { ok, stdout, failure } = await runProgram(process.execPath, args, { cwd: root, signal })
    if (ok) return []
    // Where attw did not get as far as a report, it says why.
    const problems = stdout.startsWith('{') ? moduleProblems(stdout) : [failure]
    return problems.map((problem) => `${manifest.name}: ${problem}`)
  })
  return problems.flat()
}
