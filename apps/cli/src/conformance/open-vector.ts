import { readFile, stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { parseExactJson } from './exact-json.ts'
import { decodeBase64, decodeText, gunzipOptions, VECTOR_LIMITS } from './vector-text.ts'

/** A vector's file without its wrapping. It can be cloned, and its CAR be transferred. */
export interface OpenedVector {
  /** Its JSON but for the CAR, integers as bigints. */
  readonly json: unknown
  /** The CAR, decompressed; it has its memory for itself. */
  readonly car: Uint8Array<ArrayBuffer>
}

/**
 * Opens the file of a vector, so that the thread that runs vectors finds the next one ready. `undefined` where anything is wrong with it: that is
 * for whoever runs it to find out, and to tell.
 */
export async function openVector(file: string): Promise<OpenedVector | undefined> {
  try {
    const stats = await stat(file)
    if (!stats.isFile() || stats.size > VECTOR_LIMITS.textLength) return undefined
    const json = parseExactJson(decodeText(await readFile(file), file))
    const compressed = decodeBase64(json.field('car'))
    const car = await promisify(gunzip)(compressed, gunzipOptions(VECTOR_LIMITS.carBytes))
    return { json: { ...(json.value as object), car: undefined }, car: new Uint8Array(car) }
  } catch {
    return undefined
  }
}
