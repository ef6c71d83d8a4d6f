import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { InstalledPackage } from './licence-rules.ts'

/** What the licence check reads of an installed package.json; packages of the last century spell it differently. */
interface InstalledManifest {
  readonly name?: string
  readonly version?: string
  readonly license?: unknown
  readonly licenses?: unknown
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** Lists the third-party packages that pnpm has installed under `root`. */
export function readInstalled(root: string): InstalledPackage[] {
  const store = join(root, 'node_modules/.pnpm')
  const production = findProduction(root)
  const found: InstalledPackage[] = []
  for (const entry of readdirSync(store)) {
    const modules = join(store, entry, 'node_modules')
    // A link beside the package itself leads to one of its dependencies, which has an entry of its own.
    for (const directory of packagesIn(modules).filter((path) => !lstatSync(path).isSymbolicLink())) {
      const manifest = readManifest(directory)
      found.push({
        name: manifest.name ?? entry,
        version: manifest.version ?? '?',
        licence: licenceOf(manifest),
        production: production.has(realpathSync(directory)),
      })
    }
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The real directories of everything that packages and applications depend on for running. */
function findProduction(root: string): ReadonlySet<string> {
  const reached = new Set<string>()
  const visit = (directory: string): void => {
    if (reached.has(directory)) return
    reached.add(directory)
    const { dependencies, optionalDependencies, peerDependencies } = readManifest(directory)
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
      const target = resolve(directory, name)
      if (target !== undefined) visit(target)
    }
  }
  for (const kind of ['packages', 'apps'])
    for (const name of existsSync(join(root, kind)) ? readdirSync(join(root, kind)) : [])
      if (existsSync(join(root, kind, name, 'package.json'))) visit(realpathSync(join(root, kind, name)))
  return reached
}

/** The real directory of a dependency, found as Node finds it; optional ones of other platforms are not there. */
function resolve(from: string, name: string): string | undefined {
  for (let directory = from; ; directory = dirname(directory)) {
    const candidate = join(directory, 'node_modules', name)
    if (existsSync(candidate)) return realpathSync(candidate)
    if (directory === dirname(directory)) return undefined
  }
}

/** The packages of one `node_modules`, scoped ones included. */
function packagesIn(modules: string): string[] {
  if (!existsSync(modules)) return []
  return readdirSync(modules)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@')
        ? readdirSync(join(modules, name)).map((inner) => join(modules, name, inner))
        : [join(modules, name)],
    )
}

function readManifest(directory: string): InstalledManifest {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as InstalledManifest
}

/** `license: "MIT"`, `license: { type: "MIT" }` or `licenses: [{ type: "MIT" }, ...]`, of which any may be chosen. */
function licenceOf({ license, licenses }: InstalledManifest): string | undefined {
  const all = (Array.isArray(licenses) ? licenses : [license ?? licenses]).map((one: unknown) =>
    typeof one === 'object' && one !== null && 'type' in one ? one.type : one,
  )
  const names = all.filter((one) => typeof one === 'string' && one !== '')
  return names.length > 0 ? names.join(' OR ') : undefined
}
