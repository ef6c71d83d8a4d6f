import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const EXAMPLES = fileURLToPath(new URL('../../../examples/', import.meta.url))

/** A project as a user has it, that stands for itself. */
export interface Example {
  readonly name: string
  readonly directory: string
  /** What it installs, with exact versions. */
  readonly dependencies: Readonly<Record<string, string>>
}

/** The examples that clients are tried with: folders with a manifest. */
export async function findExamples(directory: string = EXAMPLES): Promise<Example[]> {
  const names = (await readdir(directory)).sort()
  const found = names.filter((name) => existsSync(join(directory, name, 'package.json')))
  return Promise.all(found.map((name) => readExample(name, join(directory, name))))
}

async function readExample(name: string, directory: string): Promise<Example> {
  const { devDependencies = {} } = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')) as {
    readonly devDependencies?: Readonly<Record<string, string>>
  }
  return { name, directory, dependencies: devDependencies }
}
