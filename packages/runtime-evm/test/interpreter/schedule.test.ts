import type { Frame } from '@troupe/runtime-evm'
import { describe, expect, it } from 'vitest'
import { push, runCode } from '../support/run-code.ts'

const PUSH0 = 0x5f

describe('a gas schedule', () => {
  it('has a price for each instruction', () => {
    const base = new Float64Array(256)
    base[PUSH0] = 7
    base[0x50] = 11
    expect(runCode([PUSH0, PUSH0, 0x50], { schedule: { base }, gas: 100 }).left).toBe(100 - 25)
  })

  it.each([
    [32, 3],
    [33, 6],
    [22 * 32, 66],
    [23 * 32, 70],
    [1024 * 32, 3072 + 2048],
  ])('has a price for memory: %d bytes', (size, cost) => {
    const base = new Float64Array(256)
    expect(runCode([...push(BigInt(size)), PUSH0, 0xf3], { schedule: { base }, gas: 10_000 }).left).toBe(
      10_000 - cost,
    )
  })

  it('may count memory otherwise', () => {
    const growth: [number, number][] = []
    const schedule = {
      base: new Float64Array(256),
      memory: undefined,
      memoryGrowth: (_frame: Frame, before: number, after: number) => {
        growth.push([before, after])
        return 10
      },
    }
    const run = runCode([PUSH0, 0x51, 0x60, 64, 0x51, 0x60, 32, 0x51], { schedule, gas: 100 })
    expect(growth).toEqual([
      [0, 32],
      [32, 96],
    ])
    expect(run.left).toBe(80)
  })

  it.each([
    ['keccakWord', [0x60, 33, PUSH0, 0x20], 2],
    ['copyWord', [0x60, 33, PUSH0, PUSH0, 0x37], 2],
    ['copyWord', [0x60, 33, PUSH0, PUSH0, 0x5e], 2],
    ['copyWord', [0x60, 33, PUSH0, PUSH0, PUSH0, 0x3c], 2],
    ['expByte', [0x61, 1, 0, PUSH0, 0x0a], 2],
    ['expByte', [...push(-1n), PUSH0, 0x0a], 32],
    ['expByte', [PUSH0, PUSH0, 0x0a], 0],
    ['logByte', [0x60, 33, PUSH0, 0xa0], 33],
    ['initCodeWord', [0x60, 33, PUSH0, PUSH0, 0xf0], 2],
    ['keccakWord', [PUSH0, 0x60, 33, PUSH0, PUSH0, 0xf5], 2],
  ])('has a price by length: %s', (field, code, units) => {
    const schedule = { base: new Float64Array(256), memory: undefined }
    const run = runCode(code, { schedule: { ...schedule, [field]: 10 }, gas: 1000 })
    expect([run.halt, run.left]).toEqual(['stop', 1000 - 10 * units])
    expect(runCode(code, { schedule: { ...schedule, [field]: 10 }, gas: 10 * units }).halt).toBe('stop')
    if (units > 0)
      expect(runCode(code, { schedule: { ...schedule, [field]: 10 }, gas: 10 * units - 1 }).halt).toBe(
        'out-of-gas',
      )
  })

  it.each([
    ['accountCost', [PUSH0, 0x31]],
    ['accountCost', [PUSH0, 0x3b]],
    ['accountCost', [PUSH0, PUSH0, PUSH0, PUSH0, 0x3c]],
    ['loadCost', [PUSH0, 0x54]],
    ['storeCost', [PUSH0, PUSH0, 0x55]],
    ['selfDestructCost', [PUSH0, 0xff]],
    ['callCost', [PUSH0, PUSH0, PUSH0, PUSH0, PUSH0, PUSH0, 0xf4]],
  ])('has a price by the world: %s', (field, code) => {
    const schedule = { base: new Float64Array(256), [field]: () => 10 }
    expect(runCode(code, { schedule, gas: 10 }).left).toBe(0)
    const { halt, host } = runCode(code, { schedule, gas: 9 })
    expect([halt, host.calls, host.beneficiaries, host.storage.size]).toEqual(['out-of-gas', [], [], 0])
  })

  it('may look at operands before an instruction runs', () => {
    const dynamic: ((frame: Frame) => number)[] = []
    const table = Array.from({ length: 256 }, (_, opcode) => dynamic[opcode])
    table[0x01] = (frame) => Number(frame.peek(0)) + Number(frame.peek(1)) + frame.pc
    const run = runCode([0x60, 5, 0x60, 6, 0x01], { schedule: { dynamic: table }, gas: 100 })
    expect(run.left).toBe(100 - 4 - (5 + 6 + 4))
  })
})

describe('a listener', () => {
  it('is told of every instruction before it runs', () => {
    const steps: unknown[] = []
    runCode([0x60, 5, 0x80, 0x01, 0xfe], {
      gas: 10,
      depth: 3,
      listener: (frame, opcode) =>
        steps.push([
          frame.pc,
          opcode,
          frame.gas.left,
          frame.depth,
          frame.height,
          frame.peek(0),
          frame.peek(5),
        ]),
    })
    expect(steps).toEqual([
      [0, 0x60, 10, 3, 0, 0n, 0n],
      [2, 0x80, 9, 3, 1, 5n, 0n],
      [3, 0x01, 8, 3, 2, 5n, 0n],
      [4, 0xfe, 7, 3, 1, 10n, 0n],
    ])
  })

  it('is told of an instruction that there is neither stack nor gas for', () => {
    const steps: number[] = []
    runCode([0x5f, 0x01], { listener: (_frame, opcode) => steps.push(opcode) })
    runCode([0x5f], { gas: 0, listener: (_frame, opcode) => steps.push(opcode) })
    expect(steps).toEqual([0x5f, 0x01, 0x5f])
  })
})
