import { TroupeError } from '../errors.ts'
import type { FoundSourceMap, GivenSourceMap } from '../trace/given-source-map.ts'
import { MAX_SOURCE_MAP_LENGTH } from '../trace/script-map.ts'
import type { CodeSource } from './deploy.ts'

/** The JSON of a source map, parsed: what bundlers give. */
export interface ParsedSourceMap {
  readonly version: number
  readonly mappings: string
  readonly sources: readonly (string | null)[]
  readonly sourceRoot?: string | undefined
  readonly names?: readonly string[] | undefined
}

/** A source map (version 3): its JSON, as text or parsed; or the URL of a file. `false` for none, be there a file beside the code. */
export type SourceMapSource = string | URL | ParsedSourceMap | false

/**
 * The text of the source map that is given with code; where none is, of the file beside that of the code whose name has `.map` at its end, if there is one.
 * @throws {TroupeError} source-map/unreadable, source-map/malformed
 */
export async function readSourceMap(
  source: SourceMapSource | undefined,
  code?: CodeSource,
): Promise<GivenSourceMap | undefined> {
  if (source === false) return undefined
  if (source === undefined) return code instanceof URL ? readBeside(code) : undefined
  if (typeof source === 'string') return { text: source }
  return { text: source instanceof URL ? await readFileOf(source) : stringify(source) }
}

async function readBeside(code: URL): Promise<FoundSourceMap | undefined> {
  const url = new URL(code)
  url.pathname += '.map'
  const file = url.pathname.slice(url.pathname.lastIndexOf('/') + 1)
  try {
    return { file, text: await readFileOf(url) }
  } catch (error) {
    if (!(error instanceof TroupeError)) throw error
    const isThere = (error.cause as { readonly code?: unknown } | undefined)?.code !== 'ENOENT'
    return isThere ? { file, problem: error.message } : undefined
  }
}

function stringify(source: unknown): string {
  const text = typeof source === 'object' ? jsonOf(source) : undefined
  if (text === undefined)
    throw new TroupeError(
      'source-map/unreadable',
      `sourceMap: this is neither JSON nor the URL of a file (${typeof source})`,
    )
  return text
}

/** @throws {TroupeError} source-map/unreadable for what JSON has no place for */
function jsonOf(source: object | null): string | undefined {
  try {
    return JSON.stringify(source)
  } catch (cause) {
    throw new TroupeError('source-map/unreadable', 'sourceMap: this is no JSON', { cause })
  }
}

/** The text of a file, its sources named as one finds them from here. */
async function readFileOf(url: URL): Promise<string> {
  const { readFile, stat } = await import('node:fs/promises')
  try {
    const { size } = await stat(url)
    if (size > MAX_SOURCE_MAP_LENGTH)
      throw new TroupeError(
        'source-map/too-large',
        `${url} has ${size} bytes, where ${MAX_SOURCE_MAP_LENGTH} are allowed`,
      )
    return await withNames(await readFile(url, 'utf8'), url)
  } catch (cause) {
    if (cause instanceof TroupeError) throw cause
    throw new TroupeError('source-map/unreadable', `sourceMap: ${url} cannot be read`, { cause })
  }
}

/** A source map whose sources have the names that they have from here, in place of such from its file; as it is, where it is none. */
async function withNames(text: string, url: URL): Promise<string> {
  const [{ relative }, { fileURLToPath }] = await Promise.all([import('node:path'), import('node:url')])
  let map: unknown
  try {
    map = JSON.parse(text)
  } catch {
    return text
  }
  if (typeof map !== 'object' || map === null) return text
  const { sourceRoot, sources, sourcesContent: _, ...rest } = map as Readonly<Record<string, unknown>>
  if (!Array.isArray(sources)) return text
  const root = typeof sourceRoot === 'string' && sourceRoot !== '' ? sourceRoot.replace(/\/*$/u, '/') : ''
  // Its names are too long with the root before each: whoever takes it says so.
  if (root.length * sources.length > MAX_SOURCE_MAP_LENGTH) return text
  const names = sources.map((source: unknown) => {
    if (typeof source !== 'string' || !URL.canParse(`${root}${source}`, url)) return source
    const found = new URL(`${root}${source}`, url)
    return found.protocol === 'file:'
      ? relative(process.cwd(), fileURLToPath(found)).replaceAll('\\', '/')
      : found.href
  })
  return JSON.stringify({ ...rest, sources: names })
}
