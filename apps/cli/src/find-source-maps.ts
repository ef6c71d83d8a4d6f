import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { CryptoProvider } from '@troupe/crypto'
import { cidOf, RAW } from '@troupe/ipld'
import { readSourceMap } from 'troupe'
import { SourceMaps } from 'troupe/trace'
import { CliError } from './errors.ts'
import { readBounded } from './files.ts'

/** Bytes of an actor's code: what is longer is none. */
const MAX_CODE_BYTES = 2 ** 22
/** Files of a directory that are looked at. */
const MAX_FILES = 1000

/**
 * The source maps of the actors in a directory, as `troupe build` writes them: of each `NAME.js` that has a `NAME.js.map` beside it.
 * @throws {CliError} file/unreadable, file/too-large
 */
export async function findSourceMaps(directory: string, crypto: CryptoProvider): Promise<SourceMaps> {
  const maps = new SourceMaps()
  const files = new Set(namesIn(directory))
  const codes = [...files].filter((name) => files.has(`${name}.map`))
  if (codes.length > MAX_FILES)
    throw new CliError('file/too-large', `${codes.length} source maps, over ${MAX_FILES}`, {
      where: directory,
    })
  for (const name of codes) {
    const path = join(directory, name)
    const code = cidOf(crypto, RAW, readBounded(path, MAX_CODE_BYTES))
    const map = await readSourceMap(undefined, pathToFileURL(path))
    if (map !== undefined) maps.take(code, map)
  }
  return maps
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch (cause) {
    if (!(cause instanceof Error) || !('syscall' in cause)) throw cause
    throw new CliError('file/unreadable', 'the directory cannot be read', { where: directory, cause })
  }
}
