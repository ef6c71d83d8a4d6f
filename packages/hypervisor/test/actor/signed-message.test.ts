import { loadCrypto } from '@troupe/crypto'
import {
  type Address,
  chainLength,
  decodeMessage,
  decodeSignedMessage,
  encodeMessage,
  encodeSignedMessage,
  idAddress,
  type Message,
  messageCid,
  parseAddress,
  SignatureType,
  type SignedMessage,
  signedMessageCid,
  verifyMessageSignature,
  verifySignature,
} from '@troupe/hypervisor'
import { CborWriter } from '@troupe/ipld'
import { describe, expect, it } from 'vitest'

const crypto = await loadCrypto()

function bytes(text: string, encoding: 'hex' | 'base64'): Uint8Array {
  return encoding === 'hex' ? Uint8Array.fromHex(text) : Uint8Array.fromBase64(text)
}

function address(text: string): Address {
  return parseAddress(text, crypto).address
}

function message(gasLimit: bigint): Message {
  return {
    version: 0n,
    to: address('t17uoq6tp427uzv7fztkbsnn64iwotfrristwpryy'),
    from: address('t1d2xrzcslx7xlbbylc5c3d5lvandqw4iwl6epxba'),
    sequence: 1n,
    value: 100000n,
    gasLimit,
    gasFeeCap: 1n,
    gasPremium: 1n,
    method: 0n,
    params: new Uint8Array(),
  }
}

/** Zondax/filecoin-signing-tools test_vectors/get_cid.json. */
const SECP256K1: SignedMessage = {
  message: message(2500000n),
  signature: {
    type: SignatureType.SECP256K1,
    data: bytes(
      '0wRrFJZFIVh8m0JD+f5C55YrxD6YAWtCXWYihrPTKdMfgMhYAy86MVhs43hSLXnV+47UReRIe8qFdHRJqFlreAE=',
      'base64',
    ),
  },
}
const SECP256K1_CID = 'bafy2bzacebaiinljwwctblf7czp4zxwhz4747z6tpricgn5cumd4xhebftcvu'

/** Zondax/filecoin-signing-tools test_vectors/signed_message.json. */
const SECP256K1_OTHER: SignedMessage = {
  message: message(25000n),
  signature: {
    type: SignatureType.SECP256K1,
    data: bytes(
      'nFuTI7MxEXqTQ0QmmQTmqbUsNZfHFXlNjz+susVDkAk1SrRCdJKxlVZZrM4vUtVBSYgtMIeigNfpqdKGIFhoWQA=',
      'base64',
    ),
  },
}

/** The message of Zondax/filecoin-signing-tools test_vectors/bls_signature.json, signed with the key of bls_wallet.json there. */
const BLS: SignedMessage = {
  message: decodeMessage(
    bytes(
      '8a005501fd1d0f4dfcd7e99afcb99a8326b7dc459d32c628583103ade28c91045e89a0dcdb49d5ed0d62a4f02d78a96dbd406a4f9d37a1cd2fb5c29058def79b01b4d1556ade74ffc079040144000186a01961a8430009c4430009c40040',
      'hex',
    ),
  ),
  signature: {
    type: SignatureType.BLS,
    data: bytes(
      'a3e507f89527472ad67ddd9bf555e8e745c284944cd855e2ed4b68660a325baacd4dfd93972af2c7e2d39ddc8a5ac37e0660ddc641cb7942ef5a31f3e62e83e006341f6a4b4f9c4cdddb0ba43031b4e9dc96d2b936b9050dccca9e95b8576653',
      'hex',
    ),
  },
}

/** The signature of that file, which is over the message's bytes in place of its CID. */
const BLS_OVER_BYTES = bytes(
  'a0e8380977d2ccc5dd4d5ebd823406ed22fde880a3bd0fa8426c16b34013c487c51107f5e2808031b680ff200aa16f770a12a82022cc0fd2a7b0302baacee87862fed11be087609d3b0daf90869558574e15b94b375a0f34bce9478e975bb02c',
  'hex',
)

function withSignature(signed: SignedMessage, type: SignatureType, data: Uint8Array): SignedMessage {
  return { message: signed.message, signature: { type, data } }
}

describe('signed messages', () => {
  it('have the CID of message and signature, or of the message alone with a BLS signature', () => {
    expect(signedMessageCid(crypto, SECP256K1).toString()).toBe(SECP256K1_CID)
    expect(signedMessageCid(crypto, BLS)).toEqual(messageCid(crypto, BLS.message))
    const delegated = withSignature(SECP256K1, SignatureType.DELEGATED, new Uint8Array(65))
    expect(signedMessageCid(crypto, delegated)).not.toEqual(messageCid(crypto, delegated.message))
  })

  it('count with their signature for inclusion, but not with a BLS signature', () => {
    // Array head, byte string head, kind, signature.
    expect(chainLength(SECP256K1)).toBe(encodeMessage(SECP256K1.message).length + 1 + 2 + 1 + 65)
    expect(chainLength(BLS)).toBe(encodeMessage(BLS.message).length)
  })

  it('read back as they were written', () => {
    for (const signed of [
      SECP256K1,
      BLS,
      withSignature(BLS, SignatureType.DELEGATED, new Uint8Array(65).fill(7)),
      withSignature(BLS, SignatureType.BLS, new Uint8Array()),
    ]) {
      const encoded = encodeSignedMessage(signed)
      const decoded = decodeSignedMessage(encoded)
      expect(decoded.signature).toEqual(signed.signature)
      expect(encodeSignedMessage(decoded)).toEqual(encoded)
    }
  })

  it('are refused where they are malformed', () => {
    const encodedMessage = encodeMessage(BLS.message)
    const encode = (length: number, signature: (writer: CborWriter) => unknown) => {
      const writer = new CborWriter().array(length).raw(encodedMessage)
      signature(writer)
      return writer.finish()
    }
    expect(decodeSignedMessage(encode(2, (w) => w.bytes(Uint8Array.of(1)))).signature.data).toEqual(
      new Uint8Array(),
    )
    for (const bad of [
      encode(2, (w) => w.bytes(Uint8Array.of())),
      encode(2, (w) => w.bytes(Uint8Array.of(0, 1, 2))),
      encode(2, (w) => w.bytes(Uint8Array.of(4, 1, 2))),
      encode(2, (w) => w.text('\u0001')),
      encode(2, (w) => w.null()),
      encode(1, (w) => w),
      encode(3, (w) => w.bytes(Uint8Array.of(1)).null()),
      encode(2, (w) => w.bytes(Uint8Array.of(1)).null()),
      encodedMessage,
      Uint8Array.of(),
    ]) {
      expect(() => decodeSignedMessage(bad)).toThrow(expect.objectContaining({ code: 'message/malformed' }))
    }
  })
})

describe('verifyMessageSignature', () => {
  it('accepts what others have signed', () => {
    expect(verifyMessageSignature(crypto, SECP256K1)).toBe(true)
    expect(verifyMessageSignature(crypto, SECP256K1_OTHER)).toBe(true)
    expect(verifyMessageSignature(crypto, BLS)).toBe(true)
  })

  it('wants the CID to be signed, and not the message', () => {
    const signature = { type: SignatureType.BLS, data: BLS_OVER_BYTES }
    expect(verifySignature(crypto, signature, BLS.message.from, encodeMessage(BLS.message))).toBe(true)
    expect(verifyMessageSignature(crypto, { message: BLS.message, signature })).toBe(false)
  })

  it('refuses signatures of another message', () => {
    for (const signed of [SECP256K1, BLS]) {
      const changed = { ...signed, message: { ...signed.message, sequence: 99n } }
      expect(verifyMessageSignature(crypto, changed)).toBe(false)
    }
    expect(verifyMessageSignature(crypto, { ...SECP256K1, signature: SECP256K1_OTHER.signature })).toBe(false)
  })

  it('refuses another sender, or another kind of address than the signature is for', () => {
    expect(verifyMessageSignature(crypto, SECP256K1, SECP256K1.message.to)).toBe(false)
    expect(verifyMessageSignature(crypto, SECP256K1, BLS.message.from)).toBe(false)
    expect(verifyMessageSignature(crypto, BLS, SECP256K1.message.from)).toBe(false)
    expect(verifyMessageSignature(crypto, BLS, idAddress(100n))).toBe(false)
  })

  it('takes the key of a sender that is given by id', () => {
    const byId = { ...SECP256K1, message: { ...SECP256K1.message, from: idAddress(100n) } }
    const key = SECP256K1.message.from
    expect(verifyMessageSignature(crypto, byId)).toBe(false)
    // The sender is part of what is signed, so that the signature for the key does not fit the message by id.
    expect(verifyMessageSignature(crypto, byId, key)).toBe(false)
    expect(verifyMessageSignature(crypto, SECP256K1, key)).toBe(true)
  })

  it('refuses changed and misshapen signatures', () => {
    for (const signed of [SECP256K1, BLS]) {
      const { type, data } = signed.signature
      const flipped = data.slice()
      flipped[10] = (flipped[10] ?? 0) ^ 1
      for (const other of [
        flipped,
        data.subarray(1),
        Uint8Array.of(...data, 0),
        new Uint8Array(data.length),
        new Uint8Array(),
      ]) {
        expect(verifyMessageSignature(crypto, withSignature(signed, type, other))).toBe(false)
      }
    }
    expect(
      verifyMessageSignature(crypto, withSignature(BLS, SignatureType.SECP256K1, BLS.signature.data)),
    ).toBe(false)
  })

  it('says that it cannot verify delegated signatures', () => {
    const signed = withSignature(SECP256K1, SignatureType.DELEGATED, SECP256K1.signature.data)
    expect(() => verifyMessageSignature(crypto, signed)).toThrow(
      expect.objectContaining({ code: 'signature/unsupported' }),
    )
  })
})
