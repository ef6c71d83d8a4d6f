/** A node of a syntax tree. */
export interface SyntaxNode {
  readonly type: string
  readonly start: number
  readonly [key: string]: unknown
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

/** Visits a tree from the top. @param visit says whether to go on below a node */
export function walk(tree: unknown, visit: (node: SyntaxNode) => boolean): void {
  if (Array.isArray(tree)) for (const each of tree) walk(each, visit)
  else if (isNode(tree) && visit(tree))
    for (const value of Object.values(tree)) if (typeof value === 'object') walk(value, visit)
}
