import { loadCrypto } from '@troupe/crypto'
import { CborReader, CborWriter, cidOf, DAG_CBOR, scanLinks } from '@troupe/ipld'
import fc from 'fast-check'
import { mutated } from '../mutate.ts'
import { attempt, claim, openTarget, sameBytes, type Target } from '../target.ts'

type Method = (reader: CborReader) => unknown

/** What the reader can be asked for. */
const METHODS: Readonly<Record<string, Method>> = {
  array: (reader) => reader.array(),
  bigInt: (reader) => reader.bigInt(),
  bool: (reader) => reader.bool(),
  bytes: (reader) => reader.bytes(),
  cid: (reader) => reader.cid(),
  end: (reader) => reader.end(),
  int64: (reader) => reader.int64(),
  int8: (reader) => reader.int(8),
  int: (reader) => reader.int(),
  map: (reader) => reader.map(),
  peekMajor: (reader) => reader.peekMajor(),
  raw: (reader) => reader.raw(),
  skip: (reader) => reader.skip(),
  text: (reader) => reader.text(),
  tryNull: (reader) => reader.tryNull(),
  tuple: (reader) => reader.tuple(2),
  uint32: (reader) => reader.uint(32),
  uint64: (reader) => reader.uint64(),
  uint: (reader) => reader.uint(),
}

/** How what some methods read is written again. */
const WRITERS: Readonly<Record<string, (writer: CborWriter, value: never) => unknown>> = {
  bigInt: (writer, value) => writer.bigInt(value),
  bool: (writer, value) => writer.bool(value),
  bytes: (writer, value) => writer.bytes(value),
  int64: (writer, value) => writer.int(value),
  int: (writer, value) => writer.int(value),
  text: (writer, value) => writer.text(value),
  uint64: (writer, value) => writer.uint(value),
  uint: (writer, value) => writer.uint(value),
}

/** The CBOR reader under any sequence of its methods, and the scan for links. */
export const cbor: Target = {
  name: 'cbor',
  open: async () => {
    const crypto = await loadCrypto()
    const cid = cidOf(crypto, DAG_CBOR, Uint8Array.of(1))
    const item = new CborWriter()
      .array(6)
      .uint(2n ** 64n - 1n)
      .int(-5)
      .bytes(cid.bytes)
      .cid(cid)
      .text('text')
      .null()
    const map = new CborWriter()
      .map(2)
      .text('a')
      .bool(true)
      .text('b')
      .bigInt(-(10n ** 30n))
    const chunks = Uint8Array.of(0x5f, 0x42, 1, 2, 0x5f, 0x41, 3, 0xff, 0xff)
    const deep = new Uint8Array(300).fill(0x81)
    const names = Object.keys(METHODS)
    const inputs = fc.record({
      bytes: mutated([item.finish(), map.finish(), chunks, deep]),
      exact: fc.boolean(),
      methods: fc.array(fc.constantFrom(...names), { maxLength: 12 }),
    })
    return openTarget(inputs, ({ bytes, exact, methods }) => {
      const before = bytes.slice()
      read(bytes, exact, methods)
      for (const scan of ['lenient', 'minimal'] as const) attempt(() => scanLinks(bytes, scan))
      claim(sameBytes(bytes, before), 'a reader leaves its input alone')
    })
  },
}

function read(bytes: Uint8Array, exact: boolean, methods: readonly string[]): void {
  const reader = new CborReader(bytes, { exact })
  for (const name of methods) {
    const { offset } = reader
    const found = attempt(() => (METHODS[name] as Method)(reader))
    if (!('value' in found)) return
    claim(reader.offset >= offset && reader.offset <= bytes.length, 'the reader goes on, within its input')
    const write = WRITERS[name]
    if (write === undefined) continue
    const writer = new CborWriter()
    write(writer, found.value as never)
    const again = (METHODS[name] as Method)(new CborReader(writer.finish()))
    const same =
      found.value instanceof Uint8Array
        ? sameBytes(found.value, again as Uint8Array)
        : Object.is(again, found.value)
    claim(same, `what ${name} reads is written and read again as the same`)
  }
}
