import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Why there are no vectors, where there are none. */
export const NO_VECTORS = 'the official test vectors are not here: name their directory with --vectors'

/** The first vector, by path, that calls `actor`. */
export function firstVector(directory: string, actor: string): string | undefined {
  const path = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.includes(actor) && name.endsWith('.json'))
    .sort()[0]
  return path && join(directory, path)
}
