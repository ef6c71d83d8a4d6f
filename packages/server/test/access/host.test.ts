import { describe, expect, it } from 'vitest'
import { isHostAllowed, isLoopback, urlHost } from '../../src/access/host.ts'

describe('a host', () => {
  it.each(['127.0.0.1', '127.8.9.1', 'localhost', 'LocalHost', 'a.localhost', '::1', '[::1]'])(
    '%s is this machine',
    (host) => {
      expect(isLoopback(host)).toBe(true)
    },
  )

  it.each([
    '0.0.0.0',
    '::',
    '10.0.0.1',
    'localhost.example',
    '127.0.0.1.example',
    'example',
    '1127.0.0.1',
    '',
  ])('"%s" is not', (host) => {
    expect(isLoopback(host)).toBe(false)
  })

  it.each(['localhost', 'localhost:8545', '127.0.0.1:1', '[::1]:8545', '[::1]', 'box.test:80'])(
    'may be called %s',
    (header) => {
      expect(isHostAllowed(header, ['box.test'])).toBe(true)
    },
  )

  it.each([
    undefined,
    '',
    'example:8545',
    'localhost.example:8545',
    'localhost:8545:1',
    '[::1',
    'localhost@example',
    ':8545',
  ])('may not be called %s', (header) => {
    expect(isHostAllowed(header, ['box.test'])).toBe(false)
  })

  it('stands in a URL', () => {
    expect([urlHost('127.0.0.1'), urlHost('::1'), urlHost('box')]).toEqual(['127.0.0.1', '[::1]', 'box'])
  })
})
