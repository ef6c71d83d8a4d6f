import { dialectOf, parseModule, validateModule } from '@troupe/container'
import { describe, expect, it } from 'vitest'
import { NEW } from '../support/rules.ts'
import { withBody } from '../support/validation-context.ts'
import { GOLDEN } from './golden.ts'

function bytesOf(hex: string): number[] {
  return Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16))
}

function groupsOf(hex: string): [count: number, type: number][] {
  const bytes = bytesOf(hex)
  return Array.from({ length: bytes.length / 2 }, (_, i) => [
    bytes[2 * i] as number,
    bytes[2 * i + 1] as number,
  ])
}

describe('the verdict of the reference is reached', () => {
  it.each(GOLDEN.map((row, i) => [i, row[3] ?? 'valid', row] as const))('on body %i: %s', (_, __, row) => {
    const [type, locals, code, rule, offset] = row
    const module = parseModule(withBody(type, groupsOf(locals), bytesOf(code)), dialectOf(NEW.wasm))
    if (rule === undefined) {
      validateModule(module)
      expect(module.bodies).toHaveLength(4)
    } else {
      expect(() => validateModule(module)).toThrow(
        expect.objectContaining({ code: 'module/invalid', rule, offset }),
      )
    }
  })
})
