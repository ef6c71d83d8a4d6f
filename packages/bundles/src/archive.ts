import { promisify } from 'node:util'
import { zstdDecompress } from 'node:zlib'
import { BundleError } from './errors.ts'
import type { BundleLimits } from './limits.ts'
import { plainBytes } from './plain-bytes.ts'

/** A CAR of a release archive. */
export interface ArchivedCar {
  /** The name of its file in the archive, as it stands there: not to be used as a path. */
  readonly fileName: string
  readonly bytes: Uint8Array
}

/** The first bytes of a Zstandard frame. */
const ZSTD_MAGIC = [0x28, 0xb5, 0x2f, 0xfd]
const TOO_LARGE = 'ERR_BUFFER_TOO_LARGE'

/** Whether these bytes start as a release archive does. */
export function isArchive(bytes: Uint8Array): boolean {
  return ZSTD_MAGIC.every((byte, i) => bytes[i] === byte)
}

/**
 * Reads the CARs of a release archive: a tar compressed with Zstandard. Files of other kinds are passed over.
 * @throws {BundleError} bundles/malformed, bundles/too-large, bundles/not-a-bundle where it holds no CAR
 */
export async function readArchive(bytes: Uint8Array, limits: BundleLimits): Promise<ArchivedCar[]> {
  const tar = await decompress(bytes, limits.archiveBytes)
  // Loaded with the first archive: whoever only reads the cache never needs it.
  const { extract } = await import('tar-stream')
  const cars: ArchivedCar[] = []
  const entries = extract()
  entries.end(tar)
  try {
    for await (const entry of entries) {
      const { name, type, size } = entry.header
      // The tar reader gives `null` for some sizes that it cannot read, and would wait for their end for ever.
      if (!Number.isSafeInteger(size)) throw new BundleError('bundles/malformed', `${type} without a size`)
      if (type !== 'file' || !name.endsWith('.car')) {
        entry.resume()
        continue
      }
      if (cars.length === limits.archiveCars)
        throw new BundleError('bundles/too-large', `more than ${limits.archiveCars} CARs in an archive`)
      cars.push({ fileName: name, bytes: plainBytes(await readAll(entry)) })
    }
  } catch (cause) {
    if (cause instanceof BundleError) throw cause
    throw new BundleError('bundles/malformed', 'the tar of this archive is broken', { cause })
  }
  if (cars.length === 0) throw new BundleError('bundles/not-a-bundle', 'there is no CAR in this archive')
  return cars
}

async function decompress(bytes: Uint8Array, limit: number): Promise<Uint8Array> {
  try {
    return await promisify(zstdDecompress)(bytes, { maxOutputLength: limit })
  } catch (cause) {
    if (cause instanceof RangeError && (cause as NodeJS.ErrnoException).code === TOO_LARGE)
      throw new BundleError('bundles/too-large', `an archive of more than ${limit} bytes`, { cause })
    throw new BundleError('bundles/malformed', 'the compression of this archive is broken', { cause })
  }
}

async function readAll(entry: AsyncIterable<unknown>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of entry) chunks.push(chunk as Uint8Array)
  // The tar is one buffer, so an entry comes in one piece, and is a view of it.
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
}
