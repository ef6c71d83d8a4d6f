/** AMTs and bitfields of Filecoin's mainnet, out of the states that the official conformance vectors carry. Not every block of a state is in its vector. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { loadCrypto } from '@troupe/crypto'
import {
  CborReader,
  CborStore,
  type Cid,
  DAG_CBOR,
  IpldError,
  MAJOR_ARRAY,
  MAJOR_BYTES,
  MemoryBlockstore,
} from '@troupe/ipld'
import { Amt, type AmtOptions } from '@troupe/ipld/amt'
import { Bitfield } from '@troupe/ipld/bitfield'
import { decodeCar } from '@troupe/ipld/car'
import { beforeEach, describe, expect, test } from 'vitest'
import { toHex } from './hex.ts'

const VECTORS = process.env['TROUPE_VECTORS'] ?? join(import.meta.dirname, '../../../../shared/vectors')
const MINER = join(VECTORS, 'fvm/0002-hygge-01/fil_10_storageminer')
const METHODS = ['ExtendSectorExpiration', 'SubmitWindowedPoSt', 'TerminateSectors', 'ProveCommitAggregate']

const ITEM: AmtOptions<Uint8Array> = {
  value: {
    encode: (writer, value) => {
      writer.raw(value)
    },
    decode: (reader) => reader.raw(),
  },
}

/** The blocks of one successful message of each method. */
function blocksOfVectors(): (readonly [Cid, Uint8Array])[] {
  return METHODS.flatMap((method) => {
    const folder = join(MINER, method, 'Ok')
    const file = readdirSync(folder).sort()[0] as string
    const { car } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { car: string }
    return decodeCar(gunzipSync(Buffer.from(car, 'base64')), crypto).blocks
  })
}

const crypto = await loadCrypto()

/** What `read` gives, or `undefined` where it refuses. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof IpldError) return undefined
    throw error
  }
}

/** The byte strings within arrays within arrays. */
function* byteStrings(reader: CborReader): Generator<Uint8Array> {
  const major = reader.peekMajor()
  if (major === MAJOR_BYTES) yield reader.bytes()
  else if (major === MAJOR_ARRAY) for (let left = reader.array(); left > 0; left--) yield* byteStrings(reader)
  else reader.skip()
}

describe('the state of mainnet', () => {
  beforeEach(({ skip }) => skip(!existsSync(MINER), 'the official vectors are not here: set TROUPE_VECTORS'))

  test('has AMTs that come out the same when they are made again', () => {
    const blocks = blocksOfVectors()
    const store = new CborStore(new MemoryBlockstore(), crypto)
    for (const [cid, bytes] of blocks) store.blocks.put(cid, bytes)
    const widths = new Map<number, number>()
    for (const [cid, bytes] of blocks) {
      if (cid.code !== DAG_CBOR || bytes[0] !== 0x84) continue
      const found = attempt(() => {
        const amt = Amt.load(store, cid, ITEM)
        return { amt, entries: [...amt.entries()] }
      })
      if (found === undefined) continue
      const { amt, entries } = found
      expect(amt.count).toBe(BigInt(entries.length))
      const again = Amt.create(new CborStore(new MemoryBlockstore(), crypto), {
        ...ITEM,
        bitWidth: amt.bitWidth,
      })
      for (const [index, value] of entries.reverse()) again.set(index, value)
      expect(`${again.flush()}`).toBe(`${cid}`)
      widths.set(amt.bitWidth, (widths.get(amt.bitWidth) ?? 0) + 1)
    }
    expect([...widths].sort(([a], [b]) => a - b)).toEqual([
      [2, 2],
      [3, 26],
      [4, 21],
    ])
  })

  test('has byte strings that read as bitfields and come out the same when they are written again', () => {
    let found = 0
    for (const [cid, bytes] of blocksOfVectors()) {
      if (cid.code !== DAG_CBOR) continue
      for (const string of attempt(() => [...byteStrings(new CborReader(bytes))]) ?? []) {
        const bitfield = attempt(() => Bitfield.decode(string))
        if (bitfield === undefined || bitfield.isEmpty) continue
        expect(toHex(bitfield.encode())).toBe(toHex(string))
        found++
      }
    }
    expect(found).toBeGreaterThan(100)
  })
})
