import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { importAll, importScript } from './consumer.ts'
import { embeddingExample, exampleState } from './example.ts'
import type { PackedPackage } from './workshop.ts'

/** Names of the sources in the user's project. */
export const SOURCES = {
  /** Uses every module. */
  everything: 'everything.ts',
  /** Uses every module that must run in a browser. */
  portable: 'portable.ts',
  /** The example of the README; it reads {@link SOURCES.state}. */
  example: 'example.ts',
  state: 'state.car',
  /** Imports one module after the other. */
  importer: 'importer.js',
} as const

/** What runs inside of actors. */
const HARDENED: readonly string[] = [
  '@troupe/sdk-js',
  '@troupe/sdk-js/abi',
  '@troupe/sdk-js/image',
  '@troupe/sdk-js/vat-data',
]

/** Writes the sources of a user's project. */
export async function writeSources(
  root: string,
  project: string,
  packages: readonly PackedPackage[],
): Promise<void> {
  const everything = packages.flatMap(({ entryPoints }) => entryPoints)
  const portable = packages.flatMap(({ isomorphic, entryPoints }) => (isomorphic ? entryPoints : []))
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const texts = {
    [SOURCES.everything]: importAll(everything),
    [SOURCES.portable]: importAll(portable),
    [SOURCES.example]: embeddingExample(readme),
    [SOURCES.state]: await exampleState(),
    [SOURCES.importer]: importScript(
      everything.filter((name) => !HARDENED.includes(name)),
      HARDENED,
    ),
  }
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(project, name), text)
}
