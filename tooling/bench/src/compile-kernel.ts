import { readdirSync, readFileSync } from 'node:fs'
import { compileActor, fixtureSources } from '@troupe/fixtures'

const DIRECTORY = new URL('../kernels/', import.meta.url)

/** Code that stands for a kind of work, each the file of its name in `kernels`: `invoke(rounds)` does so many rounds from a fixed start. */
export const KERNEL_NAMES = [
  'sha256',
  'blake2b',
  'fibonacci',
  'matrix',
  'cbor-reader',
  'bignum',
  'quicksort',
  'interpreter',
] as const

/** Name of a kernel, or of an actor that is there for what it calls. */
export type SourceName = (typeof KERNEL_NAMES)[number] | 'empty' | 'loop'

/**
 * Compiles a file of `kernels`, for speed. It may use the syscalls of the fixtures.
 * @throws {FixtureError} fixture/refused, fixture/unknown-import
 */
export function compileKernel(name: SourceName): Promise<Uint8Array<ArrayBuffer>> {
  const own = readdirSync(DIRECTORY).map(
    (file) => [file, readFileSync(new URL(file, DIRECTORY), 'utf8')] as const,
  )
  return compileActor(new Map([...fixtureSources(), ...own]), `${name}.ts`, '-O3')
}
