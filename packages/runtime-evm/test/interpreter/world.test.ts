import type { CallOutcome, CallRequest, Frame, Word } from '@troupe/runtime-evm'
import { describe, expect, it } from 'vitest'
import { LonelyHost } from '../support/lonely-host.ts'
import { crypto, push, runCode, runInstruction, toBigint } from '../support/run-code.ts'

const PUSH0 = 0x5f
/** Returns the word on top of the stack. */
const RETURN_TOP = [PUSH0, 0x52, 0x60, 0x20, PUSH0, 0xf3]

describe('instructions that ask the world', () => {
  it.each([
    [0x30, 0xaddn],
    [0x32, 1n],
    [0x33, 0xca11n],
    [0x34, 55n],
    [0x36, 4n],
    [0x38, 7n],
    [0x3a, 2n],
    [0x3d, 0n],
    [0x41, 3n],
    [0x42, 4n],
    [0x43, 5n],
    [0x44, 6n],
    [0x45, 7n],
    [0x46, 8n],
    [0x47, 77n],
    [0x48, 9n],
    [0x4a, 10n],
    [0x58, 0n],
    [0x59, 0n],
    [0x5a, 1234n],
  ])('push what it answers: 0x%x', (opcode, answer) => {
    const run = runCode([opcode, ...RETURN_TOP], { value: 55n, input: Uint8Array.of(1, 2, 3, 4) })
    expect(toBigint(run.output)).toBe(answer)
  })

  it.each([
    [0x31, (1n << 200n) + 5n, 6n],
    [0x3b, 5n, 3n],
    [0x3f, (1n << 170n) + 5n, 5n << 96n],
    [0x40, 1n << 250n, (1n << 250n) + 1n],
    [0x49, 2n, 13n],
  ])('ask with their operand, of which an address has 160 bits: 0x%x', (opcode, operand, answer) => {
    expect(runInstruction(opcode, [operand])).toBe(answer)
  })

  it('read and write storage by unsigned words', () => {
    const run = runCode([
      ...push(-1n),
      ...push(-2n),
      0x55,
      ...push(7n),
      ...push(8n),
      0x5d,
      ...push(-2n),
      0x54,
      ...RETURN_TOP,
    ])
    expect(toBigint(run.output)).toBe((1n << 256n) - 1n)
    expect([...run.host.storage]).toEqual([[(1n << 256n) - 2n, (1n << 256n) - 1n]])
    expect([...run.host.transient]).toEqual([[8n, 7n]])
  })

  it('emit events with topics in their order', () => {
    const run = runCode([0x60, 0xee, PUSH0, 0x53, 0x60, 2, 0x60, 1, 0x60, 1, PUSH0, 0xa2])
    expect(run.host.logs).toEqual([{ topics: [1n, 2n], data: Uint8Array.of(0xee) }])
  })

  it('hash memory', () => {
    const run = runCode([0x60, 0xee, PUSH0, 0x53, 0x60, 1, PUSH0, 0x20, ...RETURN_TOP])
    expect(run.output).toEqual(crypto.keccak256(Uint8Array.of(0xee)))
    expect(runInstruction(0x20, [1n << 100n, 0n])).toBe(toBigint(crypto.keccak256(new Uint8Array(0))))
  })
})

describe('instructions that copy', () => {
  const input = Uint8Array.of(1, 2, 3, 4)
  it.each([
    [0x37, 2n, [3, 4, 0, 0]],
    [0x37, 1n << 255n, [0, 0, 0, 0]],
    [0x39, 0n, [0x60, 4, 0x7f, 0]],
  ])('go on with zeros: 0x%x from %d', (opcode, from, bytes) => {
    const run = runCode([0x60, 4, ...push(from), PUSH0, opcode, 0x60, 4, PUSH0, 0xf3], { input })
    expect([...run.output]).toEqual(bytes)
  })

  it('overwrite with zeros what was there', () => {
    const run = runCode([...push(-1n), PUSH0, 0x52, 0x60, 4, 0x60, 3, PUSH0, 0x37, 0x60, 5, PUSH0, 0xf3], {
      input,
    })
    expect([...run.output]).toEqual([4, 0, 0, 0, 255])
  })

  it('copy memory over itself', () => {
    const store = [...push(0x0102030405n << 216n), PUSH0, 0x52]
    const run = runCode([...store, 0x60, 4, PUSH0, 0x60, 1, 0x5e, 0x60, 6, PUSH0, 0xf3])
    expect([...run.output]).toEqual([1, 1, 2, 3, 4, 0])
  })

  it('read input as words that go on with zeros', () => {
    const run = runCode([0x60, 2, 0x35, ...RETURN_TOP], { input })
    expect([...run.output.subarray(0, 3)]).toEqual([3, 4, 0])
    expect(toBigint(runCode([...push(1n << 64n), 0x35, ...RETURN_TOP], { input }).output)).toBe(0n)
  })

  it('copy the code of others, and what a call returned', () => {
    expect([...runCode([0x60, 5, PUSH0, PUSH0, PUSH0, 0x3c, 0x60, 5, PUSH0, 0xf3]).output]).toEqual([
      1, 2, 3, 0, 0,
    ])
    const call = [...new Array(7).fill(PUSH0), 0xf1]
    expect([...runCode([...call, 0x60, 1, 0x60, 1, PUSH0, 0x3e, 0x60, 2, PUSH0, 0xf3]).output]).toEqual([
      0xbb, 0,
    ])
  })
})

describe('calls', () => {
  /** Gas, address, value, input offset and size, output offset and size: pushed the other way round. */
  const operands = [0x60, 1, 0x60, 9, 0x60, 3, 0x60, 30, 0x60, 5, ...push((1n << 200n) + 6n)]

  it('say what the code asked for', () => {
    const { host } = runCode([0x60, 0xee, PUSH0, 0x52, ...operands, ...push(-1n), 0xf1])
    const input = Uint8Array.of(0, 0xee, 0)
    expect(host.calls).toEqual([{ kind: 'call', gas: 2 ** 53 - 1, address: 6n, value: 5n, input }])
  })

  it.each([
    [0xf2, 'callcode', 7],
    [0xf4, 'delegatecall', 6],
    [0xfa, 'staticcall', 6],
  ])('say how they call: 0x%x', (opcode, kind, count) => {
    const { host } = runCode([...new Array(count - 2).fill(PUSH0), 0x60, 6, 0x60, 100, opcode])
    expect(host.calls).toEqual([{ kind, gas: 100, address: 6n, value: 0n, input: new Uint8Array(0) }])
  })

  it('put as much of the output into memory as there is room for, and leave the rest', () => {
    const run = runCode([...operands, PUSH0, 0xf1, 0x60, 12, PUSH0, 0xf3])
    expect([...run.output]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0xaa, 0, 0])
    const wide = [0x60, 8, PUSH0, PUSH0, PUSH0, PUSH0, PUSH0, PUSH0, 0xf1, 0x60, 4, PUSH0, 0xf3]
    expect([...runCode([...push(-1n), PUSH0, 0x52, ...wide]).output]).toEqual([0xaa, 0xbb, 255, 255])
  })

  it('hand over gas as the schedule says, with a stipend', () => {
    const schedule = {
      callCost: () => 100,
      callGas: ({ gas }: Frame<LonelyHost>, requested: Word) => {
        const most = gas.left - Math.floor(gas.left / 64)
        const granted = typeof requested === 'number' && requested >= 0 ? Math.min(requested, most) : most
        gas.left -= granted
        return granted
      },
      callStipend: 2300,
    }
    const run = runCode([...operands, 0x60, 50, 0xf1], { schedule, gas: 1000 })
    expect(run.host.calls[0]?.gas).toBe(2350)
    expect(run.left).toBe(1000 - 9 - 6 - 100 - 50)
    const rest = runCode([...operands, ...push(-1n), 0xf1], { schedule, gas: 1000 })
    expect(rest.host.calls[0]?.gas).toBe(2300 + 886 - Math.floor(886 / 64))
  })

  it('go on with the gas that the host leaves', () => {
    class Taking extends LonelyHost {
      gas = { left: 0 }
      override call(request: CallRequest): CallOutcome {
        this.gas.left -= 500
        return super.call(request)
      }
    }
    const host = new Taking()
    const listener = (frame: { gas: { left: number } }): void => {
      host.gas = frame.gas
    }
    const run = runCode([...operands, PUSH0, 0xf1], { host, listener, gas: 1000 })
    expect([run.halt, run.left]).toEqual(['stop', 1000 - 9 - 6 - 500])
    expect(runCode([...operands, PUSH0, 0xf1], { host, listener, gas: 400 }).halt).toBe('out-of-gas')
  })
})

describe('creations', () => {
  it('give code, value and salt, and push the address', () => {
    const run = runCode(
      [0x60, 0xee, PUSH0, 0x53, ...push(-1n), 0x60, 2, PUSH0, 0x60, 5, 0xf5, ...RETURN_TOP],
      { gas: 500 },
    )
    expect(toBigint(run.output)).toBe(0xc0ffeen)
    const [creation] = run.host.creations
    expect(creation).toMatchObject({ salt: (1n << 256n) - 1n, value: 5n, code: Uint8Array.of(0xee, 0) })
  })

  it('without salt have none', () => {
    const createGas = ({ gas }: Frame<LonelyHost>) => {
      const granted = gas.left - 1
      gas.left = 1
      return granted
    }
    const schedule = { createGas }
    const run = runCode([PUSH0, PUSH0, PUSH0, 0xf0], { schedule, gas: 100 })
    expect(run.host.creations).toEqual([{ salt: undefined, value: 0n, code: new Uint8Array(0), gas: 95 }])
    expect(run.left).toBe(0)
  })
})
