import { loadCrypto } from '@troupe/crypto'
import { formatAddress, verifyMessageSignature } from '@troupe/hypervisor'
import {
  blsSigner,
  DEVELOPMENT_MNEMONIC,
  deriveAccounts,
  MAX_ACCOUNTS,
  secp256k1Signer,
  signMessage,
} from 'troupe'
import { describe, expect, it } from 'vitest'
import { messageOf } from '../chain/test-chain.ts'

const crypto = await loadCrypto()
const code = (value: string) => expect.objectContaining({ code: value })

describe('the accounts of a chain', () => {
  it('are those that every tool has, under their three names', () => {
    const [first, second] = deriveAccounts(crypto)
    expect(first?.ethereum).toBe('0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266')
    expect(second?.ethereum).toBe('0x70997970C51812dc3A010C7d01b50e0d17dc79C8')
    expect(formatAddress(first?.delegated ?? expect.fail(), crypto)).toMatch(/^f410f6op5nzi2vwep/)
    expect(first?.address.protocol).toBe(1)
  })

  it('that are written down are those that the mnemonic gives', () => {
    const derived = deriveAccounts(crypto, { count: 11 })
    const known = deriveAccounts(crypto)
    expect(known).toHaveLength(10)
    for (const [index, account] of known.entries()) {
      expect(account.secretKey).toEqual(derived[index]?.secretKey)
      expect(account.ethereum).toBe(derived[index]?.ethereum)
      expect(account.address).toEqual(secp256k1Signer(crypto, account.secretKey).address)
    }
    expect(derived).toHaveLength(11)
  })

  it('come from other words and another path too', () => {
    const mnemonic =
      'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about'
    // A published vector of BIP-44 for Ethereum.
    expect(deriveAccounts(crypto, { mnemonic, count: 1 })[0]?.ethereum).toBe(
      '0x9858EfFD232B4033E47d90003D41EC34EcaEda94',
    )
    expect(deriveAccounts(crypto, { path: "m/44'/461'/0'/0", count: 1 })[0]?.ethereum).not.toBe(
      deriveAccounts(crypto, { count: 1 })[0]?.ethereum,
    )
  })

  it('are refused where the words, the path or the number are wrong', () => {
    expect(() => deriveAccounts(crypto, { mnemonic: `${DEVELOPMENT_MNEMONIC} junk` })).toThrow(
      code('account/mnemonic'),
    )
    expect(() => deriveAccounts(crypto, { path: 'left, then right' })).toThrow(code('account/path'))
    for (const count of [-1, 1.5, Number.NaN, MAX_ACCOUNTS + 1])
      expect(() => deriveAccounts(crypto, { count })).toThrow(code('account/count'))
    expect(deriveAccounts(crypto, { count: 0 })).toEqual([])
  })
})

describe('a signer', () => {
  it('signs messages that everybody can verify, and always in the same way', () => {
    const [account] = deriveAccounts(crypto, { count: 1 })
    const signer = account ?? expect.fail()
    const signed = signMessage(crypto, signer, messageOf(0n, { from: signer.address }))
    expect(verifyMessageSignature(crypto, signed)).toBe(true)
    expect(signMessage(crypto, signer, signed.message)).toEqual(signed)
    expect(verifyMessageSignature(crypto, { ...signed, message: { ...signed.message, value: 1n } })).toBe(
      false,
    )
  })

  it('of BLS does too', () => {
    const signer = blsSigner(new Uint8Array(32).fill(7))
    expect(signer.address.protocol).toBe(3)
    const signed = signMessage(crypto, signer, messageOf(0n, { from: signer.address }))
    expect(verifyMessageSignature(crypto, signed)).toBe(true)
    expect(verifyMessageSignature(crypto, { ...signed, message: { ...signed.message, value: 1n } })).toBe(
      false,
    )
  })

  it('cannot be made of zero, or of bytes of another length', () => {
    for (const secretKey of [new Uint8Array(32), new Uint8Array(31).fill(1), new Uint8Array(32).fill(255)]) {
      expect(() => secp256k1Signer(crypto, secretKey)).toThrow(code('account/bad-key'))
      expect(() => blsSigner(secretKey)).toThrow(code('account/bad-key'))
    }
  })
})
