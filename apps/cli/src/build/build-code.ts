/** @module Code of an actor, from its sources: what `troupe build` writes, and what `troupe deploy` installs where that is not built yet. */
import { SourceMap, type SourceMapPayload } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { BundleError, type BundleOptions, type BundleProblem, bundleActor } from '@troupe/bundle-js'
import type { CryptoProvider } from '@troupe/crypto'
import { GasTracker } from '@troupe/hypervisor'
import { type Cid, cidOf, RAW } from '@troupe/ipld'
import { CODE_HEADER, type SesRuntime } from '@troupe/runtime-ses'
import { networks } from 'troupe'
import { CliError } from '../errors.ts'

/** Code of an actor. */
export interface ActorCode {
  readonly bytes: Uint8Array
  readonly map: SourceMapPayload
  readonly cid: Cid
  /** Gas that it takes to be ready, when it is installed; `undefined` where nobody looked. */
  readonly gas: string | undefined
}

/** What code is made with. */
export interface BuildTools {
  readonly crypto: CryptoProvider
  /** What makes it ready, as a chain does; `undefined` where nobody is to look. */
  readonly runtime: SesRuntime | undefined
  /** The working directory. */
  readonly directory: string
}

const MILLIGAS = 1000n
/** More than a chain allows: how much it takes is to be known. */
const READY_LIMIT = 10n ** 15n

/**
 * Makes the code of the actor whose module is `source`, as the user named it.
 * @throws {CliError} build/refused
 */
export async function buildCode(
  { crypto, directory, runtime }: BuildTools,
  source: string,
  options: BundleOptions,
): Promise<ActorCode> {
  const { script, map } = await bundle(resolve(directory, source), source, options)
  const bytes = new TextEncoder().encode(script)
  const cid = cidOf(crypto, RAW, bytes)
  const gas = runtime === undefined ? undefined : makeReady(runtime, cid, bytes, { source, map })
  return { bytes, map, cid, gas }
}

/** @throws {CliError} build/refused */
async function bundle(file: string, source: string, options: BundleOptions): ReturnType<typeof bundleActor> {
  try {
    return await bundleActor(file, { header: CODE_HEADER, ...options })
  } catch (cause) {
    if (!(cause instanceof BundleError)) throw cause
    const places = cause.problems.map((problem) => ({
      code: problem.code,
      message: `${placeOf(problem, dirname(source))}${problem.message}`,
    }))
    throw new CliError('build/refused', 'this cannot be an actor', {
      where: source,
      reasons: places,
      cause,
      advice: 'an actor has the language and what it imports of @troupe/sdk-js: see its README',
    })
  }
}

/** Where a problem is, for whoever stands where the command was called. */
function placeOf({ file, line, column }: BundleProblem, folder: string): string {
  if (file === undefined) return ''
  return `${[join(folder, file), line, column].filter((part) => part !== undefined).join(':')}: `
}

/**
 * Makes code ready as a local chain does that installs it.
 * @returns the gas that it takes
 * @throws {CliError} build/refused
 */
function makeReady(
  runtime: SesRuntime,
  cid: Cid,
  code: Uint8Array,
  { map, source }: { readonly map: SourceMapPayload; readonly source: string },
): string {
  const gas = new GasTracker(READY_LIMIT)
  const verdict = runtime.validate(cid, code, networks.local.rules, undefined, gas)
  if (verdict !== 'accepted')
    throw new CliError('build/refused', `${verdict?.code}: ${verdict?.reason}`, {
      where: whereIn(source, map, code, verdict?.offset),
      advice: 'a chain would refuse it, and say the same',
    })
  return String(gas.used / MILLIGAS)
}

/** A place in the sources, as far as it is known. */
function whereIn(
  source: string,
  map: SourceMapPayload,
  code: Uint8Array,
  offset: number | undefined,
): string {
  if (offset === undefined) return source
  const lines = new TextDecoder().decode(code.subarray(0, offset)).split('\n')
  const found = new SourceMap(map).findEntry(lines.length - 1, lines.at(-1)?.length ?? 0)
  if (!('originalSource' in found) || found.originalSource === undefined) return source
  const place = { file: found.originalSource, line: found.originalLine + 1, column: found.originalColumn + 1 }
  return [join(dirname(source), place.file), place.line, place.column].join(':')
}
