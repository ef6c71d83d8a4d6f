import { GasTracker, type Kernel, NV17, NV18, OutOfGas, type RuleSet } from '@troupe/hypervisor'
import { describe, expect, it } from 'vitest'
import { ExecutionGas } from '../../src/invocation/execution-gas.ts'
import { ExportName } from '../../src/transform/names.ts'

const WIDE = 2n ** 60n

/** The gas of an invocation that has `available` milligas, and the counter of its instance. */
function gasOf(
  available: bigint,
  rules: RuleSet = NV18,
): { gas: ExecutionGas; tracker: GasTracker; counter: { value: bigint } } {
  const tracker = new GasTracker(available)
  const counter = { value: 0n }
  const gas = new ExecutionGas({ rules, gas: tracker, memory: { used: 0 } } as unknown as Kernel)
  gas.attach({
    [ExportName.READ_GAS]: () => Number(counter.value),
    [ExportName.WRITE_GAS]: (milligas: number) => {
      counter.value = BigInt(milligas)
    },
    [ExportName.GAS]: counter,
  })
  return { gas, tracker, counter }
}

describe.each([
  ['a double holds', 1_000_000n],
  ['only a bigint holds', WIDE],
])('with gas that %s', (_, available) => {
  it('sets the counter to what is available', () => {
    const { gas, tracker, counter } = gasOf(available)
    tracker.charge('x', 1)
    gas.update()
    expect(counter.value).toBe(available - 1n)
  })

  it('charges what the counter has lost', () => {
    const { gas, tracker, counter } = gasOf(available)
    gas.update()
    counter.value -= 1234n
    gas.charge()
    expect(tracker.used).toBe(1234n)
  })

  it('charges it again in generation 3 unless the counter is set anew, but not in generation 2', () => {
    for (const [rules, used] of [
      [NV18, 300n],
      [NV17, 200n],
    ] as const) {
      const { gas, tracker, counter } = gasOf(available, rules)
      gas.update()
      counter.value -= 100n
      gas.charge()
      counter.value -= 100n
      gas.charge()
      expect(tracker.used).toBe(used)
    }
  })

  it('runs out where the counter is negative', () => {
    const { gas, tracker, counter } = gasOf(available)
    gas.update()
    counter.value = -1n
    expect(gas.isExhausted).toBe(true)
    expect(() => gas.charge()).toThrow(OutOfGas)
    expect(tracker.available).toBe(0n)
  })

  it('does not run out where all of it is used', () => {
    const { gas, tracker, counter } = gasOf(available)
    gas.update()
    counter.value = 0n
    expect(gas.isExhausted).toBe(false)
    gas.charge()
    expect(tracker.available).toBe(0n)
  })
})

describe('the change between doubles and bigints', () => {
  it('happens where the available gas does', () => {
    const { gas, tracker, counter } = gasOf(WIDE)
    gas.update()
    counter.value = 5000n
    gas.charge()
    gas.update()
    expect(counter.value).toBe(5000n)
    counter.value -= 1n
    gas.charge()
    expect(tracker.available).toBe(4999n)
  })

  it('keeps to 2^53-1', () => {
    for (const available of [
      2n ** 53n - 2n,
      2n ** 53n - 1n,
      2n ** 53n,
      2n ** 53n + 1n,
      2n ** 63n - 1n,
      2n ** 64n,
    ]) {
      const { gas, tracker, counter } = gasOf(available)
      gas.update()
      expect(counter.value).toBe(available < 2n ** 63n ? available : 2n ** 63n - 1n)
      counter.value -= 3n
      gas.charge()
      expect(tracker.used).toBe(3n)
    }
  })
})
