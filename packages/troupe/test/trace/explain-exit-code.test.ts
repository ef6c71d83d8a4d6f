import { ExitCode } from '@troupe/hypervisor'
import { explainExitCode } from 'troupe/trace'
import { expect, it } from 'vitest'

it('explains every exit code that has a name, each in a sentence of its own', () => {
  const texts = Object.values(ExitCode).map(explainExitCode)
  for (const text of texts) expect(text).toMatch(/^[A-Z].*\.$/u)
  expect(new Set(texts).size).toBe(texts.length)
})

it('says of other exit codes whose they are', () => {
  expect(explainExitCode(3)).toContain('system')
  expect(explainExitCode(27)).toContain('all actors share')
  expect(explainExitCode(32)).toContain('own')
  expect(explainExitCode(2 ** 32 - 1)).toContain('own')
})
