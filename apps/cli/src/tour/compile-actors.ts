import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { TOUR_ACTORS, type TourActor, type TourCode } from './actors.ts'
import { TourError } from './errors.ts'

/** Where the sources are, from the root of the repository. */
export const SOURCES: string = 'tooling/fixtures/assembly'
const COMPILER = 'tooling/fixtures/src/index.ts'
const REPOSITORY = join(import.meta.dirname, '..', '..', '..', '..')

/** What compiles the sources: they and it belong to the repository that the command is run in, not to the command. */
interface Compiler {
  compileFixture(name: TourActor, options: { readonly generation: 4 }): Promise<Uint8Array>
}

/**
 * Compiles the actors of the tour, or takes them from the cache of its compiler.
 *
 * @param repository the root of the repository, for tests
 * @throws {TourError} tour/no-actors where the command is not run from a clone of the repository
 */
export async function compileActors(
  onActor: (name: TourActor) => void = () => {},
  repository: string = REPOSITORY,
): Promise<TourCode> {
  const path = join(repository, COMPILER)
  if (!existsSync(path))
    throw new TourError(
      'tour/no-actors',
      `the tour compiles actors from their sources, and ${path} is not there: clone the repository, and run npm start in it`,
    )
  const { compileFixture } = (await import(pathToFileURL(path).href)) as Compiler
  const code: Partial<Record<TourActor, Uint8Array>> = {}
  for (const name of TOUR_ACTORS) {
    onActor(name)
    code[name] = await compileFixture(name, { generation: 4 })
  }
  return code as TourCode
}
