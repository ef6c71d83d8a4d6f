import { EvmError, FILECOIN_INSTRUCTIONS, type HaltKind, Interpreter } from '@troupe/runtime-evm'
import { describe, expect, it } from 'vitest'
import { LonelyHost } from '../support/lonely-host.ts'
import { crypto, push, type RunOptions, runCode, SIMPLE_SCHEDULE } from '../support/run-code.ts'

const HUGE = push(1n << 64n)
const PUSH0 = 0x5f

describe('a frame halts', () => {
  const cases: [why: string, halt: HaltKind, code: number[], options?: RunOptions][] = [
    ['at the end of the code', 'stop', [PUSH0]],
    ['at STOP', 'stop', [0x00, 0xfe]],
    ['at RETURN', 'return', [PUSH0, PUSH0, 0xf3]],
    ['at REVERT', 'revert', [PUSH0, PUSH0, 0xfd]],
    ['at SELFDESTRUCT', 'self-destruct', [PUSH0, 0xff, 0xfe]],
    ['at INVALID', 'invalid', [0xfe]],
    ['at a byte that is no instruction', 'undefined-opcode', [0x0c]],
    [
      'at an instruction of another fork',
      'undefined-opcode',
      [0xf2],
      { instructions: FILECOIN_INSTRUCTIONS },
    ],
    ['for want of a word', 'stack-underflow', [PUSH0, 0x01]],
    ['with DUP16 of 15', 'stack-underflow', [...new Array(15).fill(PUSH0), 0x8f]],
    ['with SWAP16 of 16', 'stack-underflow', [...new Array(16).fill(PUSH0), 0x9f]],
    ['with 1,024 words on the stack', 'stop', new Array(1024).fill(PUSH0)],
    ['with a word more', 'stack-overflow', new Array(1025).fill(PUSH0)],
    ['with a DUP too many', 'stack-overflow', [...new Array(1024).fill(PUSH0), 0x80]],
    ['jumping to what is no JUMPDEST', 'bad-jump', [PUSH0, 0x56]],
    ['jumping into data', 'bad-jump', [0x60, 0x04, 0x56, 0x60, 0x5b]],
    ['jumping beyond the code', 'bad-jump', [0x60, 0x20, 0x56]],
    ['jumping further than numbers go', 'bad-jump', [...HUGE, 0x56]],
    ['jumping to a negative number', 'bad-jump', [...push(-1n), 0x56]],
    ['jumping if so', 'bad-jump', [0x60, 1, PUSH0, 0x57]],
    ['not jumping if not so', 'stop', [PUSH0, PUSH0, 0x57]],
    ['without gas', 'out-of-gas', [PUSH0, PUSH0], { gas: 1 }],
    ['without gas for memory', 'out-of-gas', [0x61, 0xff, 0xff, 0x51], { gas: 100 }],
    ['reading memory beyond 32 bits', 'illegal-memory', [...HUGE, 0x51]],
    ['reading memory at a negative number', 'illegal-memory', [...push(-64n), 0x51]],
    ['reading memory whose end is beyond 32 bits', 'illegal-memory', [0x63, 255, 255, 255, 240, 0x51]],
    ['writing a byte there', 'illegal-memory', [PUSH0, ...push(0xffff_ffffn), 0x53]],
    ['returning as much', 'illegal-memory', [...HUGE, PUSH0, 0xf3]],
    ['returning nothing of there', 'return', [PUSH0, ...HUGE, 0xf3]],
    ['with as much memory as there may be', 'stop', [0x62, 0x0f, 0xff, 0xe0, 0x51], { gas: 2_300_000 }],
    ['with a word of memory more', 'memory-limit', [0x62, 0x10, 0x00, 0x00, 0x51]],
    ['copying return data that is not there', 'return-data-bounds', [0x60, 1, PUSH0, PUSH0, 0x3e]],
    [
      'creating with too much code',
      'init-code-limit',
      [0x60, 33, PUSH0, PUSH0, 0xf0],
      { schedule: { initCodeLimit: 32 } },
    ],
    [
      'creating with code of a negative length',
      'init-code-limit',
      [...push(-1n), PUSH0, PUSH0, 0xf0],
      { schedule: { initCodeLimit: 32 } },
    ],
    [
      'creating with as much code as it may',
      'stop',
      [0x60, 32, PUSH0, PUSH0, 0xf0],
      { schedule: { initCodeLimit: 32 } },
    ],
    ...[0x55, 0x5d, 0xa0, 0xa4, 0xf0, 0xf5, 0xff].map((opcode): [string, HaltKind, number[], RunOptions] => [
      `changing something while it must not: 0x${opcode.toString(16)}`,
      'static-violation',
      [...new Array(8).fill(PUSH0), opcode],
      { isStatic: true },
    ]),
    [
      'giving away value while it must not',
      'static-violation',
      [...new Array(4).fill(PUSH0), 0x60, 1, PUSH0, PUSH0, 0xf1],
      { isStatic: true },
    ],
    [
      'calling without value while it must not',
      'stop',
      [...new Array(7).fill(PUSH0), 0xf1],
      { isStatic: true },
    ],
  ]

  it.each(cases)('%s: %s', (_why, halt, code, options) => {
    expect(runCode(code, options).halt).toBe(halt)
  })

  it('with what it returns, and with what it reverts with', () => {
    const store = [0x60, 0xab, PUSH0, 0x53, 0x60, 2, PUSH0]
    expect(runCode([...store, 0xf3]).output).toEqual(Uint8Array.of(0xab, 0))
    expect(runCode([...store, 0xfd]).output).toEqual(Uint8Array.of(0xab, 0))
    expect(runCode([...store, 0xfe]).output).toEqual(new Uint8Array(0))
  })

  it('never with less gas than none', () => {
    expect(runCode([0x61, 0xff, 0xff, 0x51], { gas: 5 }).left).toBe(3)
    expect(runCode([PUSH0, PUSH0], { gas: 1 }).left).toBe(0)
  })
})

describe('an interpreter', () => {
  it('passes on what a host throws, and runs on', () => {
    const failure = new Error('no such block')
    class Failing extends LonelyHost {
      override load(): bigint {
        throw failure
      }
    }
    expect(() => runCode([PUSH0, 0x54], { host: new Failing() })).toThrow(failure)
  })

  it('says so when the native stack is used up', () => {
    class Recursive extends LonelyHost {
      override load(): bigint {
        return runCode([PUSH0, 0x54], { host: this }).frame.peek(0)
      }
    }
    expect(() => runCode([PUSH0, 0x54], { host: new Recursive() })).toThrow(
      expect.objectContaining({ code: 'host/stack-exhausted' }),
    )
  })

  it('takes only schedules of 256 rows', () => {
    const options = { instructions: FILECOIN_INSTRUCTIONS, crypto }
    for (const schedule of [
      { ...SIMPLE_SCHEDULE, base: new Float64Array(255) },
      { ...SIMPLE_SCHEDULE, dynamic: [] },
    ]) {
      expect(() => new Interpreter({ ...options, schedule })).toThrow(EvmError)
    }
  })
})
