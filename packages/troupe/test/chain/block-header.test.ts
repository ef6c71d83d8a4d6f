import { loadCrypto } from '@troupe/crypto'
import { decodeAddress } from '@troupe/hypervisor'
import { parseCid } from '@troupe/ipld'
import { type BlockHeader, blockCid, decodeBlockHeader, encodeBlockHeader, tipsetKeyCid } from 'troupe'
import { describe, expect, it } from 'vitest'

const crypto = await loadCrypto()

/** The header of Filecoin's first block (lotus build/genesis/mainnet.car.zst). */
const GENESIS_CID = 'bafy2bzacecnamqgqmifpluoeldx7zzglxcljo6oja4vrmtj7432rphldpdmm2'
const GENESIS =
  '904200008158205f8a03396b309a60fb7d3d33dd13483d05464bce5fd9d06171e7a8c280e24216820040818200582000000000000000000000000000000000000000000000000000000000' +
  '0000000080' +
  '81d82a58250001711220107d821c25dc0735200249df94a8bebc9c8e489744f86a4ca8919e81f19dcd724000d82a5827000171a0e402208fbc07f7587e2efebab9ff1ab27c928881abf9d1b7e5ad' +
  '5206781415615867aed82a5827000171a0e40220e5658b3d18cd06e1db9015b4b0ec55c123a24d5be1ea24d83938c5b8397b4f2fd82a5827000171a0e4022098307faeabdd208c1321be4c1ec84fbb' +
  '952cd8424c24db0d5a96c8032fb2ce10f61a5f443860f600450005f5e100'

/** The header of lotus chain/types/blockheader_test.go, TestInteropBH, as far as it has one of the known kinds of signature. */
const INTEROP =
  '905501d04cb15021bf6bd003073d79e2238d4e61f1ad2281430102038200420a0b818205410c818200410781d82a5827000171a0e402202f84fef0d7cc2d7f9f00d22445f7bf7539fdd685fd9f284aa37f3822b57619cc' +
  '430003e802d82a5827000171a0e402202f84fef0d7cc2d7f9f00d22445f7bf7539fdd685fd9f284aa37f3822b57619ccd82a5827000171a0e402202f84fef0d7cc2d7f9f00d22445f7bf7539fdd685fd9f284aa37f3822b57619cc' +
  'd82a5827000171a0e402202f84fef0d7cc2d7f9f00d22445f7bf7539fdd685fd9f284aa37f3822b57619ccf601f60345003b9aca00'

const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

describe('block headers', () => {
  it("reads and writes Filecoin's first block, and names it as Filecoin does", () => {
    const header = decodeBlockHeader(bytesOf(GENESIS))
    expect(header.height).toBe(0n)
    expect(header.parentBaseFee).toBe(100_000_000n)
    expect(header.timestamp).toBe(1598306400n)
    expect(hexOf(encodeBlockHeader(header))).toBe(GENESIS)
    expect(String(blockCid(crypto, header))).toBe(GENESIS_CID)
  })

  it("writes what the reference's interoperability test expects", () => {
    const cid = parseCid('bafy2bzaceaxyj7xq27gc2747adjcirpxx52tt7owqx6z6kckun7tqivvoym4y')
    const header: BlockHeader = {
      miner: decodeAddress(bytesOf('01d04cb15021bf6bd003073d79e2238d4e61f1ad22')),
      ticket: Uint8Array.of(1, 2, 3),
      electionProof: { winCount: 0n, vrfProof: Uint8Array.of(0x0a, 0x0b) },
      beaconEntries: [{ round: 5n, data: Uint8Array.of(0x0c) }],
      proofs: [{ type: 0n, proof: Uint8Array.of(7) }],
      parents: [cid],
      parentWeight: 1000n,
      height: 2n,
      parentStateRoot: cid,
      parentMessageReceipts: cid,
      messages: cid,
      blsAggregate: undefined,
      timestamp: 1n,
      blockSignature: undefined,
      forkSignaling: 3n,
      parentBaseFee: 1000000000n,
    }
    expect(hexOf(encodeBlockHeader(header))).toBe(INTEROP)
    expect(decodeBlockHeader(encodeBlockHeader(header))).toEqual(header)
  })

  it.each([
    ['nothing', ''],
    ['a short tuple', `8f${GENESIS.slice(2)}`],
    ['a cut one', GENESIS.slice(0, -2)],
    ['bytes behind the end', `${GENESIS}00`],
    [
      'a list of four billion parents',
      GENESIS.replace('81d82a58250001711220', '9affffffffd82a58250001711220'),
    ],
  ])('refuses %s', (_, hex) => {
    expect(() => decodeBlockHeader(bytesOf(hex))).toThrow(
      expect.objectContaining({ code: 'block/malformed' }),
    )
  })
})

describe('tipset keys', () => {
  // lotus chain/types/tipset_key_test.go
  const cids = [
    'bafy2bzacecesrkxghscnq7vatble2hqdvwat6ed23vdu4vvo3uuggsoaya7ki',
    'bafy2bzacebxfyh2fzoxrt6kcgc5dkaodpcstgwxxdizrww225vrhsizsfcg4g',
    'bafy2bzacedwviarjtjraqakob5pslltmuo5n3xev3nt5zylezofkbbv5jclyu',
  ].map(parseCid)

  it.each([
    [0, 'bafy2bzacea456askyutsf7uk4ta2q5aojrlcji4mhaqokbfalgvoq4ueeh4l2'],
    [1, 'bafy2bzacealem6larzxhf7aggj3cozcefqez3jlksx2tuxehwdil27otcmy4q'],
    [3, 'bafy2bzacecbnwngwfvxuciumcfudiaoqozisp3hus5im5lg4urrwlxbueissu'],
  ])('of %i blocks have the CID that the reference gives', (count, expected) => {
    expect(String(tipsetKeyCid(crypto, cids.slice(0, count)))).toBe(expected)
  })

  it('depend on the order of blocks', () => {
    expect(tipsetKeyCid(crypto, cids.toReversed())).not.toEqual(tipsetKeyCid(crypto, cids))
  })
})
