import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOMS } from '@troupe/layers'
import type { InstalledPackage } from './inspect-package.ts'
import { entryPoints } from './manifest.ts'
import { publishedFolders } from './published-folders.ts'
import { readPackage } from './read-package.ts'
import { mustRun } from './run-program.ts'
import { toolDependencies } from './toolbox.ts'

/** A package that was packed, and installed from its tarball. */
export interface PackedPackage extends InstalledPackage {
  readonly tarball: string
  readonly entryPoints: readonly string[]
  /** Whether it must run in a browser as it stands. */
  readonly isomorphic: boolean
}

/** Where a run works: all paths are absolute. */
export interface Workshop {
  /** The repository. */
  readonly root: string
  /** A user's project, in which nothing but the tarballs and what they depend on is installed. */
  readonly project: string
  /** The project with the tools. */
  readonly tools: string
  readonly packages: readonly PackedPackage[]
  /** Ends the run. */
  readonly signal: AbortSignal
}

const INSTALL = [
  'install',
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--no-package-lock',
  '--loglevel=error',
]

/** Compiles the packages. Tests and tools of the repository are not looked at. */
export async function build(root: string, signal: AbortSignal): Promise<void> {
  await mustRun(process.execPath, [compilerOf(root), '-b', ...publishedFolders(root)], { cwd: root, signal })
}

/** Packs every package that is published, into `folder`. Gives the tarballs by the packages' names. */
export async function pack(root: string, folder: string, signal: AbortSignal): Promise<Map<string, string>> {
  const filters = publishedFolders(root).flatMap((path) => ['--filter', `./${path}`])
  const args = ['--recursive', ...filters, 'pack', '--json', '--pack-destination', folder]
  const packed = JSON.parse(await mustRun('pnpm', args, { cwd: root, signal })) as {
    readonly name: string
    readonly filename: string
  }[]
  return new Map(packed.map(({ name, filename }) => [name, filename]))
}

/** Installs the tarballs into an empty project, as a user with npm does. */
export async function installPackages(
  project: string,
  tarballs: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<PackedPackage[]> {
  createProject(project, {})
  await mustRun('npm', [...INSTALL, ...tarballs.values()], { cwd: project, signal })
  return [...tarballs].map(([name, tarball]) => {
    const installed = readPackage(join(project, 'node_modules', name))
    const isomorphic = ROOMS[name.replace(/^@troupe\//, '')]?.isomorphic === true
    return { ...installed, tarball, isomorphic, entryPoints: entryPoints(installed.manifest) }
  })
}

/** Installs the tools for this platform. */
export async function installTools(tools: string, signal: AbortSignal): Promise<void> {
  createProject(tools, toolDependencies(`${process.platform}-${process.arch}`))
  await mustRun('npm', INSTALL, { cwd: tools, signal })
}

/** The compiler that a folder has installed, as a script for Node. */
export function compilerOf(folder: string): string {
  return join(folder, 'node_modules/typescript/bin/tsc')
}

function createProject(folder: string, dependencies: Record<string, string>): void {
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }))
}
