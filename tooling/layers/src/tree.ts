import { globSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'

/** The part of a package.json that the checks read. */
export interface PackageManifest {
  readonly name: string
  readonly exports?: string | Readonly<Record<string, unknown>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/** One source file; `path` is relative to the root of the repository, with forward slashes. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

/** One package of the workspace with the sources that it ships. */
export interface WorkspacePackage {
  /** Relative to the root, such as `packages/ipld`. */
  readonly directory: string
  readonly manifest: PackageManifest
  /** The text of package.json, to find the line of a dependency. */
  readonly manifestText: string
  readonly files: readonly SourceFile[]
}

/** What the arrow check looks at. */
export type Tree = readonly WorkspacePackage[]

/** Reads the packages and applications under `root`, and the private packages of `tooling`, which nothing may import. */
export function readTree(root: string): Tree {
  return find('{packages,apps,tooling}/*/package.json', root).map((path) => {
    const directory = path.slice(0, -'/package.json'.length)
    const manifestText = readFileSync(join(root, path), 'utf8')
    return {
      directory,
      manifest: JSON.parse(manifestText) as PackageManifest,
      manifestText,
      files: find(`${directory}/src/**/*.{ts,mts,cts,tsx,js,mjs,cjs}`, root).map((file) => ({
        path: file,
        text: readFileSync(join(root, file), 'utf8'),
      })),
    }
  })
}

function find(pattern: string, root: string): string[] {
  return globSync(pattern, { cwd: root })
    .map((path) => path.split(sep).join('/'))
    .sort()
}
