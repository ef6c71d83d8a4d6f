import { analyze } from 'eslint-scope'
import { parseSync } from 'rolldown/utils'
import { ACTOR_GLOBALS } from './actor-globals.ts'
import type { BundleProblem, BundleProblemCode } from './bundle-error.ts'
import { walk } from './syntax-node.ts'

/** A problem in a script, before anyone has looked up what it was made from. */
export interface ScriptProblem extends Pick<BundleProblem, 'code' | 'message' | 'name'> {
  /** In the script (UTF-16 units). */
  readonly offset: number
}

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

/** Looks for what a whole script cannot have: globals that are not there, and what `ses` refuses to evaluate. */
export function inspectScript(script: string): ScriptProblem[] {
  const problems: ScriptProblem[] = []
  for (const [code, pattern, what] of REJECTED)
    for (const { index } of script.matchAll(pattern))
      problems.push({ code, message: `${what}, be it within a text`, offset: index })
  return [...problems, ...unknownGlobals(script)]
}

function unknownGlobals(script: string): ScriptProblem[] {
  const { program } = parseSync('script.js', script, {
    sourceType: 'script',
    preserveParens: false,
    range: true,
  })
  const { globalScope } = analyze(program as unknown as Parameters<typeof analyze>[0], {
    ecmaVersion: 2024,
    sourceType: 'script',
  })
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

/** The modules that a script asks for when it runs. */
export function requiredModules(script: string): string[] {
  const { program } = parseSync('script.js', script, { sourceType: 'script' })
  const found = new Set<string>()
  walk(program, ({ type, callee, arguments: values }) => {
    const [first] = Array.isArray(values) ? (values as { readonly value?: unknown }[]) : []
    const isRequire = type === 'CallExpression' && (callee as { readonly name?: string }).name === 'require'
    if (isRequire && typeof first?.value === 'string') found.add(first.value)
    return true
  })
  return [...found]
}
