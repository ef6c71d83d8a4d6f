/**
 * @module The kinds of proof that the protocol has numbers for, and the sector sizes they are for.
 *
 * Numbers without a kind are not malformed: inputs of proofs carry them, and what they are handed to refuses them. They stay bigints for
 * that reason.
 *
 * Source: ref-fvm release/v2, release/v3 and master shared/src/sector/registered_proof.rs.
 */

/** Which generations of the FVM know a kind of proof: 2 up to network version 17, 3 up to 20, 4 from 21 on. */
export type ProofGeneration = 2 | 3 | 4

/** A kind of proof. */
export interface RegisteredProof {
  readonly number: bigint
  /** The reference's name. */
  readonly name: string
  /** In bytes. */
  readonly sectorSize: number
  /** The first and the last generation that knows it. */
  readonly since: ProofGeneration
  readonly until: ProofGeneration
}

const KIB = 2 ** 10
const MIB = 2 ** 20
const GIB = 2 ** 30

const SECTOR_SIZES: readonly (readonly [name: string, bytes: number])[] = [
  ['2KiB', 2 * KIB],
  ['8MiB', 8 * MIB],
  ['512MiB', 512 * MIB],
  ['32GiB', 32 * GIB],
  ['64GiB', 64 * GIB],
]

/** Five kinds, one for each sector size, with consecutive numbers. */
function family(
  first: number,
  prefix: string,
  suffix: string,
  since: ProofGeneration,
  until: ProofGeneration = 4,
): readonly RegisteredProof[] {
  return SECTOR_SIZES.map(([size, sectorSize], i) => ({
    number: BigInt(first + i),
    name: `${prefix}${size}${suffix}`,
    sectorSize,
    since,
    until,
  }))
}

/** Kinds of seal proof. */
export const SEAL_PROOFS: readonly RegisteredProof[] = [
  ...family(0, 'StackedDRG', 'V1', 2),
  ...family(5, 'StackedDRG', 'V1P1', 2),
  ...family(10, 'StackedDRG', 'V1P1_Feat_SyntheticPoRep', 3),
  ...family(15, 'StackedDRG', 'V1P2_Feat_NiPoRep', 4),
]

/** Kinds of proof of spacetime. */
export const POST_PROOFS: readonly RegisteredProof[] = [
  ...family(0, 'StackedDRGWinning', 'V1', 2),
  ...family(5, 'StackedDRGWindow', 'V1', 2, 3),
  ...family(10, 'StackedDRGWindow', 'V1P1', 3),
]

/** Kinds of proof of a replica update. */
export const UPDATE_PROOFS: readonly RegisteredProof[] = family(0, 'StackedDRG', 'V1', 2)

/** Kinds of aggregation of seal proofs, by number. */
export const AGGREGATE_PROOF_NAMES: readonly string[] = ['SnarkPackV1', 'SnarkPackV2']

/** The kind with this number that a generation knows, or `undefined`. */
export function findProof(
  proofs: readonly RegisteredProof[],
  number: bigint,
  generation: ProofGeneration,
): RegisteredProof | undefined {
  return proofs.find(
    (proof) => proof.number === number && proof.since <= generation && generation <= proof.until,
  )
}

/** The size of sectors that a kind of seal proof is for, in bytes; `undefined` where a generation does not know the kind. */
export function sealProofSectorSize(sealProof: bigint, generation: ProofGeneration): number | undefined {
  return findProof(SEAL_PROOFS, sealProof, generation)?.sectorSize
}
