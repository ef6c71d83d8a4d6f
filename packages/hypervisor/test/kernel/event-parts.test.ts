import { type Kernel, NV21, OPERATIONS } from '@troupe/hypervisor'
import { idOf } from '@troupe/testkit'
import { describe, expect, it } from 'vitest'
import { gasOf, invoke, type Syscall } from './invoke.ts'

const text = new TextEncoder()
const RAW = 0x55n
const CBOR = 0x51n

interface Header {
  readonly flags?: bigint
  readonly codec?: bigint
  readonly keyLength?: number
  readonly valueLength?: number
}

/** `EventEntry` structs, as actors lay them out. */
function headersOf(headers: readonly Header[]): Uint8Array {
  const bytes = new Uint8Array(headers.length * 24)
  const view = new DataView(bytes.buffer)
  headers.forEach(({ flags = 0n, codec = RAW, keyLength = 0, valueLength = 0 }, i) => {
    view.setBigUint64(i * 24, flags, true)
    view.setBigUint64(i * 24 + 8, codec, true)
    view.setUint32(i * 24 + 16, keyLength, true)
    view.setUint32(i * 24 + 20, valueLength, true)
  })
  return bytes
}

const emitNothing = (kernel: Kernel): unknown => {
  const nothing = new Uint8Array()
  const emitEvent = OPERATIONS['event.emitEventParts'] as (...parameters: unknown[]) => unknown
  return emitEvent(kernel, nothing, nothing, nothing)
}

/** Emits events with keys and values of these contents or lengths. */
async function emit(
  check: (
    emitted: (headers: readonly Header[], keys?: string | Uint8Array, values?: number) => unknown,
    syscall: Syscall,
  ) => void,
): Promise<void> {
  await invoke(NV21, (syscall) =>
    check(
      (headers, keys = '', values = 0) =>
        syscall(
          'event.emitEventParts',
          headersOf(headers),
          typeof keys === 'string' ? text.encode(keys) : keys,
          new Uint8Array(values),
        ),
      syscall,
    ),
  )
}

describe('event.emit_event of generation 4', () => {
  it('emits the entries in their order', async () => {
    // ref-fvm master testing/test_actors/actors/fil-events-actor (EMIT_SEVERAL_OK)
    expect.assertions(2)
    await invoke(NV21, (syscall, kernel) => {
      const headers = headersOf([
        { flags: 3n, keyLength: 3, valueLength: 3 },
        { flags: 3n, codec: CBOR, keyLength: 4, valueLength: 2 },
      ])
      const values = text.encode('defxy')
      expect(syscall('event.emitEventParts', headers, text.encode('bar👱'), values)).toBeUndefined()
      values.fill(0)
      expect(kernel.calls.events.events).toEqual([
        {
          emitter: 101n,
          entries: [
            { flags: 3n, key: 'bar', codec: RAW, value: text.encode('def') },
            { flags: 3n, key: '👱', codec: CBOR, value: text.encode('xy') },
          ],
        },
      ])
    })
  })

  it('accepts what stands at each bound, and refuses what is beyond', async () => {
    await emit((emitted) => {
      expect(emitted([])).toBeUndefined()
      expect(emitted(Array(255).fill({}))).toBeUndefined()
      expect(emitted(Array(256).fill({}))).toBe('LimitExceeded')
      expect(emitted([{ keyLength: 31 }], 'k'.repeat(31))).toBeUndefined()
      expect(emitted([{ keyLength: 32 }], 'k'.repeat(32))).toBe('LimitExceeded')
      expect(emitted([{ valueLength: 8192 }], '', 8192)).toBeUndefined()
      expect(emitted([{ valueLength: 8192 }, { valueLength: 1 }], '', 8193)).toBe('LimitExceeded')
      expect(emitted([{ valueLength: 8193 }])).toBe('IllegalArgument')
      expect(emitted([{ flags: 3n }])).toBeUndefined()
      for (const flags of [4n, 2n ** 63n]) expect(emitted([{ flags }])).toBe('IllegalArgument')
      for (const codec of [RAW, CBOR]) expect(emitted([{ codec }])).toBeUndefined()
      for (const codec of [0x71n, 0x95n, 2n ** 64n - 1n]) expect(emitted([{ codec }])).toBe('IllegalCodec')
    })
  })

  it('refuses what does not fit together', async () => {
    // ref-fvm master testing/test_actors/actors/fil-events-actor (EMIT_MALFORMED), in its order
    await emit((emitted) => {
      const zeros = new Uint8Array(100)
      expect(emitted([{ keyLength: 5 }], 'abcd')).toBe('IllegalArgument')
      expect(emitted([{ codec: 0x95n }])).toBe('IllegalCodec')
      expect(emitted([{ valueLength: 5 }], '', 100)).toBe('IllegalArgument')
      expect(emitted([{ keyLength: 5 }], zeros)).toBe('IllegalArgument')
      expect(emitted([{ keyLength: 32 }], '', 100)).toBe('LimitExceeded')
      expect(emitted([{}], '', 8193)).toBe('LimitExceeded')
      const person = text.encode('🧑')
      expect(emitted([{ keyLength: 1 }], person.subarray(0, 1))).toBe('IllegalArgument')
      expect(emitted([{ keyLength: 1 }, { keyLength: 3 }], person)).toBe('IllegalArgument')
      expect(emitted([{ keyLength: 4 }], person)).toBeUndefined()
      expect(emitted([], 'x')).toBe('IllegalArgument')
      expect(emitted([], '', 1)).toBe('IllegalArgument')
      expect(emitted([{ valueLength: 2 }, { valueLength: 2 }], '', 3)).toBe('IllegalArgument')
    })
  })

  it('tests entries one after the other, each in the order of its parts', async () => {
    await emit((emitted) => {
      const bad = { flags: 4n, keyLength: 32, valueLength: 8193, codec: 0n }
      const { flags, ...key } = bad
      const { keyLength, ...value } = key
      expect(flags).toBe(4n)
      expect(keyLength).toBe(32)
      expect(emitted(Array(256).fill(bad), Uint8Array.of(0xff), 8193)).toBe('LimitExceeded')
      expect(emitted([key], Uint8Array.of(0xff))).toBe('IllegalArgument')
      expect(emitted([bad])).toBe('IllegalArgument')
      expect(emitted([key])).toBe('LimitExceeded')
      expect(emitted([value])).toBe('IllegalArgument')
      expect(emitted([{ codec: 0n, keyLength: 1 }])).toBe('IllegalArgument')
      expect(emitted([{ codec: 0n, valueLength: 1 }])).toBe('IllegalArgument')
      expect(emitted([{ codec: 0n }, bad])).toBe('IllegalCodec')
      // What is left over is found last.
      expect(emitted([{ codec: 0n }], 'x', 1)).toBe('IllegalCodec')
    })
  })

  it('charges before it looks at anything but read-only', async () => {
    await invoke(NV21, (syscall, kernel) => {
      const price = (entries: number, keys: number, values: number): number =>
        (12 + 9 * entries + keys + values) * 17.2 + 2500 + 1400 * entries + 16 * keys
      const gas = (headers: readonly Header[], keys: number, values: number): number =>
        gasOf(kernel, () =>
          syscall('event.emitEventParts', headersOf(headers), new Uint8Array(keys), new Uint8Array(values)),
        )
      expect(gas([{ keyLength: 2, valueLength: 3 }], 2, 3)).toBeCloseTo(price(1, 2, 3))
      expect(gas(Array(256).fill({}), 0, 9000)).toBeCloseTo(price(256, 0, 9000))
    })
    await invoke(NV21, (syscall) => void syscall('send.send', idOf(102), 2n, 0, 0n, 0n, 2n ** 64n - 1n, 1n), {
      actors: { 102: { code: 'reader' } },
      scripts: {
        reader: (kernel) => {
          const used = kernel.gas.used
          expect(() => emitNothing(kernel)).toThrow(expect.objectContaining({ number: 13 }))
          expect(kernel.gas.used).toBe(used)
          return 0
        },
      },
    })
  })
})
