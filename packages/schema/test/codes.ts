import { expect } from 'vitest'

/** What an error with this code, about this field, looks like. */
export function refusal(code: string, field: string): unknown {
  return expect.objectContaining({ code, field })
}
