import { describe, expect, it } from 'vitest'
import { checkToken, MIN_TOKEN_LENGTH, shownToken } from '../../src/access/token.ts'

const token = 't'.repeat(MIN_TOKEN_LENGTH)

describe('a token', () => {
  it('has a least length, and is of characters that a header may have', () => {
    expect(() => checkToken(token)).not.toThrow()
    for (const bad of [token.slice(1), `${token} `, `${token}ü`, ''])
      expect(() => checkToken(bad)).toThrow(expect.objectContaining({ code: 'server/bad-option' }))
  })

  it.each([
    [undefined, 'none'],
    [`Bearer ${token}`, 'right'],
    [`bearer  ${token}`, 'right'],
    [`Bearer ${token}t`, 'wrong'],
    [`Bearer ${token} ${token}`, 'wrong'],
    [token, 'wrong'],
    [`Basic ${token}`, 'wrong'],
    ['', 'wrong'],
  ])('shown as %s is %s', (header, expected) => {
    expect(shownToken(header, token)).toBe(expected)
  })
})
