import {
  CryptoError,
  type CryptoErrorCode,
  type CryptoProvider,
  computeUnsealedSectorCommitment,
  loadCrypto,
  type PieceCommitment,
} from '@troupe/crypto'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { concat, fromHex, pattern, toHex } from './bytes.ts'
import { MAINNET_SECTOR, ZERO_COMMITMENTS } from './vectors/unsealed-sector-vectors.ts'

const KIB = 2 ** 10
const MIB = 2 ** 20
const GIB = 2 ** 30

let crypto: CryptoProvider
beforeAll(async () => {
  crypto = await loadCrypto()
})

const commit = (sectorSize: bigint | number, pieces: readonly PieceCommitment[]) =>
  toHex(computeUnsealedSectorCommitment(crypto, sectorSize, pieces))

const zeros = (size: number) => ZERO_COMMITMENTS[Math.log2(size) - 7]

/** The root over all of the data, by definition: the model that the function is compared with. */
function rootOf(data: Uint8Array): Uint8Array {
  if (data.length === 32) return data
  const half = data.length / 2
  const digest = crypto.sha256(concat(rootOf(data.subarray(0, half)), rootOf(data.subarray(half))))
  digest[31] = (digest[31] as number) & 0x3f
  return digest
}

function pieceOf(data: Uint8Array): PieceCommitment {
  return { size: data.length, commitment: rootOf(data) }
}

describe('sectors without pieces', () => {
  it.each([2 * KIB, 8 * MIB, 512 * MIB, 32 * GIB, 64 * GIB])('are all zeros: %i bytes', (size) => {
    expect(commit(size, [])).toBe(zeros(size))
    expect(commit(BigInt(size), [])).toBe(zeros(size))
  })

  it('have the commitment known from mainnet at 32 GiB', () => {
    expect(commit(32 * GIB, [])).toBe('077e5fde35c50a9303a55009e3498a4ebedff39c42b710b730d8ec7ac7afa63e')
  })

  it('have the same commitment as sectors with one piece of zeros of any size', () => {
    for (let size = 128; size <= 64 * GIB; size *= 2) {
      const piece = { size, commitment: fromHex(zeros(size) ?? '') }
      expect(commit(64 * GIB, [piece])).toBe(zeros(64 * GIB))
    }
  })
})

describe('sectors with pieces', () => {
  it('has the commitment of a sector on mainnet', () => {
    const pieces = MAINNET_SECTOR.pieces.map(({ mebibytes, commitment }) => ({
      size: BigInt(mebibytes) << 20n,
      commitment: fromHex(commitment),
    }))
    expect(commit(32n << 30n, pieces)).toBe(MAINNET_SECTOR.commitment)
  })

  it('returns a piece that fills its sector as it is, in a fresh array, whatever its top bits', () => {
    const commitment = new Uint8Array(32).fill(255)
    const result = computeUnsealedSectorCommitment(crypto, 2 * KIB, [{ size: 2 * KIB, commitment }])
    expect(result).toEqual(commitment)
    expect(result).not.toBe(commitment)
  })

  it('clears the two top bits of the last byte of every parent', () => {
    for (let i = 0; i < 8; i++) {
      const piece = { size: 1_024, commitment: pattern(32).fill(i, 0, 4) }
      const root = computeUnsealedSectorCommitment(crypto, 2 * KIB, [piece, piece])
      const parent = crypto.sha256(concat(piece.commitment, piece.commitment))
      expect(root.subarray(0, 31)).toEqual(parent.subarray(0, 31))
      expect(root[31]).toBe((parent[31] as number) & 0x3f)
    }
  })

  it('aligns each piece at its own size: 128 bytes, then 1 KiB', () => {
    const small = pattern(128)
    const large = pattern(1_024).map((byte) => byte ^ 0x15)
    const gap = new Uint8Array(1_024 - 128)
    expect(commit(2 * KIB, [pieceOf(small), pieceOf(large)])).toBe(toHex(rootOf(concat(small, gap, large))))
    expect(commit(2 * KIB, [pieceOf(large), pieceOf(small)])).toBe(toHex(rootOf(concat(large, small, gap))))
  })

  it('gives the root over all of the data for any pieces that fit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 7, max: 11 }), fc.integer({ min: 1, max: 255 })), {
          maxLength: 17,
        }),
        (layout) => {
          const sector = new Uint8Array(2 * KIB)
          const pieces: PieceCommitment[] = []
          let end = 0
          for (const [level, fill] of layout) {
            const size = 2 ** level
            const start = Math.ceil(end / size) * size
            end = start + size
            const data = new Uint8Array(size).fill(fill)
            pieces.push(pieceOf(data))
            if (end <= sector.length) sector.set(data, start)
          }
          if (end > sector.length) {
            expect(() => commit(2 * KIB, pieces)).toThrow(CryptoError)
          } else {
            expect(commit(2 * KIB, pieces)).toBe(toHex(rootOf(sector)))
          }
        },
      ),
      { seed: 4, numRuns: 150 },
    )
  })

  it('leaves its arguments as they are', () => {
    const data = pattern(256)
    const pieces = [pieceOf(data.subarray(0, 128)), pieceOf(data.subarray(128))]
    const before = pieces.map((piece) => toHex(piece.commitment))
    commit(2 * KIB, pieces)
    expect(pieces.map((piece) => toHex(piece.commitment))).toEqual(before)
  })
})

describe('bounds', () => {
  const codeOf = (sectorSize: bigint | number, pieces: readonly PieceCommitment[]): CryptoErrorCode => {
    try {
      commit(sectorSize, pieces)
    } catch (error) {
      if (error instanceof CryptoError) return error.code
      throw error
    }
    throw new Error('it did not throw')
  }
  const piece = (size: bigint | number): PieceCommitment => ({ size, commitment: new Uint8Array(32) })

  it('refuses sizes of sectors that have no proof', () => {
    const sizes = [0, -2048, 1, 128, 1 * KIB, 4 * KIB, 2 * KIB + 1, 128 * GIB, 2048.5, Number.NaN, 1n << 64n]
    for (const size of sizes) expect(codeOf(size, [])).toBe('commitment/sector-size')
  })

  it('takes pieces from 128 bytes up to the whole sector', () => {
    expect(commit(2 * KIB, [piece(128)])).toHaveLength(64)
    expect(commit(2 * KIB, [piece(2_048n)])).toHaveLength(64)
    expect(codeOf(2 * KIB, [piece(64)])).toBe('commitment/piece-size')
    expect(codeOf(2 * KIB, [piece(4_096)])).toBe('commitment/piece-size')
  })

  it('refuses sizes of pieces that are no powers of two', () => {
    const sizes = [
      0,
      -128,
      1,
      127,
      129,
      192,
      255,
      384,
      1_920,
      128.5,
      Number.NaN,
      2 ** 53,
      1n << 63n,
      1n << 64n,
    ]
    for (const size of sizes) expect(codeOf(2 * KIB, [piece(size)])).toBe('commitment/piece-size')
    for (const size of sizes) expect(codeOf(64 * GIB, [piece(size)])).toBe('commitment/piece-size')
  })

  it('does not let sizes wrap round at 2^64', () => {
    expect(codeOf(64 * GIB, [piece(1n << 63n), piece(1n << 63n)])).toBe('commitment/piece-size')
  })

  it('refuses commitments that are not 32 bytes', () => {
    for (const length of [0, 31, 33, 64]) {
      expect(codeOf(2 * KIB, [{ size: 128, commitment: new Uint8Array(length) }])).toBe(
        'commitment/piece-digest',
      )
    }
  })

  it('takes as many pieces as fit and not one more', () => {
    const sixteen = Array.from({ length: 16 }, () => piece(128))
    expect(commit(2 * KIB, sixteen)).toHaveLength(64)
    expect(codeOf(2 * KIB, [...sixteen, piece(128)])).toBe('commitment/sector-overfull')
  })

  it('refuses pieces that fit only without the gaps between them', () => {
    expect(codeOf(2 * KIB, [piece(128), piece(1_024), piece(512), piece(128)])).toBe(
      'commitment/sector-overfull',
    )
    expect(codeOf(2 * KIB, [piece(128), piece(2_048)])).toBe('commitment/sector-overfull')
  })
})
