import { dirname, extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { CryptoProvider } from '@troupe/crypto'
import { type Cid, cidOf, RAW } from '@troupe/ipld'
import { isHardenedCode } from '@troupe/runtime-ses'
import { readSourceMap } from 'troupe'
import { SourceMaps } from 'troupe/trace'
import { buildCode } from '../build/build-code.ts'
import { CliError } from '../errors.ts'
import { readBounded } from '../files.ts'

/** Bytes of a file that is read: far more than any network takes as code. */
const MAX_CODE_BYTES = 8 * 1024 * 1024
const WASM_MAGIC = Uint8Array.of(0, 0x61, 0x73, 0x6d)
/** What sources of actors are called. */
const SOURCES: ReadonlySet<string> = new Set(['.js', '.mjs', '.jsx', '.ts', '.mts', '.tsx'])

/** Code, and where it was written. */
export interface InstallableCode {
  readonly bytes: Uint8Array
  readonly cid: Cid
  readonly maps: SourceMaps
}

/**
 * The code in a file: Wasm, a script as `troupe build` writes it, or what that makes of a source.
 * @throws {CliError} file/unreadable, file/too-large, build/refused, deploy/unknown-format
 */
export async function readCode(
  crypto: CryptoProvider,
  file: string,
  directory: string,
): Promise<InstallableCode> {
  const path = resolve(directory, file)
  const bytes = readBounded(path, MAX_CODE_BYTES)
  const maps = new SourceMaps()
  if (isHardenedCode(bytes) || WASM_MAGIC.every((byte, index) => bytes[index] === byte)) {
    const cid = cidOf(crypto, RAW, bytes)
    const map = await readSourceMap(undefined, pathToFileURL(path))
    if (map !== undefined) maps.take(cid, map)
    return { bytes, cid, maps }
  }
  if (!SOURCES.has(extname(path)))
    throw new CliError('deploy/unknown-format', 'this is no code of an actor', {
      where: file,
      advice:
        'deploy Wasm, what `troupe build` writes, or the module of an actor in JavaScript or TypeScript',
    })
  // The chain makes it ready, and says what is wrong with it.
  const tools = { crypto, directory, runtime: undefined }
  const built = await buildCode(tools, file, { minify: true, alias: {} })
  maps.add(built.cid, JSON.stringify({ ...built.map, sourceRoot: dirname(file) }))
  return { bytes: built.bytes, cid: built.cid, maps }
}
