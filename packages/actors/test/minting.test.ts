import {
  BASELINE_TOTAL,
  computeReward,
  computeTheta,
  initialRewardState,
  nextEstimate,
  SIMPLE_TOTAL,
} from '@troupe/actors'
import { loadCrypto } from '@troupe/crypto'
import { describe, expect, it } from 'vitest'

const crypto = await loadCrypto()
const sha256 = (lines: readonly string[]): string =>
  Array.from(crypto.sha256(new TextEncoder().encode(`${lines.join('\n')}\n`)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')

const ONE = 1n << 128n

/** Source: builtin-actors v18 actors/reward/src/logic.rs, actors/reward/testdata. The hashes are those of the reference's golden files. */
describe('minting', () => {
  it('gives the 512 simple rewards of the reference', () => {
    const lines = Array.from({ length: 512 }, (_, i) => {
      const epoch = BigInt(i) * 5000n
      return `${epoch},${computeReward(epoch, 0n, 0n, SIMPLE_TOTAL, BASELINE_TOTAL)}`
    })
    expect(lines.slice(0, 2)).toEqual(['0,36266264293777134739', '5000,36246341860983438171'])
    expect(sha256(['x, y', ...lines])).toBe(
      '568fdda6f6ef2f565acde750ba6e746e2b0389bb956e19fa64c8adeead692af3',
    )
  })

  it('gives the 512 baseline rewards of the reference', () => {
    const step = 5000n * ONE - 77_777_777_777n
    const simple = computeReward(0n, 0n, 0n, SIMPLE_TOTAL, BASELINE_TOTAL)
    let previous = 0n
    let theta = ONE - 33_333_333_333n
    const lines = Array.from({ length: 512 }, () => {
      const reward = computeReward(0n, previous, theta, SIMPLE_TOTAL, BASELINE_TOTAL) - simple
      const line = `${previous},${theta},${reward}`
      previous += step
      theta += step
      return line
    })
    expect(lines[0]).toBe('0,340282366920938463463374607398434878123,84621274052457285111')
    expect(sha256(['t0, t1, y', ...lines])).toBe(
      'a434654af3f6287f68e231e8a7b40dd6aa1c69a99cdce9214f1705fb21e23979',
    )
  })

  it('interpolates the effective time between epochs', () => {
    const power = (epoch: bigint): bigint => (epoch + 1n) * 2048n
    expect(computeTheta(0n, 1n, 5n, 9n)).toBe(0n)
    expect(computeTheta(1n, power(1n), 2048n + 2048n, 2048n + 4096n)).toBe(ONE / 2n)
    expect(computeTheta(1n, power(1n), 2048n + 1024n, 2048n + 4096n)).toBe(ONE / 4n)
  })

  it('smooths rewards, and rounds towards minus infinity', () => {
    const before = {
      position: 12340768897043811082913117521041414330876498465539749838848n,
      velocity: -37396269384748225153347462373739139597454335279104n,
    }
    expect(nextEstimate(before, 36266252337034982540n, 3n)).toEqual({
      position: 12340768782449774548722755900999027209659079673176744001536n,
      velocity: -37396515542149801792802995707072472930787668612438n,
    })
  })

  it('starts with the reward of epoch 0', () => {
    const state = initialRewardState(0n)
    expect(state.epoch).toBe(0n)
    expect(state.epochReward).toBe(36266264293777134739n)
    expect(state.baselinePower).toBe(2888888879999999999n)
  })
})
