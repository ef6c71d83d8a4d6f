import { readdir, stat } from 'node:fs/promises'
import { basename, join, relative, resolve, sep } from 'node:path'
import type { CommandContext } from '../command.ts'
import { CliError } from '../errors.ts'
import type { VectorTask } from './task.ts'
import { FVM_SUITE, type VectorSuite } from './vector-suite.ts'

/** The repository that this file is in: `apps/cli/src/conformance` is four levels below. */
const REPOSITORY = resolve(import.meta.dirname, ...Array.from({ length: 4 }, () => '..'))
/** Where vectors may be beside a clone of it. */
const BESIDE = join('..', 'shared', 'vectors')
/** Most files of a suite. */
const MAX_FILES = 100_000

/**
 * Where the vectors of a suite are when nobody says so: in its folder below `TROUPE_VECTORS`, or below `shared/vectors` beside the repository that this
 * file is in.
 * @throws {CliError} suite/no-directory
 */
export async function defaultVectorDirectory(
  { env }: Pick<CommandContext, 'env'>,
  suite: VectorSuite = FVM_SUITE,
): Promise<string> {
  const base = env['TROUPE_VECTORS']
  const directory = join(base === undefined || base === '' ? join(REPOSITORY, BESIDE) : base, suite.home)
  if (await isDirectory(directory)) return directory
  throw new CliError('suite/no-directory', 'nobody says where the vectors are', {
    advice: `pass --vectors DIR, where DIR is a checkout of ${suite.repository}, or set TROUPE_VECTORS to a folder with them in ${suite.home}/`,
  })
}

/**
 * The vectors of a directory, or the one that a file is: every JSON file below it, by path. Of a checkout of the suite's repository only one folder
 * counts.
 *
 * @param filter what a path must contain, in any case; empty for all
 * @throws {CliError} suite/no-directory, suite/no-vectors
 */
export async function findVectors(
  path: string,
  filter: string,
  suite: VectorSuite = FVM_SUITE,
): Promise<VectorTask[]> {
  if (path.endsWith('.json') && !(await isDirectory(path))) return [{ file: path, name: basename(path) }]
  const corpus = join(path, suite.folder)
  const directory = (await isDirectory(corpus)) ? corpus : path
  const files = await listFiles(directory)
  const wanted = filter.toLowerCase()
  const tasks = files
    .map((file) => ({ file, name: relative(directory, file).split(sep).join('/') }))
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  if (tasks.length > 0) return tasks
  throw new CliError(
    'suite/no-vectors',
    files.length === 0
      ? 'there is no vector (*.json) in this directory'
      : `none of the ${files.length} vectors has ${JSON.stringify(filter)} in its path`,
    { where: directory },
  )
}

async function listFiles(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    if (files.length <= MAX_FILES) return files.map((entry) => join(entry.parentPath, entry.name))
    throw new CliError('suite/no-vectors', `${files.length} files, over ${MAX_FILES}`, { where: directory })
  } catch (cause) {
    if (!(cause instanceof Error) || !('syscall' in cause)) throw cause
    throw new CliError('suite/no-directory', 'the directory cannot be read', { where: directory, cause })
  }
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return false
    throw error
  }
}
