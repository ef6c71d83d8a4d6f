import { CodedError } from '@troupe/crypto'
import { formatInput, type OpenTarget, openTarget, runTarget, TARGETS, type Target } from '@troupe/fuzz'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mutated } from '../src/mutate.ts'
import { runJobs, shares } from '../src/run-jobs.ts'
import { attempt } from '../src/target.ts'

const SEED = 20_261_123
/** Few enough for all of them to take about three seconds. */
const CASES: Readonly<Record<string, number>> = {
  codecs: 1500,
  cbor: 1500,
  car: 500,
  bitfield: 500,
  trees: 300,
  transactions: 150,
  evm: 60,
  contracts: 400,
  javascript: 20,
  syscalls: 30,
  metering: 12,
  wasm: 20,
  vectors: 4,
}

describe.each(TARGETS)('the target $name', (target) => {
  it('has a number of cases here', () => {
    expect(CASES[target.name]).toBeGreaterThan(0)
  })

  it('stands some hostile input', async (context) => {
    const open = await target.open()
    if ('skipped' in open) context.skip(open.skipped)
    else expect(await runTarget(open, { seed: SEED, cases: CASES[target.name] as number })).toBeUndefined()
  })
})

describe('a run', () => {
  const seeds = [Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), new Uint8Array(20)]
  const failsFor = (isBad: (bytes: Uint8Array) => boolean): OpenTarget =>
    openTarget(mutated(seeds), (bytes) => {
      if (isBad(bytes)) throw new RangeError('bad')
    })

  it('ends with the smallest input that fails, and where it was found', async () => {
    const target = failsFor((bytes) => bytes.length > 9)
    const finding = await runTarget(target, { seed: 1, cases: 1000 })
    expect(finding).toMatchObject({ seed: 1, error: expect.stringContaining('RangeError') })
    const again = await runTarget(target, { seed: 1, cases: finding?.case as number })
    expect(again?.input).toBe(finding?.input)
  })

  it('gives the input of a case again, from seed and number', async () => {
    const inputs: unknown[] = []
    const target = failsFor(() => false)
    await runTarget(target, { seed: 7, cases: 50, onCase: (input) => inputs.push(input) })
    expect(fc.sample(target.inputs, { seed: 7, numRuns: 50 })).toEqual(inputs)
  })

  it('finds a case that takes too long', async () => {
    const busy = openTarget(
      fc.nat(),
      () => {
        const end = performance.now() + 20
        while (performance.now() < end);
      },
      5,
    )
    expect((await runTarget(busy, { seed: 1, cases: 1 }))?.error).toContain('at most 5 ms')
  })

  it('takes coded errors for answers, and no others', () => {
    expect(attempt(() => 5)).toEqual({ value: 5 })
    const coded = new CodedError('area/what', '')
    const fails = (error: unknown) => () => {
      throw error
    }
    expect(attempt(fails(coded))).toBe(coded)
    expect(() => attempt(fails(new TypeError()))).toThrow(TypeError)
  })
})

describe('jobs', () => {
  it('share the cases, and none has nothing to do', () => {
    expect(shares(7, 3)).toEqual([3, 2, 2])
    expect(shares(1, 4)).toEqual([1])
  })

  it('run all of them in threads, and tell how far they are', async () => {
    const target = TARGETS.find(({ name }) => name === 'codecs') as Target
    const told: number[] = []
    const report = await runJobs(target, { seed: SEED, cases: 41, jobs: 2 }, (begun) => told.push(begun))
    expect(report).toMatchObject({ name: 'codecs', cases: 41 })
    expect(report.finding).toBeUndefined()
    expect(Math.max(0, ...told)).toBeLessThanOrEqual(41)
  })
})

describe('mutations', () => {
  it('make shorter, longer and equally long byte strings, and leave the good ones as they are', () => {
    const seed = Uint8Array.from({ length: 32 }, (_, i) => i)
    const samples = fc.sample(mutated([seed]), { seed: SEED, numRuns: 500 })
    const lengths = samples.map(({ length }) => Math.sign(length - seed.length))
    expect(new Set(lengths)).toEqual(new Set([-1, 0, 1]))
    expect(seed).toEqual(Uint8Array.from({ length: 32 }, (_, i) => i))
  })
})

describe('an input as text', () => {
  it('has byte strings in hex, and integers of any size', () => {
    expect(formatInput(Uint8Array.of(1, 255))).toBe('01ff')
    expect(formatInput({ a: [Uint8Array.of(0), 2n ** 64n], b: true })).toBe(
      '{"a":["00","18446744073709551616"],"b":true}',
    )
  })
})
