import { loadCrypto } from '@troupe/crypto'
import { createPrecompiles, PRECOMPILE_FORKS, RIP_7212_P256VERIFY, rowsOfFork } from '@troupe/runtime-evm'
import { describe, expect, it } from 'vitest'
import { precompile } from './run.ts'

const crypto = await loadCrypto()

describe('the precompiles of a fork', () => {
  it.each(PRECOMPILE_FORKS)('are those of its EIPs: %s', (fork) => {
    const first = Array.from({ length: 9 }, (_, i) => i + 1)
    const expected = {
      istanbul: first,
      berlin: first,
      london: first,
      paris: first,
      shanghai: first,
      cancun: [...first, 0x0a],
      prague: [...first, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11],
      osaka: [...first, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11, 0x0100],
    }
    expect([...createPrecompiles(rowsOfFork(fork), crypto).keys()]).toEqual(expected[fork])
  })

  it('may be others', () => {
    const rows = [...rowsOfFork('shanghai'), RIP_7212_P256VERIFY]
    expect(createPrecompiles(rows, crypto).get(0x0100)?.gas(new Uint8Array(0))).toBe(3450)
  })
})

describe('prices', () => {
  /** What inputs of some lengths cost, all bytes zero. */
  it.each([
    [0x01, 'ECRECOVER', { 0: 3000, 500: 3000 }],
    [0x02, 'SHA256', { 0: 60, 1: 72, 32: 72, 33: 84 }],
    [0x03, 'RIPEMD160', { 0: 600, 1: 720, 32: 720, 33: 840 }],
    [0x04, 'IDENTITY', { 0: 15, 1: 18, 32: 18, 33: 21 }],
    [0x05, 'MODEXP', { 0: 500 }],
    [0x06, 'BN254_ADD', { 0: 150, 500: 150 }],
    [0x07, 'BN254_MUL', { 0: 6000, 500: 6000 }],
    [0x08, 'BN254_PAIRING', { 0: 45_000, 191: 45_000, 192: 79_000, 384: 113_000 }],
    [0x09, 'BLAKE2F', { 0: 0, 213: 0 }],
    [0x0a, 'KZG_POINT_EVALUATION', { 0: 50_000, 192: 50_000 }],
    [0x0b, 'BLS12_G1ADD', { 0: 375, 256: 375 }],
    [0x0c, 'BLS12_G1MSM', { 0: 0, 159: 0, 160: 12_000, 320: 22_776, 20480: 797_184, 20640: 803_412 }],
    [0x0d, 'BLS12_G2ADD', { 0: 600, 512: 600 }],
    [0x0e, 'BLS12_G2MSM', { 0: 0, 288: 22_500, 576: 45_000, 36864: 1_509_120, 37152: 1_520_910 }],
    [0x0f, 'BLS12_PAIRING_CHECK', { 0: 37_700, 383: 37_700, 384: 70_300, 768: 102_900 }],
    [0x10, 'BLS12_MAP_FP_TO_G1', { 0: 5500, 64: 5500 }],
    [0x11, 'BLS12_MAP_FP2_TO_G2', { 0: 23_800, 128: 23_800 }],
    [0x0100, 'P256VERIFY', { 0: 6900, 160: 6900 }],
  ] as const)('at %d, of %s, follow from the length of the input', (address, name, prices) => {
    const found = precompile(address)
    expect(found).toMatchObject({ name, address })
    const actual = Object.keys(prices).map((length) => [length, found.gas(new Uint8Array(Number(length)))])
    expect(Object.fromEntries(actual)).toEqual(prices)
  })
})

/** As Node's buffers do. */
class Shared extends Uint8Array<ArrayBuffer> {
  override slice(start?: number, end?: number): Shared {
    return this.subarray(start, end) as Shared
  }
}

describe('inputs', () => {
  /** Well formed, of the shortest length. */
  const lengths: Readonly<Record<number, number>> = {
    8: 192,
    9: 213,
    11: 256,
    12: 160,
    13: 512,
    14: 288,
    15: 384,
    16: 64,
    17: 128,
    256: 160,
  }

  it.each([...createPrecompiles(rowsOfFork('osaka'), crypto).values()])(
    "are left alone, and the output is nobody else's, by $name",
    ({ address, run }) => {
      const bytes = new Shared(new ArrayBuffer(lengths[address] ?? 128))
      const output = run(bytes)
      expect(bytes.every((byte) => byte === 0)).toBe(true)
      if (typeof output === 'string') return
      output.fill(0xff)
      expect(bytes.every((byte) => byte === 0)).toBe(true)
      const again = run(bytes)
      expect(again).not.toBe(output)
      expect(typeof again === 'string' || again.length === 0 || again.some((byte) => byte !== 0xff)).toBe(
        true,
      )
    },
  )
})
