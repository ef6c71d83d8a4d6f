import { extname, resolve } from 'node:path'
import type { CryptoProvider } from '@troupe/crypto'
import { isHardenedCode } from '@troupe/runtime-ses'
import { buildCode } from '../build/build-code.ts'
import { CliError } from '../errors.ts'
import { readBounded } from '../files.ts'

/** Bytes of a file that is read: far more than any network takes as code. */
const MAX_CODE_BYTES = 8 * 1024 * 1024
const WASM_MAGIC = Uint8Array.of(0, 0x61, 0x73, 0x6d)
/** What sources of actors are called. */
const SOURCES: ReadonlySet<string> = new Set(['.js', '.mjs', '.jsx', '.ts', '.mts', '.tsx'])

/**
 * The code in a file: Wasm, a script as `troupe build` writes it, or what that makes of a source.
 * @throws {CliError} file/unreadable, file/too-large, build/refused, deploy/unknown-format
 */
export async function readCode(crypto: CryptoProvider, file: string, directory: string): Promise<Uint8Array> {
  const path = resolve(directory, file)
  const bytes = readBounded(path, MAX_CODE_BYTES)
  if (isHardenedCode(bytes) || WASM_MAGIC.every((byte, index) => bytes[index] === byte)) return bytes
  if (!SOURCES.has(extname(path)))
    throw new CliError('deploy/unknown-format', 'this is no code of an actor', {
      where: file,
      advice:
        'deploy Wasm, what `troupe build` writes, or the module of an actor in JavaScript or TypeScript',
    })
  // The chain makes it ready, and says what is wrong with it.
  const tools = { crypto, directory, runtime: undefined }
  return (await buildCode(tools, file, { minify: true, alias: {} })).bytes
}
