import { describe, expect, it } from 'vitest'
import { fit } from '../src/tour/fit.ts'

describe('fitting a line to a screen', () => {
  it('leaves what fits, and everything where there is no screen', () => {
    expect(fit('12345', 5)).toBe('12345')
    expect(fit('\u001b[31m12345\u001b[39m', 5)).toBe('\u001b[31m12345\u001b[39m')
    expect(fit('1234567', undefined)).toBe('1234567')
  })

  it('cuts what does not', () => {
    expect(fit('123456', 5)).toBe('1234…')
    expect(fit('└─ é ✗', 5)).toBe('└─ é…')
  })

  it('keeps colours, and ends them', () => {
    const line = '1\u001b[31m234\u001b[39m5\u001b[2m6\u001b[22m'
    expect(fit(line, 4)).toBe('1\u001b[31m23…\u001b[39m\u001b[2m\u001b[22m')
  })
})
