import { isBuiltin } from 'node:module'
import { posix } from 'node:path'
import { findReferences } from '@troupe/layers'
import { type Manifest, packageOf } from './manifest.ts'

/** A package as it is installed from its tarball. */
export interface InstalledPackage {
  readonly manifest: Manifest
  /** The text of every file, by its path in the package. */
  readonly files: ReadonlyMap<string, string>
}

/** What a package is held to. */
export interface Expectations {
  /** The text of every licence, by the name of its file. */
  readonly licences: ReadonlyMap<string, string>
  /** Whether it must run in a browser as it stands. */
  readonly isomorphic: boolean
}

/** Whatever is wrong with the contents of a published package, a line each. */
export function inspectPackage(
  installed: InstalledPackage,
  { licences, isomorphic }: Expectations,
): string[] {
  const { manifest, files } = installed
  const problems = [...inspectManifest(manifest)]
  for (const [name, text] of licences)
    if (files.get(name) !== text) problems.push(`${name} is missing, or is not the text of the repository`)
  if (manifest.description === undefined && !files.has('README.md'))
    problems.push('there is neither a description nor a README.md')
  for (const [path, text] of files) {
    const placing = inspectPlace(path, files, licences)
    if (placing !== undefined) problems.push(placing)
    if (/^dist\/.*\.(js|d\.ts)$/.test(path))
      problems.push(...inspectImports(path, text, installed, isomorphic))
  }
  return [...new Set(problems)]
}

function* inspectManifest({ scripts, dependencies, peerDependencies }: Manifest): Generator<string> {
  for (const script of ['preinstall', 'install', 'postinstall'])
    if (scripts?.[script] !== undefined) yield `package.json has an install script, ${script}`
  for (const [name, range] of Object.entries({ ...dependencies, ...peerDependencies }))
    if (range.includes(':')) yield `package.json asks for ${name} as ${range}, which is no version`
}

/** Every file in `dist` is made from one in `src`, both are published (maps lead there), and nothing else is. */
function inspectPlace(
  path: string,
  files: ReadonlyMap<string, string>,
  licences: ReadonlyMap<string, string>,
): string | undefined {
  if (['package.json', 'README.md', 'CHANGELOG.md'].includes(path) || licences.has(path)) return undefined
  const compiled = /^dist\/(.+?)\.(?:js|d\.ts)(?:\.map)?$/.exec(path)?.[1]
  if (compiled !== undefined)
    return files.has(`src/${compiled}.ts`)
      ? undefined
      : `dist/${compiled}.* has no source any more: remove dist, and pack again`
  const source = /^src\/(.+)\.ts$/.exec(path)?.[1]
  if (source === undefined) return `${path} does not belong into a package`
  return files.has(`dist/${source}.js`) ? undefined : `${path} was not compiled`
}

/** What users' hosts and compilers would not find. In declarations, `./x.ts` is the compiler's own way to write `./x.d.ts`. */
function* inspectImports(
  path: string,
  text: string,
  { manifest, files }: InstalledPackage,
  isomorphic: boolean,
): Generator<string> {
  const declared = { ...manifest.dependencies, ...manifest.peerDependencies, [manifest.name]: '' }
  const isDeclaration = path.endsWith('.d.ts')
  for (const { specifier, line, form } of findReferences(text)) {
    // Nobody can say what a computed import finds, and an asset is found relative to the file at run time.
    if (specifier === undefined || form === 'asset') continue
    const at = `${path}:${line} imports ${specifier}`
    if (specifier.startsWith('.')) {
      const target = posix.join(posix.dirname(path), specifier)
      if (!files.has(isDeclaration ? target.replace(/(\.d)?\.[jt]s$/, '.d.ts') : target))
        yield `${at}, which is not in the package`
    } else if (isBuiltin(specifier)) {
      if (isomorphic) yield `${at}, which browsers do not have`
    } else if (!Object.hasOwn(declared, packageOf(specifier))) {
      yield `${at}, which package.json does not declare`
    }
  }
}
