/** What is read of a published package.json. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly description?: string
  readonly exports?: Readonly<Record<string, unknown>>
  readonly bin?: Readonly<Record<string, string>>
  readonly scripts?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** The specifiers of the modules that a package exports, such as `@troupe/ipld/car`: every key of `exports` that is no JSON file. */
export function entryPoints({ name, exports = {} }: Manifest): string[] {
  return Object.keys(exports)
    .filter((key) => !key.endsWith('.json'))
    .map((key) => name + key.slice(1))
}

/** The package that a bare specifier belongs to: `@troupe/ipld` for `@troupe/ipld/car`. */
export function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}
