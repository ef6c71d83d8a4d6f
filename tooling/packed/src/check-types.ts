import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Check } from './check.ts'
import { compilerConfig, type Host } from './consumer.ts'
import { inParallel } from './in-parallel.ts'
import { runProgram } from './run-program.ts'
import { compilerOf } from './workshop.ts'
import { SOURCES } from './write-sources.ts'

const FILES: Readonly<Record<Host, readonly string[]>> = {
  node: [SOURCES.everything, SOURCES.example],
  browser: [SOURCES.portable],
}

/** Whether a user's code compiles, and the declarations themselves: with both compilers, for both hosts, with both ways to find packages. */
export const checkTypes: Check = async ({ root, tools, project, signal }) => {
  const typeRoots = join(tools, 'node_modules/@types')
  const runs = (['node', 'browser'] as const).flatMap((host) =>
    (['nodenext', 'bundler'] as const).flatMap((resolution) => {
      const config = `tsconfig.${host}.${resolution}.json`
      const options = compilerConfig(host, resolution, typeRoots, FILES[host])
      writeFileSync(join(project, config), JSON.stringify(options))
      return [tools, root].map((home) => ({ config, home }))
    }),
  )
  const problems = await inParallel(runs, async ({ config, home }) => {
    const args = [compilerOf(home), '--pretty', 'false', '--project', config]
    const { ok, failure } = await runProgram(process.execPath, args, { cwd: project, signal })
    return ok ? [] : [`TypeScript ${versionOf(home)}, ${config}:\n${failure}`]
  })
  return problems.flat()
}

function versionOf(home: string): string {
  const text = readFileSync(join(home, 'node_modules/typescript/package.json'), 'utf8')
  return (JSON.parse(text) as { readonly version: string }).version
}
