import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

/** What the command line says. */
export interface Options {
  /** Names of benchmarks to run; empty for all. */
  readonly only: readonly string[]
  readonly quick: boolean
  /** Where to write the report as JSON. */
  readonly json: string | undefined
  /** Directory for the report in both forms, and for the charts. */
  readonly results: string | undefined
  /** Where the official test vectors are, if they are there. */
  readonly vectors: string | undefined
  /** Whether engines to compare with are fetched. */
  readonly rivals: boolean
  /** The source of the ray tracer. */
  readonly snailtracer: string | undefined
  /** Agoric's `xsnap-worker`. */
  readonly xsnap: string | undefined
}

const BESIDE_REPOSITORY = fileURLToPath(new URL('../../../../shared/vectors/fvm', import.meta.url))

/**
 * Reads the command line.
 * @throws {TypeError} where it has something unknown
 * @throws {RangeError} for a benchmark that is not among `names`
 */
export function readOptions(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): Options {
  const { values } = parseArgs({
    // npm hands over what stands after `--` with the `--`, where it runs pnpm.
    args: argv.filter((argument) => argument !== '--'),
    options: {
      only: { type: 'string', multiple: true, default: [] },
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      results: { type: 'string' },
      vectors: { type: 'string' },
      rivals: { type: 'boolean', default: false },
      snailtracer: { type: 'string' },
      xsnap: { type: 'string' },
    },
  })
  const unknown = values.only.find((name) => !names.includes(name))
  if (unknown !== undefined)
    throw new RangeError(`there is no benchmark ${JSON.stringify(unknown)}, but ${names.join(', ')}`)
  const base = env['TROUPE_VECTORS']
  const vectors = values.vectors ?? (base ? join(base, 'fvm') : BESIDE_REPOSITORY)
  if (values.vectors !== undefined && !existsSync(vectors)) throw new RangeError(`there is no ${vectors}`)
  if (values.xsnap !== undefined && !existsSync(values.xsnap))
    throw new RangeError(`there is no ${values.xsnap}`)
  return {
    only: values.only,
    quick: values.quick,
    json: values.json,
    results: values.results,
    vectors: existsSync(vectors) ? resolve(vectors) : undefined,
    rivals: values.rivals,
    snailtracer: values.snailtracer === undefined ? undefined : resolve(values.snailtracer),
    xsnap: values.xsnap === undefined ? undefined : resolve(values.xsnap),
  }
}
