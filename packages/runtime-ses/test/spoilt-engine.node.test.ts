import type { EmbeddedInstance } from '@troupe/container'
import { ExitCode } from '@troupe/hypervisor'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { addressWithin } from '../src/engine/engine-address.ts'
import { JsEngine } from '../src/engine/js-engine.ts'
import { parsePreparation } from '../src/preparation.ts'
import { sesNetwork } from './support/ses-network.ts'

describe('an address that the engine names', () => {
  const memory = { length: 65_536 }

  it('is one in its memory, up to the last byte', () => {
    expect(addressWithin(memory, 65_528, 8)).toBe(65_528)
    expect(addressWithin(memory, 65_536, 0)).toBe(65_536)
  })

  it.each([
    ['beyond the last byte', 65_529, 8],
    ['below zero', -8, 8],
    ['of more bytes than there are', 0, 65_537],
  ])('ends the invocation where it is %s', (_, address, length) => {
    expect(() => addressWithin(memory, address, length)).toThrow(
      expect.objectContaining({ exitCode: ExitCode.SYS_ILLEGAL_INSTRUCTION }),
    )
  })
})

describe('an engine that has lost its way', () => {
  const memory = new Uint8Array(64)
  const view = new DataView(memory.buffer)
  const answers = { malloc: 60, free: 0, qjs_get_undefined: 57, JS_ToCStringLen2: -8, JS_ToBigInt64: 0 }
  const functions = Object.fromEntries(Object.entries(answers).map(([name, value]) => [name, () => value]))
  const engine = new JsEngine({
    functions,
    memory: { bytes: memory, view, length: memory.length, slice: () => expect.unreachable() },
  } as unknown as EmbeddedInstance)

  it.each<[string, () => unknown]>([
    ['gives no memory for a value', () => engine.bits(0n)],
    ['gives no memory for a list of values', () => engine.apply(0n, [1n])],
    ['gives no memory for a script', () => engine.evaluate('something')],
    ['gives a box that is not within its memory', () => engine.box(1)],
    ['has a text where it has no memory', () => engine.text(0n)],
    ['passes arguments from where it has no memory', () => engine.argumentsAt(-4, 1)],
    ['passes a pointer to where it has no memory', () => engine.argumentsAt(0, 1)],
    ['passes more arguments than a call of the host has', () => engine.argumentsAt(0, 17)],
    [
      'tells of a promise where it has no memory',
      () => engine.rejections.note(engine, { promise: 57, reason: 0 }, false),
    ],
    [
      'tells of a reason where it has no memory',
      () => {
        engine.rejections.note(engine, { promise: 8, reason: 57 }, false)
        engine.rejections.reason(engine)
      },
    ],
    ['passes a negative number of arguments', () => engine.argumentsAt(0, -1)],
  ])('ends the invocation where it %s', (_, ask) => {
    view.setUint32(0, 0xffff_0000, true)
    expect(ask).toThrow(expect.objectContaining({ exitCode: ExitCode.SYS_ILLEGAL_INSTRUCTION }))
  })

  it.each(['', '{', 'null', '{"isAccepted":1}', '{"isAccepted":false,"code":"actor/what"}'])(
    'has its code refused where it answers %j when the code is installed',
    (text) => {
      expect(parsePreparation(text)).toMatchObject({ isAccepted: false, code: 'actor/trap' })
    },
  )
})

describe('an engine whose memory has been spoilt', () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })

  it('comes to an outcome, whatever it does then, and leaves nothing', async () => {
    const { send, network } = await sesNetwork([
      `({ 2() { const all = new Map([['a', [1n, 'text']]]); const text = JSON.stringify([...all.keys()]); return { codec: 0x55, data: new Uint8Array([text.length, all.size]) } } })`,
    ])
    const { receipt } = send()
    expect(receipt.exitCode).toBe(0)
    const head = network.machine.state.getActor(101n)
    const { apply } = JsEngine.prototype
    const exits = new Set<number>()
    const word = fc.record({
      at: fc.nat(2 ** 20 - 1).map((at) => at / 2 ** 20),
      value: fc.oneof(
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }),
      ),
      repeated: fc.constantFrom(1, 64, 8192),
    })
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
        vi.spyOn(JsEngine.prototype, 'apply').mockImplementation(function (this: JsEngine, ...call) {
          const { view } = this.instance.memory
          for (const { at, value, repeated } of words) {
            const first = Math.floor((at * view.byteLength) / 8) * 8
            for (let i = 0; i < repeated && first + 8 * i < view.byteLength; i++)
              view.setBigUint64(first + 8 * i, value, true)
          }
          return apply.apply(this, call)
        })
        const bad = send({ gasLimit: 100_000_000n }).receipt
        exits.add(bad.exitCode)
        vi.restoreAllMocks()
        expect(send().receipt).toEqual(receipt)
        expect(network.machine.state.getActor(101n)).toEqual(head)
      }),
      { numRuns: 40 },
    )
    expect([...exits]).toContain(ExitCode.SYS_ILLEGAL_INSTRUCTION)
  })
})
