import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundleActor } from '@troupe/bundle-js'
import { CODE_HEADER } from '@troupe/runtime-ses'
import { SOURCES, type TourCode } from './actors.ts'
import { TourError } from './errors.ts'

const FIXTURES = `${SOURCES}/src/index.ts`
const SDK_SOURCES = /^.*\/sdk-js\/src\//u
const REPOSITORY = join(import.meta.dirname, '..', '..', '..', '..')

/** What has the sources, and compiles them: it belongs to the repository that the command is run in, not to the command. */
interface Fixtures {
  compileFixture(name: 'counter' | 'relay', options: { readonly generation: 4 }): Promise<Uint8Array>
  /** Compiled already: Solidity's compiler is none of what is installed for the tour. */
  boxOfficeContract(): { readonly abi: readonly object[]; readonly bytecode: string }
  hallSource(): string
}

/** A function of a contract, as its interface has it. */
interface AbiFunction {
  readonly type: string
  readonly name: string
  readonly inputs: readonly { readonly type: string }[]
}

/** Files that are built. */
export const BUILDS = 3

/**
 * Builds the actors of the tour: compiles those in AssemblyScript, or takes them from the cache of their compiler; bundles the one in JavaScript; and reads the contract.
 *
 * @param repository the root of the repository, for tests
 * @throws {TourError} tour/no-actors where the command is not run from a clone of the repository
 */
export async function buildActors(
  onFile: (name: string) => void = () => {},
  repository: string = REPOSITORY,
): Promise<TourCode> {
  const path = join(repository, FIXTURES)
  if (!existsSync(path))
    throw new TourError(
      'tour/no-actors',
      `the tour builds actors from their sources, and ${path} is not there: clone the repository, and run npm start in it`,
    )
  const fixtures = (await import(pathToFileURL(path).href)) as Fixtures
  const compile = async (name: 'counter' | 'relay'): Promise<Uint8Array> => {
    onFile(`compiling ${name}.ts`)
    return fixtures.compileFixture(name, { generation: 4 })
  }
  const counter = await compile('counter')
  const relay = await compile('relay')
  onFile('bundling hall.ts')
  const entry = fixtures.hallSource()
  const { map, script } = await bundleActor(entry, { header: CODE_HEADER })
  const { abi, bytecode } = fixtures.boxOfficeContract()
  return {
    ...{ counter, relay },
    boxOffice: { initcode: Buffer.from(bytecode.slice('0x'.length), 'hex'), functions: functionsOf(abi) },
    hall: {
      script: new TextEncoder().encode(script),
      // The SDK's own sources are far away.
      sourceMap: { ...map, sources: map.sources.map((path) => path.replace(SDK_SOURCES, '@troupe/sdk-js/')) },
      source: readFileSync(entry, 'utf8').split('\n'),
    },
  }
}

function functionsOf(abi: readonly object[]): string[] {
  return (abi as readonly AbiFunction[])
    .filter(({ type }) => type === 'function')
    .map(({ name, inputs }) => `${name}(${inputs.map(({ type }) => type).join()})`)
}
