import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

interface Manifest {
  readonly name: string
  readonly bin?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

async function readManifest(directory: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')) as Manifest
}

/** The packages of this repository, by name. */
async function ownPackages(): Promise<ReadonlyMap<string, string>> {
  const rooms = await Promise.all(
    ['packages', 'apps'].map(async (kind) =>
      (await readdir(join(ROOT, kind))).map((name) => join(ROOT, kind, name)),
    ),
  )
  return new Map(
    await Promise.all(rooms.flat().map(async (path) => [(await readManifest(path)).name, path] as const)),
  )
}

/**
 * Takes the packages of this repository out of an example's manifest, so that npm does not look for them, and gives what puts them into its `node_modules` when npm is
 * done: as they are here, with their commands.
 */
export async function separateOwn(example: string): Promise<() => Promise<void>> {
  const own = await ownPackages()
  const manifest = await readManifest(example)
  const wanted = Object.entries(manifest.devDependencies ?? {})
  const others = Object.fromEntries(wanted.filter(([name]) => !own.has(name)))
  await writeFile(join(example, 'package.json'), JSON.stringify({ ...manifest, devDependencies: others }))
  return async () => {
    const modules = join(example, 'node_modules')
    for (const [name] of wanted) {
      const path = own.get(name)
      if (path !== undefined) await link(modules, name, path)
    }
  }
}

async function link(modules: string, name: string, path: string): Promise<void> {
  await mkdir(dirname(join(modules, name)), { recursive: true })
  await symlink(path, join(modules, name), 'junction')
  await mkdir(join(modules, '.bin'), { recursive: true })
  for (const [command, file] of Object.entries((await readManifest(path)).bin ?? {}))
    await symlink(join(path, file), join(modules, '.bin', command))
}
