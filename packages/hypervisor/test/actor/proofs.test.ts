import {
  decodeAggregateSealVerifyProofAndInfos,
  decodePieceInfos,
  decodeReplicaUpdateInfo,
  decodeSealVerifyInfo,
  decodeSealVerifyInfos,
  decodeWindowPostVerifyInfo,
  findProof,
  POST_PROOFS,
  SEAL_PROOFS,
  sealProofSectorSize,
  UPDATE_PROOFS,
} from '@troupe/hypervisor'
import { CborWriter, parseCid } from '@troupe/ipld'
import { describe, expect, it } from 'vitest'

const SEALED = parseCid('bafy2bzacebs6x6wi25vfd2mxglovctqcoxraohdbzr6hdnhgos5xj5toln4ng')
const UNSEALED = parseCid('bafy2bzacedswlneip6kczfktf7yfdwkffobnf4kpenru4jdwjgvzh6wanennq')
const RANDOMNESS = new Uint8Array(32).fill(1)
const INTERACTIVE = new Uint8Array(32).fill(2)
const PROOF = Uint8Array.of(9, 8, 7)

type Write = (writer: CborWriter) => CborWriter

function encode(write: Write): Uint8Array {
  return write(new CborWriter()).finish()
}

/** Every way to replace one item of a tuple by null, to leave it out, and to add one. */
function spoil(fields: readonly Write[], around: (tuple: Write) => Write = (tuple) => tuple): Uint8Array[] {
  const tuple = (items: readonly Write[]): Uint8Array =>
    encode(around((writer) => items.reduce((w, item) => item(w), writer.array(items.length))))
  const replaced = fields.map((_, i) => tuple(fields.map((field, j) => (i === j ? (w) => w.null() : field))))
  const whole = tuple(fields)
  return [
    ...replaced,
    tuple(fields.slice(0, -1)),
    tuple([...fields, (w) => w.null()]),
    Uint8Array.of(...whole, 0xf6),
    whole.subarray(0, -1),
  ]
}

function refuses(decode: (bytes: Uint8Array) => unknown, inputs: readonly Uint8Array[]): void {
  for (const bytes of inputs) {
    expect(() => decode(bytes)).toThrow(expect.objectContaining({ code: 'proof-input/malformed' }))
  }
}

function write(fields: readonly Write[]): Write {
  return (writer) => fields.reduce((w, field) => field(w), writer.array(fields.length))
}

const sealFields: readonly Write[] = [
  (w) => w.int(8),
  write([(w) => w.uint(1000), (w) => w.uint(7)]),
  write([(w) => w.uint(4), (w) => w.uint(5)]),
  (w) => w.bytes(RANDOMNESS),
  (w) => w.bytes(INTERACTIVE),
  (w) => w.bytes(PROOF),
  (w) => w.cid(SEALED),
  (w) => w.cid(UNSEALED),
]

describe('inputs of proofs', () => {
  it('of pieces', () => {
    const piece: readonly Write[] = [(w) => w.uint(2n ** 64n - 1n), (w) => w.cid(UNSEALED)]
    expect(decodePieceInfos(encode(write([write(piece), write(piece)])))).toMatchObject([
      { size: 2n ** 64n - 1n },
      { size: 2n ** 64n - 1n },
    ])
    expect(decodePieceInfos(encode((w) => w.array(0)))).toEqual([])
    refuses(
      decodePieceInfos,
      spoil(piece, (tuple) => (w) => tuple(w.array(1))),
    )
    refuses(decodePieceInfos, [
      encode(write(piece)),
      encode((w) => w.array(2 ** 31)),
      encode((w) => w.null()),
    ])
  })

  it('of window proofs of spacetime', () => {
    const proof: readonly Write[] = [(w) => w.int(-3), (w) => w.bytes(PROOF)]
    const sector: readonly Write[] = [(w) => w.int(8), (w) => w.uint(7), (w) => w.cid(SEALED)]
    const fields: readonly Write[] = [
      (w) => w.bytes(RANDOMNESS),
      write([write(proof)]),
      write([write(sector), write(sector)]),
      (w) => w.uint(1000),
    ]
    const info = decodeWindowPostVerifyInfo(encode(write(fields)))
    expect(info).toMatchObject({ randomness: RANDOMNESS, prover: 1000n })
    expect(info.proofs).toEqual([{ postProof: -3n, proofBytes: PROOF }])
    expect(info.challengedSectors).toMatchObject([
      { sealProof: 8n, sectorNumber: 7n },
      { sealProof: 8n, sectorNumber: 7n },
    ])
    expect(info.challengedSectors[0]?.sealedCid.toString()).toBe(SEALED.toString())
    refuses(decodeWindowPostVerifyInfo, spoil(fields))
    const [randomness, proofs, sectors, prover] = fields as [Write, Write, Write, Write]
    refuses(
      decodeWindowPostVerifyInfo,
      spoil(proof, (tuple) => write([randomness, write([tuple]), sectors, prover])),
    )
    refuses(
      decodeWindowPostVerifyInfo,
      spoil(sector, (tuple) => write([randomness, proofs, write([tuple]), prover])),
    )
    refuses(decodeWindowPostVerifyInfo, [
      encode(
        write([
          randomness,
          write([write([(w) => w.uint(2n ** 63n), (w) => w.bytes(PROOF)])]),
          sectors,
          prover,
        ]),
      ),
    ])
  })

  it('of seals', () => {
    const info = decodeSealVerifyInfo(encode(write(sealFields)))
    expect(info).toMatchObject({
      sealProof: 8n,
      miner: 1000n,
      sectorNumber: 7n,
      dealIds: [4n, 5n],
      randomness: RANDOMNESS,
      interactiveRandomness: INTERACTIVE,
      proof: PROOF,
    })
    expect(info.sealedCid.toString()).toBe(SEALED.toString())
    expect(info.unsealedCid.toString()).toBe(UNSEALED.toString())
    refuses(decodeSealVerifyInfo, spoil(sealFields))
    const sector: readonly Write[] = [(w) => w.uint(1000), (w) => w.uint(7)]
    refuses(
      decodeSealVerifyInfo,
      spoil(sector, (tuple) => write(sealFields.map((field, i) => (i === 1 ? tuple : field)))),
    )
  })

  it('of batches of seals', () => {
    expect(decodeSealVerifyInfos(encode(write([write(sealFields), write(sealFields)]))).length).toBe(2)
    expect(decodeSealVerifyInfos(encode((w) => w.array(0)))).toEqual([])
    refuses(
      decodeSealVerifyInfos,
      spoil(sealFields, (tuple) => (w) => tuple(w.array(1))),
    )
  })

  it('of aggregates of seals', () => {
    const seal: readonly Write[] = [
      (w) => w.uint(7),
      (w) => w.bytes(RANDOMNESS),
      (w) => w.bytes(INTERACTIVE),
      (w) => w.cid(SEALED),
      (w) => w.cid(UNSEALED),
    ]
    const fields: readonly Write[] = [
      (w) => w.uint(1000),
      (w) => w.int(8),
      (w) => w.int(1),
      (w) => w.bytes(PROOF),
      write([write(seal), write(seal), write(seal)]),
    ]
    const info = decodeAggregateSealVerifyProofAndInfos(encode(write(fields)))
    expect(info).toMatchObject({ miner: 1000n, sealProof: 8n, aggregateProof: 1n, proof: PROOF })
    expect(info.infos.length).toBe(3)
    expect(info.infos[2]).toMatchObject({
      sectorNumber: 7n,
      randomness: RANDOMNESS,
      interactiveRandomness: INTERACTIVE,
    })
    refuses(decodeAggregateSealVerifyProofAndInfos, spoil(fields))
    refuses(
      decodeAggregateSealVerifyProofAndInfos,
      spoil(seal, (tuple) => write([...fields.slice(0, 4), write([tuple])])),
    )
  })

  it('of replica updates, whose proof is an array of integers', () => {
    const cids: readonly Write[] = [
      (w) => w.int(3),
      (w) => w.cid(SEALED),
      (w) => w.cid(SEALED),
      (w) => w.cid(UNSEALED),
    ]
    const fields: readonly Write[] = [
      ...cids,
      write([(w) => w.uint(0), (w) => w.uint(23), (w) => w.uint(255)]),
    ]
    const info = decodeReplicaUpdateInfo(encode(write(fields)))
    expect(info).toMatchObject({ updateProof: 3n, proof: Uint8Array.of(0, 23, 255) })
    expect(info.newUnsealedCid.toString()).toBe(UNSEALED.toString())
    refuses(decodeReplicaUpdateInfo, spoil(fields))
    refuses(decodeReplicaUpdateInfo, [
      encode(write([...cids, (w) => w.bytes(PROOF)])),
      encode(write([...cids, write([(w) => w.uint(256)])])),
      encode(write([...cids, write([(w) => w.int(-1)])])),
    ])
  })
})

describe('registered proofs', () => {
  it('have the numbers of the protocol', () => {
    expect(SEAL_PROOFS.map(({ number }) => Number(number))).toEqual([...Array(20).keys()])
    expect(POST_PROOFS.map(({ number }) => Number(number))).toEqual([...Array(15).keys()])
    expect(UPDATE_PROOFS.map(({ number }) => Number(number))).toEqual([0, 1, 2, 3, 4])
    expect(findProof(SEAL_PROOFS, 8n, 2)?.name).toBe('StackedDRG32GiBV1P1')
    expect(findProof(SEAL_PROOFS, 14n, 3)?.name).toBe('StackedDRG64GiBV1P1_Feat_SyntheticPoRep')
    expect(findProof(POST_PROOFS, 7n, 2)?.name).toBe('StackedDRGWindow512MiBV1')
  })

  it('are for sectors of five sizes', () => {
    expect([0n, 6n, 12n, 3n, 9n].map((number) => sealProofSectorSize(number, 4))).toEqual([
      2048, 8388608, 536870912, 34359738368, 68719476736,
    ])
  })

  it('come and go with generations', () => {
    expect(sealProofSectorSize(9n, 2)).toBe(68719476736)
    expect(sealProofSectorSize(10n, 2)).toBeUndefined()
    expect(sealProofSectorSize(10n, 3)).toBe(2048)
    expect(sealProofSectorSize(15n, 3)).toBeUndefined()
    expect(sealProofSectorSize(15n, 4)).toBe(2048)
    expect(sealProofSectorSize(20n, 4)).toBeUndefined()
    expect(sealProofSectorSize(-1n, 4)).toBeUndefined()
    expect(findProof(POST_PROOFS, 5n, 3)).toBeDefined()
    expect(findProof(POST_PROOFS, 5n, 4)).toBeUndefined()
    expect(findProof(POST_PROOFS, 10n, 2)).toBeUndefined()
  })
})
