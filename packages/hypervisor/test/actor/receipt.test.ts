import { decodeReceipt, encodeReceipt, type Receipt, type ReceiptArity } from '@troupe/hypervisor'
import { CborWriter, parseCid } from '@troupe/ipld'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const ROOT = parseCid('bafy2bzacebs6x6wi25vfd2mxglovctqcoxraohdbzr6hdnhgos5xj5toln4ng')

const receipt = fc.record({
  exitCode: fc.nat(0xffff_ffff),
  returnData: fc.uint8Array({ maxLength: 40 }),
  gasUsed: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
})

function hex(bytes: Uint8Array): string {
  return bytes.toHex()
}

describe('receipts', () => {
  it('have three fields, or four with the events root', () => {
    const plain: Receipt = { exitCode: 16, returnData: Uint8Array.of(1, 2), gasUsed: 220196n }
    expect(hex(encodeReceipt(plain, 3))).toBe('83104201021a00035c24')
    expect(hex(encodeReceipt(plain, 4))).toBe('84104201021a00035c24f6')
    expect(hex(encodeReceipt({ ...plain, eventsRoot: null }, 3))).toBe('83104201021a00035c24')
    expect(hex(encodeReceipt({ ...plain, eventsRoot: ROOT }, 4))).toBe(
      `84104201021a00035c24d82a582700${hex(ROOT.bytes)}`,
    )
  })

  it('read back as they were written', () => {
    fc.assert(
      fc.property(receipt, fc.option(fc.constant(ROOT)), (written, eventsRoot) => {
        const encoded = encodeReceipt({ ...written, eventsRoot }, 4)
        const decoded = decodeReceipt(encoded, 4)
        expect(decoded).toMatchObject(written)
        expect(decoded.eventsRoot?.toString()).toBe(eventsRoot?.toString())
        expect(encodeReceipt(decoded, 4)).toEqual(encoded)
        expect(decodeReceipt(encodeReceipt(written, 3), 3)).toEqual(written)
      }),
      { seed: 7 },
    )
  })

  it('cannot lose an events root', () => {
    const withEvents = { exitCode: 0, returnData: new Uint8Array(), gasUsed: 0n, eventsRoot: ROOT }
    expect(() => encodeReceipt(withEvents, 3)).toThrow(expect.objectContaining({ code: 'receipt/malformed' }))
  })

  it.each([
    [
      'four fields for three',
      3,
      (w: CborWriter) => w.array(4).uint(0).bytes(new Uint8Array()).uint(1).null(),
    ],
    ['three fields for four', 4, (w: CborWriter) => w.array(3).uint(0).bytes(new Uint8Array()).uint(1)],
    ['a negative exit code', 3, (w: CborWriter) => w.array(3).int(-1).bytes(new Uint8Array()).uint(1)],
    [
      'an exit code above 32 bits',
      3,
      (w: CborWriter) =>
        w
          .array(3)
          .uint(2 ** 32)
          .bytes(new Uint8Array())
          .uint(1),
    ],
    ['a return value that is null', 3, (w: CborWriter) => w.array(3).uint(0).null().uint(1)],
    ['negative gas', 3, (w: CborWriter) => w.array(3).uint(0).bytes(new Uint8Array()).int(-1)],
    [
      'an events root that is bytes',
      4,
      (w: CborWriter) => w.array(4).uint(0).bytes(new Uint8Array()).uint(1).bytes(ROOT.bytes),
    ],
    ['bytes after it', 3, (w: CborWriter) => w.array(3).uint(0).bytes(new Uint8Array()).uint(1).null()],
    ['nothing', 3, (w: CborWriter) => w],
  ] as const)('are refused with %s', (_, arity: ReceiptArity, write) => {
    const writer = new CborWriter()
    write(writer)
    expect(() => decodeReceipt(writer.finish(), arity)).toThrow(
      expect.objectContaining({ code: 'receipt/malformed' }),
    )
  })
})
