import { delimiter, dirname, join } from 'node:path'
import type { Check } from './check.ts'
import { EXAMPLE_OUTPUT } from './example.ts'
import { inParallel } from './in-parallel.ts'
import { runProgram } from './run-program.ts'
import { olderNodes } from './toolbox.ts'
import type { Workshop } from './workshop.ts'
import { SOURCES } from './write-sources.ts'

/** Whether what must run in a browser can be bundled for one, with all that it depends on. */
export const checkBundle: Check = async (workshop) => {
  const target = ['--bundle', '--platform=browser', '--format=esm', '--target=es2022']
  return esbuild(workshop, [SOURCES.portable, ...target, '--outfile=portable.js'])
}

/** Whether every module can be imported, the example of the README runs, and the command says what it is, under every supported Node. */
export const checkNodes: Check = async (workshop) => {
  const refused = await esbuild(workshop, [SOURCES.example, '--outfile=example.js'])
  if (refused.length > 0) return refused
  const older = olderNodes(`${process.platform}-${process.arch}`).map(({ version, folder }) => ({
    version,
    binary: join(workshop.tools, 'node_modules', folder, 'bin/node'),
  }))
  const own = { version: process.versions.node, binary: process.execPath }
  const problems = await inParallel([...older, own], async ({ version, binary }) =>
    (await tryNode(workshop, version, binary)).map((problem) => `${problem} [Node ${version}]`),
  )
  return problems.flat()
}

async function tryNode(
  { project, packages, signal }: Workshop,
  version: string,
  binary: string,
): Promise<string[]> {
  const env = { ...process.env, PATH: `${dirname(binary)}${delimiter}${process.env['PATH']}` }
  const problems: string[] = []
  const expect = async (
    what: string,
    program: string,
    args: readonly string[],
    expected: RegExp | string,
  ): Promise<void> => {
    const { ok, stdout, failure } = await runProgram(program, args, { cwd: project, signal, env })
    if (!ok) problems.push(`${what}: ${failure}`)
    else if (typeof expected === 'string' ? !stdout.includes(expected) : !expected.test(stdout))
      problems.push(`${what}: prints ${JSON.stringify(stdout)}, without ${expected}`)
  }
  await expect('node', binary, ['--version'], `v${version}\n`)
  await expect('modules', binary, [SOURCES.importer], '')
  await expect('README.md', binary, ['example.js'], EXAMPLE_OUTPUT)
  for (const { manifest } of packages)
    for (const name of Object.keys(manifest.bin ?? {})) {
      const program = join(project, 'node_modules/.bin', name)
      await expect(`${manifest.name}: ${name} --help`, program, ['--help'], name)
      await expect(`${manifest.name}: ${name} --version`, program, ['--version'], manifest.version)
    }
  return problems
}

async function esbuild({ tools, project, signal }: Workshop, args: readonly string[]): Promise<string[]> {
  const program = join(tools, 'node_modules/@esbuild', `${process.platform}-${process.arch}`, 'bin/esbuild')
  const { ok, failure } = await runProgram(program, [...args, '--log-level=warning'], {
    cwd: project,
    signal,
  })
  return ok ? [] : [failure]
}
