import { describe, expect, it } from 'vitest'
import { ConformanceProofs } from '../../src/conformance/conformance-proofs.ts'
import { VectorExterns } from '../../src/conformance/vector-externs.ts'

const bytes = (value: number): Uint8Array => new Uint8Array(32).fill(value)

describe('the node of a vector', () => {
  it('answers with the first recorded value of this kind and epoch, exactly', () => {
    const externs = new VectorExterns([
      { kind: 'chain', epoch: 5n, value: bytes(1) },
      { kind: 'beacon', epoch: 5n, value: bytes(2) },
      { kind: 'chain', epoch: 5n, value: bytes(3) },
      { kind: 'chain', epoch: 6n, value: bytes(4) },
    ])
    expect(externs.chainRandomness(5n)).toEqual(bytes(1))
    expect(externs.beaconRandomness(5n)).toEqual(bytes(2))
    expect(externs.chainRandomness(6n)).toEqual(bytes(4))
    expect(externs.fidelity).toEqual({ level: 'exact' })
  })

  it('answers what is not recorded as the reference does, and owns up to it', () => {
    const externs = new VectorExterns([{ kind: 'chain', epoch: 5n, value: bytes(1) }])
    expect(new TextDecoder().decode(externs.beaconRandomness(5n))).toBe('i_am_random_____i_am_random_____')
    expect(externs.fidelity.level).toBe('simulated')
  })

  it('knows no consensus faults, and no tipsets', () => {
    const externs = new VectorExterns([])
    expect(externs.verifyConsensusFault()).toEqual({ fault: undefined, gasUsed: 0 })
    expect(() => externs.tipsetCid(1n)).toThrow(expect.objectContaining({ code: 'vector/unrecorded-extern' }))
  })
})

describe('proofs in vectors', () => {
  it('are taken for right, which is no verification', () => {
    const proofs = new ConformanceProofs('ext-0001-anything')
    expect(proofs.fidelity.level).toBe('simulated')
    expect([
      proofs.verifySeal(),
      proofs.verifyPost(),
      proofs.verifyAggregateSeals(),
      proofs.verifyReplicaUpdate(),
    ]).toEqual([true, true, true, true])
  })

  it('of spacetime are wrong in the one vector whose message disputes one with success', () => {
    const proofs = new ConformanceProofs('ext-0002-fil_10_storageminer-DisputeWindowedPoSt-Ok-1')
    expect([proofs.verifyPost(), proofs.verifySeal()]).toEqual([false, true])
  })
})
