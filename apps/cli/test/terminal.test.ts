import { describe, expect, it } from 'vitest'
import { Progress } from '../src/progress.ts'
import { createTerminal, type Terminal } from '../src/terminal.ts'

function terminal(
  isTTY: boolean,
  env: Readonly<Record<string, string>> = {},
): { terminal: Terminal; written: () => string } {
  let text = ''
  const stream = { write: (part: string) => (text += part), isTTY, columns: 60 }
  return { terminal: createTerminal(stream, stream, env), written: () => text }
}

describe('progress', () => {
  it('is one line where there is no screen', () => {
    const { terminal: plain, written } = terminal(false)
    const progress = new Progress(plain, 'counting', 2, false)
    progress.step('one')
    progress.step('two')
    progress.end()
    expect(written()).toBe('counting\n')
  })

  it('is nothing where it should be quiet', () => {
    for (const isTTY of [false, true]) {
      const { terminal: any, written } = terminal(isTTY)
      const progress = new Progress(any, 'counting', 1, true)
      progress.step('one')
      progress.end()
      expect(written()).toBe('')
    }
  })

  it('is a bar on a screen, cut to its width, and taken away for every line and at the end', () => {
    const { terminal: screen, written } = terminal(true, { NO_COLOR: '1' })
    const progress = new Progress(screen, 'counting', 1, false)
    progress.step('x'.repeat(100))
    screen.print('data')
    progress.end()
    const erase = '\r\u001b[2K'
    expect(written()).toBe(`${erase}${'━'.repeat(24)} 1/1 ${'x'.repeat(30)}${erase}data\n`)
  })

  it('is no bar in CI, or on a screen that can do nothing', () => {
    for (const env of [{ CI: 'true' }, { TERM: 'dumb' }])
      expect(terminal(true, env).terminal.status).toBeUndefined()
  })
})
