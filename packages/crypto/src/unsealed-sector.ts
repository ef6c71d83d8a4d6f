/**
 * The data commitment (CommD) of an unsealed sector, from the commitments of its pieces.
 *
 * A commitment is the root of a binary tree over 32-byte nodes: a parent is SHA-256 of its children with the two most significant
 * bits of the last byte cleared, so that it is an element of the BLS12-381 scalar field. Everything here works on the 32 bytes;
 * CIDs are made and taken apart above.
 *
 * @module
 */
import { CryptoError } from './errors.ts'
import type { CryptoProvider } from './provider.ts'

/** One piece of a sector: its padded size in bytes, a power of two from 128 on, and the 32 bytes of its commitment. */
export interface PieceCommitment {
  readonly size: bigint | number
  readonly commitment: Uint8Array
}

/** Sector sizes that have a registered seal proof: 2 KiB, 8 MiB, 512 MiB, 32 GiB, 64 GiB. */
const SECTOR_SIZES: readonly number[] = [2 ** 11, 2 ** 23, 2 ** 29, 2 ** 35, 2 ** 36]

/** The least padded size of a piece, in bytes. Below, sizes and offsets count these units, so that none exceeds 2^29. */
const UNIT = 128

/**
 * Computes the commitment of an unsealed sector (32 bytes) whose pieces stand in the order given.
 *
 * Each piece starts at a multiple of its own size; the gaps before, between and after are filled with zeros. A sector without
 * pieces is all zeros. Piece commitments are not checked to be field elements: a piece as large as the sector is returned as it
 * is. At most as many pieces fit as the sector has units of 128 bytes.
 *
 * Differs: the reference adds up sizes modulo 2^64 and so, in builds without overflow checks, accepts pieces of 2^63 bytes and
 * more whose sum wraps round; here no piece may be larger than its sector.
 *
 * Source: ref-fvm@release/v3 fvm/src/kernel/default.rs `compute_unsealed_sector_cid`, rust-fil-proofs filecoin-proofs/src/pieces.rs
 * `compute_comm_d`.
 *
 * @throws {CryptoError} commitment/sector-size, commitment/piece-size, commitment/piece-digest, commitment/sector-overfull
 */
export function computeUnsealedSectorCommitment(
  crypto: Pick<CryptoProvider, 'sha256'>,
  sectorSize: bigint | number,
  pieces: readonly PieceCommitment[],
): Uint8Array {
  const sector = Number(sectorSize)
  if (!SECTOR_SIZES.includes(sector)) {
    throw new CryptoError('commitment/sector-size', `no sectors of ${sectorSize} bytes exist`)
  }
  const sectorUnits = sector / UNIT
  if (pieces.length > sectorUnits) {
    throw new CryptoError(
      'commitment/sector-overfull',
      `${pieces.length} pieces are more than a sector has room for`,
    )
  }

  const tree = new PieceTree(crypto)
  for (const piece of pieces) {
    const units = unitsOf(piece, sector)
    tree.alignTo(units)
    if (tree.units + units > sectorUnits) {
      throw new CryptoError('commitment/sector-overfull', `the pieces do not fit into ${sectorSize} bytes`)
    }
    tree.append(units, piece.commitment)
  }
  if (pieces.length === 0) return tree.zeroCommitment(sectorUnits)
  tree.alignTo(sectorUnits)
  return tree.root()
}

function unitsOf(piece: PieceCommitment, sector: number): number {
  // Exact: a bigint too large for a number is also larger than any sector.
  const size = Number(piece.size)
  const units = size / UNIT
  if (!(size <= sector && units >= 1 && Number.isInteger(units) && (units & (units - 1)) === 0)) {
    throw new CryptoError(
      'commitment/piece-size',
      `${piece.size} is not the size of a piece in a sector of ${sector}`,
    )
  }
  if (piece.commitment.length !== 32) {
    throw new CryptoError('commitment/piece-digest', `a commitment of ${piece.commitment.length} bytes`)
  }
  return units
}

/** A Merkle tree that grows to the right: the roots of its complete subtrees, largest first, as in a binary counter. */
class PieceTree {
  /** How much the tree covers so far, in units. Its set bits are the sizes of the complete subtrees. */
  units = 0

  readonly #crypto: Pick<CryptoProvider, 'sha256'>
  readonly #roots: Uint8Array[] = []
  /** Commitments to zeros by the binary logarithm of their size in units, as far as they were asked for. */
  readonly #zeros: Uint8Array[] = []
  readonly #children = new Uint8Array(64)

  constructor(crypto: Pick<CryptoProvider, 'sha256'>) {
    this.#crypto = crypto
  }

  /** Appends zeros up to the next multiple of `units`, smallest piece first. */
  alignTo(units: number): void {
    while ((this.units & (units - 1)) !== 0) {
      const lowestBit = this.units & -this.units
      this.append(lowestBit, this.zeroCommitment(lowestBit))
    }
  }

  /** Appends a subtree of `units`, a power of two at which the tree is aligned. */
  append(units: number, commitment: Uint8Array): void {
    let root = commitment
    for (let size = units; (this.units & size) !== 0; size *= 2) {
      root = this.#parent(this.#roots.pop() as Uint8Array, root)
    }
    this.#roots.push(root)
    this.units += units
  }

  /** The root of a tree that is one complete subtree. */
  root(): Uint8Array {
    return (this.#roots[0] as Uint8Array).slice()
  }

  zeroCommitment(units: number): Uint8Array {
    const level = Math.clz32(1) - Math.clz32(units)
    let zero = this.#zeros[level]
    if (zero === undefined) {
      if (level === 0) {
        const leaves = new Uint8Array(32)
        const pairs = this.#parent(leaves, leaves)
        zero = this.#parent(pairs, pairs)
      } else {
        const half = this.zeroCommitment(units / 2)
        zero = this.#parent(half, half)
      }
      this.#zeros[level] = zero
    }
    return zero
  }

  #parent(left: Uint8Array, right: Uint8Array): Uint8Array {
    this.#children.set(left, 0)
    this.#children.set(right, 32)
    const digest = this.#crypto.sha256(this.#children)
    digest[31] = (digest[31] as number) & 0x3f
    return digest
  }
}
