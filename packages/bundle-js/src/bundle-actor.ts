import type { SourceMapPayload } from 'node:module'
import { basename } from 'node:path'
import { BundleError, type BundleProblem } from './bundle-error.ts'
import { IMAGE_EXPORTS, IMAGE_MODULES } from './image-modules.ts'
import { inspectScript } from './inspect-script.ts'
import { originOf, runRolldown } from './run-rolldown.ts'

/** UTF-16 units that an actor's script may have, its header included. */
export const MAX_SCRIPT_LENGTH = 1_048_576

/** How an actor is bundled. */
export interface BundleOptions {
  /** What the code begins with: lines that a runtime knows it by. Default: nothing. */
  readonly header?: string
  /** Whether names are shortened and spaces left out. Default: `true`. */
  readonly minify?: boolean
  /**
   * What stands for modules that an actor cannot have, by specifier: a path from the working directory, which begins with a dot or a slash, or another specifier. What is behind a module's own paths
   * (`name/sub.js`) stays. Default: nothing.
   */
  readonly alias?: Readonly<Record<string, string>>
  /** Modules that are left to the image. Default: {@link IMAGE_MODULES}. */
  readonly imageModules?: readonly string[]
}

/** An actor as one script. */
export interface ActorBundle {
  /** The code, header included: an expression, whose value is a function of `require` and `exports`. */
  readonly script: string
  /** A source map (version 3) of the code. Paths are relative to the folder of the entry. */
  readonly map: SourceMapPayload
}

/**
 * Bundles an actor: an ES module, in JavaScript or TypeScript, and what it imports. The same sources give the same script, byte by byte, wherever they lie.
 * @param entry path of the module whose default export is the actor
 * @throws {BundleError} with all that was found
 */
export async function bundleActor(entry: string, options: BundleOptions = {}): Promise<ActorBundle> {
  const { header = '', minify = true, alias = {}, imageModules = IMAGE_MODULES } = options
  const before = `${header}(function (require, exports) {`
  const bundle = await runRolldown({
    ...{ entry, external: imageModules, before, after: '})', minify, alias },
  })
  const { script, map } = bundle
  const problems: BundleProblem[] = inspectScript(script, IMAGE_EXPORTS).map(({ offset, ...problem }) => ({
    ...problem,
    ...originOf(bundle, offset),
  }))
  if (!bundle.exports.includes('default'))
    problems.push({
      code: 'bundle/no-default-export',
      message: 'the actor has to be the default export',
      file: basename(entry),
    })
  if (script.length > MAX_SCRIPT_LENGTH)
    problems.push({
      code: 'bundle/too-large',
      message: `a script of ${script.length} characters, where ${MAX_SCRIPT_LENGTH} are allowed`,
    })
  if (problems.length > 0) throw new BundleError(problems as [BundleProblem, ...BundleProblem[]])
  return { script, map }
}
