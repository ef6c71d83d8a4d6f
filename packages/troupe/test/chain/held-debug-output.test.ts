import { HypervisorError } from '@troupe/hypervisor'
import { RefusedMessages } from 'troupe'
import { describe, expect, it } from 'vitest'
import { holding } from '../../src/chain/held-debug-output.ts'
import { messageOf } from './test-chain.ts'

/** Output that keeps what it is given. */
function keeper() {
  const lines: string[] = []
  return {
    lines,
    log: (actor: bigint, message: string): number => lines.push(`${actor} ${message}`),
    storeArtifact: (actor: bigint, name: string): number => lines.push(`${actor} ${name}`),
  }
}

describe('what actors log while messages may be refused', () => {
  it('is passed on when they were executed for good', () => {
    const output = keeper()
    const value = holding(output, (debug) => {
      debug?.log(100n, 'first')
      debug?.storeArtifact(101n, 'second', new Uint8Array())
      expect(output.lines).toEqual([])
      return 7
    })
    expect(value).toBe(7)
    expect(output.lines).toEqual(['100 first', '101 second'])
    expect(holding(undefined, (debug) => debug)).toBeUndefined()
  })

  it('is forgotten where they are executed once more, and not where the host has failed', () => {
    const output = keeper()
    const refused = new RefusedMessages(
      new Map([[messageOf(0n), new HypervisorError('message/fidelity', '')]]),
    )
    for (const error of [refused, new Error('the disk is full')])
      expect(() =>
        holding(output, (debug) => {
          debug?.log(100n, error.message)
          throw error
        }),
      ).toThrow(error)
    expect(output.lines).toEqual(['100 the disk is full'])
  })
})
