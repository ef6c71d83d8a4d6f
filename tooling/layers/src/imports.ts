import { type Token, tokenize } from './tokens.ts'

/** One place where a source file names another module. */
export interface ModuleReference {
  /** What stands between the quotes, or `undefined` for a dynamic import of something computed. */
  readonly specifier: string | undefined
  /** From 1. */
  readonly line: number
  /** `star` is `export * from`, with or without a name; `asset` is `new URL(..., import.meta.url)` and `import.meta.resolve(...)`. */
  readonly form: 'import' | 'export' | 'star' | 'dynamic' | 'require' | 'asset' | 'types'
}

/**
 * Finds every module that a TypeScript source names: imports and re-exports (of types too), `import()` in code and in types,
 * `require`, `/// <reference types>`, and assets found relative to `import.meta.url`. Comments and the insides of strings do not count.
 */
export function findReferences(source: string): ModuleReference[] {
  const found = findTypeReferences(source)
  const tokens = tokenize(source)
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]
    if (token?.kind !== 'name' || tokens[i - 1]?.value === '.') continue
    const reference = readReference(tokens, i)
    if (reference) found.push({ ...reference, line: token.line })
  }
  return found.sort((a, b) => a.line - b.line)
}

type Found = Omit<ModuleReference, 'line'>

/** Reads the reference that the name at `i` starts, if it does. */
function readReference(tokens: readonly Token[], i: number): Found | undefined {
  const next = tokens[i + 1]
  switch (tokens[i]?.value) {
    case 'import':
      if (next?.kind === 'text') return { specifier: next.value, form: 'import' }
      if (isSign(next, '(')) return readArgument(tokens, i + 2, 'dynamic')
      if (isSign(next, '.')) return readMeta(tokens, i)
      return readClause(tokens, i + 1, 'import')
    case 'export': {
      const at = next?.value === 'type' ? i + 2 : i + 1
      if (isSign(tokens[at], '*')) return readClause(tokens, at, 'star')
      return isSign(tokens[at], '{') ? readClause(tokens, at, 'export') : undefined
    }
    case 'require':
      return isSign(next, '(') ? readArgument(tokens, i + 2, 'require') : undefined
    case 'new':
      return next?.value === 'URL' && isSign(tokens[i + 2], '(') ? readUrl(tokens, i + 3) : undefined
    default:
      return undefined
  }
}

function isSign(token: Token | undefined, sign: string): boolean {
  return token?.kind === 'punctuation' && token.value === sign
}

/** The string at `i`, also as a template without substitutions. */
function literal(token: Token | undefined): string | undefined {
  if (token?.kind === 'text') return token.value
  return token?.kind === 'template' && token.whole === true ? token.value : undefined
}

/** The one argument of a call. `import(` with nothing or with `)` is no call of ours: a method of that name. */
function readArgument(tokens: readonly Token[], i: number, form: 'dynamic' | 'require'): Found | undefined {
  const specifier = literal(tokens[i])
  const after = tokens[i + 1]
  if (specifier !== undefined && (isSign(after, ')') || isSign(after, ','))) return { specifier, form }
  return isSign(tokens[i], ')') || form === 'require' ? undefined : { specifier: undefined, form }
}

/** `import.meta.resolve('x')`. */
function readMeta(tokens: readonly Token[], i: number): Found | undefined {
  const isResolve =
    tokens[i + 2]?.value === 'meta' && tokens[i + 4]?.value === 'resolve' && isSign(tokens[i + 5], '(')
  const specifier = isResolve ? literal(tokens[i + 6]) : undefined
  return specifier === undefined ? undefined : { specifier, form: 'asset' }
}

/** `new URL('x', import.meta.url)`, from its first argument on. */
function readUrl(tokens: readonly Token[], i: number): Found | undefined {
  const specifier = literal(tokens[i])
  const base = tokens
    .slice(i + 1, i + 7)
    .map((token) => token.value)
    .join('')
  return specifier !== undefined && base.startsWith(',import.meta.url')
    ? { specifier, form: 'asset' }
    : undefined
}

/** From inside an import or export clause to the string after `from`, as long as the tokens can belong to such a clause. */
function readClause(
  tokens: readonly Token[],
  start: number,
  form: 'import' | 'export' | 'star',
): Found | undefined {
  for (let i = start; i < tokens.length; i++) {
    const token = tokens[i]
    const next = tokens[i + 1]
    if (token?.kind === 'name' && token.value === 'from' && next?.kind === 'text' && i > start)
      return { specifier: next.value, form }
    // A closed list is followed by `from` or by another statement.
    if (i > start && isSign(tokens[i - 1], '}') && token?.value !== 'from') return undefined
    const belongs =
      token?.kind === 'name' ||
      token?.kind === 'text' ||
      (token?.kind === 'punctuation' && '{},*'.includes(token.value))
    if (!belongs) return undefined
  }
  return undefined
}

/** `/// <reference types="x" />` is a comment to the tokenizer and an import to the compiler. */
function findTypeReferences(source: string): ModuleReference[] {
  const found: ModuleReference[] = []
  source.split('\n').forEach((text, index) => {
    const specifier = /^\s*\/\/\/\s*<reference\s+types=["']([^"']+)["']/.exec(text)?.[1]
    if (specifier !== undefined) found.push({ specifier, line: index + 1, form: 'types' })
  })
  return found
}
