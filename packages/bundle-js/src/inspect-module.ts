import { isBuiltin } from 'node:module'
import { parseSync } from 'rolldown/utils'
import type { BundleProblem, BundleProblemCode } from './bundle-error.ts'
import { positionAt } from './positions.ts'
import { walk } from './syntax-node.ts'

/** A module that another one names. */
export interface Import {
  readonly specifier: string
  /** Where it is named (UTF-16 units). */
  readonly offset: number
}

/** What a module's own text says about it. */
export interface InspectedModule {
  readonly imports: readonly Import[]
  readonly problems: readonly BundleProblem[]
}

/** Reads a module as it was written, and finds what no actor can have. @param file its path */
export function inspectModule(file: string, text: string): InspectedModule {
  const { errors, module, program } = parseSync(file, text)
  const problem = (
    code: BundleProblemCode,
    message: string,
    offset: number,
    name?: string,
  ): BundleProblem => ({
    ...{ code, message, file, ...positionAt(text, offset) },
    ...(name === undefined ? {} : { name }),
  })
  if (errors.length > 0)
    return {
      imports: [],
      problems: errors.map(({ message, labels }) => problem('bundle/syntax', message, labels[0]?.start ?? 0)),
    }
  const imports = [
    ...module.staticImports
      .filter(({ entries }) => entries.length === 0 || entries.some(({ isType }) => !isType))
      .map(({ moduleRequest }) => ({ specifier: moduleRequest.value, offset: moduleRequest.start })),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest, isType }) =>
        moduleRequest === null || isType
          ? []
          : [{ specifier: moduleRequest.value, offset: moduleRequest.start }],
      ),
    ),
  ]
  const problems = [
    ...imports
      .filter(({ specifier }) => isBuiltin(specifier))
      .map(({ specifier, offset }) =>
        problem('bundle/node-builtin', `an actor has no module ${specifier}`, offset, specifier),
      ),
    ...module.dynamicImports.map(({ start }) =>
      problem('bundle/dynamic-import', 'an actor is one script: it imports nothing while it runs', start),
    ),
    ...topLevelAwaits(program).map((offset) =>
      problem(
        'bundle/top-level-await',
        'an actor is ready at once: nothing settles a promise while it is made ready',
        offset,
      ),
    ),
  ]
  return { imports, problems }
}

/** Nodes within which an `await` is a function's own. */
const FUNCTIONS = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'StaticBlock',
])

/** Offsets of the `await`s that belong to no function. */
function topLevelAwaits(program: unknown): number[] {
  const found: number[] = []
  walk(program, (node) => {
    if (FUNCTIONS.has(node.type)) return false
    if (node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node['await'] === true))
      found.push(node.start)
    return true
  })
  return found
}
