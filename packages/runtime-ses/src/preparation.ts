/** What the SDK says of an actor's code; see `Preparation` of `@troupe/sdk-js`. */
export type Preparation =
  | { readonly isAccepted: true; readonly isReentrant: boolean }
  | {
      readonly isAccepted: false
      readonly code: string
      readonly reason: string
      readonly line?: number
      readonly column?: number
    }

/** Reads the SDK's answer. The SDK writes it whatever the code did; where it is none, the code has found a way into the engine, and is refused. */
export function parsePreparation(text: string): Preparation {
  const value = parseJson(text)
  if (!isRecord(value)) return unexpected(text)
  if (value['isAccepted'] === true) return { isAccepted: true, isReentrant: value['isReentrant'] !== false }
  const { code, reason, line, column } = value
  if (typeof code !== 'string' || typeof reason !== 'string') return unexpected(text)
  return {
    isAccepted: false,
    code,
    reason,
    ...(typeof line === 'number' ? { line } : {}),
    ...(typeof column === 'number' ? { column } : {}),
  }
}

/** Why a code is refused, and where. */
export function reasonOf({ reason, line, column }: Preparation & { readonly isAccepted: false }): string {
  const where = line === undefined ? '' : ` (line ${line}${column === undefined ? '' : `, column ${column}`})`
  return `${reason}${where}`
}

/** Where that is in the code, in bytes. */
export function offsetOf(
  { column, line }: Preparation & { readonly isAccepted: false },
  code: Uint8Array,
): number | undefined {
  if (line === undefined || column === undefined) return undefined
  const lines = new TextDecoder().decode(code).split('\n')
  const before = [...lines.slice(0, line - 1), lines[line - 1]?.slice(0, column - 1) ?? ''].join('\n')
  return new TextEncoder().encode(before).length
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function unexpected(text: string): Preparation {
  return { isAccepted: false, code: 'actor/trap', reason: `the SDK answers ${text.slice(0, 80)}` }
}
