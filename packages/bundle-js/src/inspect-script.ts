import { analyze, type ScopeManager } from 'eslint-scope'
import { parseSync } from 'rolldown/utils'
import { ACTOR_GLOBALS } from './actor-globals.ts'
import type { BundleProblem, BundleProblemCode } from './bundle-error.ts'
import { type SyntaxNode, walk } from './syntax-node.ts'

/** A problem in a script, before anyone has looked up what it was made from. */
export interface ScriptProblem extends Pick<BundleProblem, 'code' | 'message' | 'name'> {
  /** In the script (UTF-16 units). */
  readonly offset: number
}

/** Names that are longer are taken for what fits. */
const MAX_NAME_LENGTH = 200

/** What `ses` refuses wherever it stands, in texts too, because telling code from text takes a parser. */
const REJECTED: readonly (readonly [code: BundleProblemCode, pattern: RegExp, what: string])[] = [
  ['bundle/html-comment', /<!--|-->/g, 'what could be an HTML comment'],
  [
    'bundle/dynamic-import',
    /(?:^|[^.]|\.\.\.)\bimport(?=\s*(?:\(|\/[/*]))/g,
    'what could be a dynamic import',
  ],
  ['bundle/direct-eval', /(?:^|[^.])\beval(?=\s*\()/g, 'what could be a direct eval'],
]

/**
 * Looks for what a whole script cannot have: globals and exports that are not there, and what `ses` refuses to evaluate.
 * @param exports what the modules that it requires have, by specifier, as far as that is known
 */
export function inspectScript(
  script: string,
  exports: Readonly<Record<string, ReadonlySet<string>>> = {},
): ScriptProblem[] {
  const problems: ScriptProblem[] = []
  for (const [code, pattern, what] of REJECTED)
    for (const { index } of script.matchAll(pattern))
      problems.push({ code, message: `${what}, be it within a text`, offset: index })
  const scopes = scopesOf(script)
  return [...problems, ...unknownExports(script, scopes, exports), ...unknownGlobals(script, scopes)]
}

function scopesOf(script: string): ScopeManager {
  const { program } = parseSync('script.js', script, {
    sourceType: 'script',
    preserveParens: false,
    range: true,
  })
  return analyze(program as unknown as Parameters<typeof analyze>[0], {
    ecmaVersion: 2024,
    // It is a problem of its own, and hides nothing else.
    ignoreEval: true,
    sourceType: 'script',
  })
}

/** A module whose names are asked for one by one stands in a variable that is given a value once. */
function unknownExports(
  script: string,
  { scopes }: ScopeManager,
  exports: Readonly<Record<string, ReadonlySet<string>>>,
): ScriptProblem[] {
  return scopes
    .flatMap(({ variables }) => variables)
    .flatMap(({ references }) => {
      const [written, other] = references.filter((reference) => reference.isWrite())
      const specifier = other === undefined ? requiredBy(written?.writeExpr) : undefined
      const known = specifier === undefined ? undefined : exports[specifier]
      if (known === undefined) return []
      return references.flatMap(({ identifier }) => {
        const { start, end } = identifier as unknown as { start: number; end: number }
        const name = /^\.([\w$]+)/.exec(script.slice(end, end + MAX_NAME_LENGTH))?.[1]
        if (name === undefined || known.has(name)) return []
        const message = `${specifier} has no export ${name}`
        return [{ code: 'bundle/unknown-export' as const, message, name, offset: start }]
      })
    })
}

/** What a call of `require` asks for. */
function requiredBy(node: unknown): string | undefined {
  const { type, callee, arguments: values } = (node ?? {}) as Partial<SyntaxNode>
  const [first] = Array.isArray(values) ? (values as { readonly value?: unknown }[]) : []
  const isRequire = type === 'CallExpression' && (callee as { readonly name?: string }).name === 'require'
  return isRequire && typeof first?.value === 'string' ? first.value : undefined
}

function unknownGlobals(script: string, { globalScope }: ScopeManager): ScriptProblem[] {
  const references = (globalScope?.through ?? []).map(({ identifier }) => ({
    name: identifier.name as string,
    offset: (identifier as unknown as { start: number }).start,
  }))
  // Code that asks whether a name is there can do without it: it reads as `undefined`.
  const askedFor = new Set(
    references.filter(({ offset }) => isAskedFor(script, offset)).map(({ name }) => name),
  )
  return references
    .filter(({ name }) => !ACTOR_GLOBALS.has(name) && !askedFor.has(name))
    .map(({ name, offset }) => ({
      ...{ code: 'bundle/unknown-global' as const, message: `an actor has no global ${name}`, name, offset },
    }))
}

function isAskedFor(script: string, offset: number): boolean {
  return /typeof\s*\(?\s*$/.test(script.slice(Math.max(0, offset - 16), offset))
}

/** The modules that a script asks for when it runs, and where (UTF-16 units). */
export function requiredModules(script: string): ReadonlyMap<string, number> {
  const { program } = parseSync('script.js', script, { sourceType: 'script' })
  const found = new Map<string, number>()
  walk(program, (node) => {
    const specifier = requiredBy(node)
    if (specifier !== undefined && !found.has(specifier)) found.set(specifier, node.start)
    return true
  })
  return found
}
