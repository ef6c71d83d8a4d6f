import { describe, expect, it } from 'vitest'
import { CliError } from '../src/errors.ts'
import { checkFidelities } from '../src/required-fidelity.ts'

const exact = { level: 'exact', reasons: [] } as const
const simulated = { level: 'simulated', reasons: ['proofs are taken for right', 'dice'] } as const

describe('results that have to be good enough', () => {
  it('are tested all, and the first that is not is told with its reasons', () => {
    expect(() => checkFidelities([exact, exact], 'exact', 'a.json')).not.toThrow()
    expect(() => checkFidelities([exact, simulated], undefined, 'a.json')).not.toThrow()
    const message = expect.stringContaining('proofs are taken for right; dice')
    for (const level of ['exact', 'calibrated'] as const)
      expect(() => checkFidelities([exact, simulated], level, 'a.json')).toThrow(
        expect.objectContaining({ code: 'replay/fidelity', where: 'a.json', message }),
      )
    expect(() => checkFidelities([simulated], 'exact', 'a.json')).toThrow(CliError)
  })
})
