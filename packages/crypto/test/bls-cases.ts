import type { CryptoProvider } from '@troupe/crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { concat, flipBit, fromHex, fromText, pattern, toBigEndian, toHex } from './bytes.ts'
import {
  BLS_POP_DST,
  blsKeyWithSmallX,
  blsNegate,
  blsPublicKey,
  blsSign,
  blsWithSmallOrder,
} from './signers.ts'
import { BLS_SIGNATURES, DRAND_PUBLIC_KEY, DRAND_ROUNDS } from './vectors/bls-vectors.ts'

/** The compressed identity, and points of the curves with small x coordinates that are outside the subgroups. */
const IDENTITY_KEY = fromHex(`c0${'00'.repeat(47)}`)
const IDENTITY_SIGNATURE = fromHex(`c0${'00'.repeat(95)}`)
const KEY_OUTSIDE_SUBGROUP = fromHex(`80${'00'.repeat(46)}04`)
const SIGNATURE_OUTSIDE_SUBGROUP = fromHex(`80${'00'.repeat(94)}02`)

/** What BLS verification and aggregation do in every provider. */
export function blsCases(provider: () => CryptoProvider): void {
  const message = fromText('the show must go on')
  const key = blsPublicKey(7n)
  let signature: Uint8Array

  beforeAll(() => {
    signature = blsSign(message, 7n)
  })

  describe('BLS signatures', () => {
    it('verifies the published signatures, and none under the key of another', () => {
      const [first, ...others] = BLS_SIGNATURES
      for (const { message: text, publicKey, signature: signed } of BLS_SIGNATURES) {
        expect(provider().blsVerify(fromHex(signed), [fromText(text)], [fromHex(publicKey)])).toBe(true)
      }
      for (const { publicKey } of others.slice(0, 2)) {
        const verified = provider().blsVerify(
          fromHex(first?.signature ?? ''),
          [fromText(first?.message ?? '')],
          [fromHex(publicKey)],
        )
        expect(verified).toBe(false)
      }
    })

    it('verifies rounds of drand', () => {
      for (const { round, previous, signature: signed } of DRAND_ROUNDS) {
        const beacon = provider().sha256(concat(fromHex(previous), toBigEndian(BigInt(round), 8)))
        expect(provider().blsVerify(fromHex(signed), [beacon], [fromHex(DRAND_PUBLIC_KEY)])).toBe(true)
        expect(provider().blsVerify(fromHex(previous), [beacon], [fromHex(DRAND_PUBLIC_KEY)])).toBe(false)
      }
    })

    it('verifies the sum of the published signatures as an aggregate, in any order of its pairs', () => {
      const sum = provider().blsAggregate(BLS_SIGNATURES.map((v) => fromHex(v.signature))) as Uint8Array
      const messages = BLS_SIGNATURES.map((v) => fromText(v.message))
      const keys = BLS_SIGNATURES.map((v) => fromHex(v.publicKey))
      expect(sum).toHaveLength(96)
      expect(provider().blsVerify(sum, messages, keys)).toBe(true)
      expect(provider().blsVerify(sum, messages.toReversed(), keys.toReversed())).toBe(true)
      expect(provider().blsVerify(sum, messages.toReversed(), keys)).toBe(false)
      expect(provider().blsVerify(sum, messages.slice(6), keys.slice(6))).toBe(false)
    })

    it('verifies aggregates of as many pairs as share a Miller loop and of one more', () => {
      const secrets = Array.from({ length: 17 }, (_, i) => BigInt(i + 2))
      const messages = secrets.map((n) => fromText(`message ${n}`))
      const signatures = secrets.map((n, i) => blsSign(messages[i] as Uint8Array, n))
      const keys = secrets.map((n) => blsPublicKey(n))
      for (const count of [16, 17]) {
        const sum = provider().blsAggregate(signatures.slice(0, count)) as Uint8Array
        expect(provider().blsVerify(sum, messages.slice(0, count), keys.slice(0, count))).toBe(true)
      }
      const lastWrong = [...keys.slice(0, 16), blsPublicKey(99n)]
      expect(
        provider().blsVerify(provider().blsAggregate(signatures) as Uint8Array, messages, lastWrong),
      ).toBe(false)
    })

    it('verifies messages of megabytes', () => {
      const long = new Uint8Array(2_500_000).fill(5)
      const signed = blsSign(long, 7n)
      expect(provider().blsVerify(signed, [long], [key])).toBe(true)
      expect(provider().blsVerify(signed, [flipBit(long, 19_999_999)], [key])).toBe(false)
      expect(provider().blsVerify(signature, [message], [key])).toBe(true)
    })

    it('refuses other messages, signatures and keys', () => {
      expect(provider().blsVerify(signature, [message], [key])).toBe(true)
      expect(provider().blsVerify(signature, [flipBit(message, 3)], [key])).toBe(false)
      expect(provider().blsVerify(blsNegate(signature), [message], [key])).toBe(false)
      expect(provider().blsVerify(signature, [message], [blsPublicKey(8n)])).toBe(false)
    })

    it('refuses signatures with the tag of the proof-of-possession scheme', () => {
      expect(provider().blsVerify(blsSign(message, 7n, BLS_POP_DST), [message], [key])).toBe(false)
    })

    it('refuses counts that differ', () => {
      expect(provider().blsVerify(signature, [], [key])).toBe(false)
      expect(provider().blsVerify(signature, [message], [])).toBe(false)
      expect(provider().blsVerify(signature, [message], [key, key])).toBe(false)
      expect(provider().blsVerify(signature, [message, pattern(3)], [key])).toBe(false)
    })

    it('refuses repeated messages even where the pairing holds', () => {
      const sum = provider().blsAggregate([signature, blsSign(message, 8n)]) as Uint8Array
      expect(provider().blsVerify(sum, [message, message.slice()], [key, blsPublicKey(8n)])).toBe(false)
    })

    it('refuses the identity as a key, alone and among others', () => {
      expect(provider().blsVerify(IDENTITY_SIGNATURE, [message], [IDENTITY_KEY])).toBe(false)
      expect(provider().blsVerify(signature, [message, pattern(3)], [key, IDENTITY_KEY])).toBe(false)
      expect(provider().blsVerify(signature, [pattern(3), message], [IDENTITY_KEY, key])).toBe(false)
    })

    it('takes the identity, and nothing else, for the signature of no messages', () => {
      expect(provider().blsVerify(IDENTITY_SIGNATURE, [], [])).toBe(true)
      expect(provider().blsVerify(signature, [], [])).toBe(false)
      expect(provider().blsVerify(new Uint8Array(96), [], [])).toBe(false)
      expect(provider().blsVerify(new Uint8Array(0), [], [])).toBe(false)
      expect(provider().blsVerify(IDENTITY_SIGNATURE, [message], [key])).toBe(false)
    })

    it('refuses points of the curves outside the subgroups', () => {
      expect(provider().blsVerify(signature, [message], [KEY_OUTSIDE_SUBGROUP])).toBe(false)
      expect(provider().blsVerify(SIGNATURE_OUTSIDE_SUBGROUP, [message], [key])).toBe(false)
      expect(provider().blsVerify(SIGNATURE_OUTSIDE_SUBGROUP, [], [])).toBe(false)
      expect(provider().blsAggregate([SIGNATURE_OUTSIDE_SUBGROUP])).toBeUndefined()
    })

    it('refuses points that differ from good ones by a point of small order', () => {
      const { key: badKey, signature: badSignature } = blsWithSmallOrder(7n, signature)
      expect(provider().blsVerify(signature, [message], [badKey])).toBe(false)
      expect(provider().blsVerify(badSignature, [message], [key])).toBe(false)
      expect(provider().blsAggregate([badSignature])).toBeUndefined()
    })

    it('refuses coordinates that are not reduced', () => {
      const { secret, canonical, redundant } = blsKeyWithSmallX()
      const signed = blsSign(message, secret)
      expect(provider().blsVerify(signed, [message], [canonical])).toBe(true)
      expect(provider().blsVerify(signed, [message], [redundant])).toBe(false)
    })

    it('refuses every malformed compressed point', () => {
      const badKeys = [
        new Uint8Array(0),
        new Uint8Array(48),
        new Uint8Array(48).fill(255),
        key.subarray(1),
        concat(key, Uint8Array.of(0)),
        flipBit(key, 7), // not marked as compressed
        flipBit(key, 6), // marked as the identity
        flipBit(IDENTITY_KEY, 376), // an identity with another bit
        flipBit(IDENTITY_KEY, 5), // an identity with a sign
        fromHex(`80${'00'.repeat(46)}01`), // not on the curve
      ]
      for (const bad of badKeys) expect(provider().blsVerify(signature, [message], [bad])).toBe(false)

      const badSignatures = [
        new Uint8Array(0),
        new Uint8Array(96),
        new Uint8Array(96).fill(255),
        signature.subarray(1),
        concat(signature, Uint8Array.of(0)),
        flipBit(signature, 7),
        flipBit(signature, 6),
        flipBit(signature, 48 * 8 + 7), // a flag in the second coordinate
        flipBit(IDENTITY_SIGNATURE, 760),
        flipBit(IDENTITY_SIGNATURE, 0),
        flipBit(IDENTITY_SIGNATURE, 5),
        flipBit(IDENTITY_SIGNATURE, 7),
        fromHex(`80${'00'.repeat(95)}`),
      ]
      for (const bad of badSignatures) {
        expect(provider().blsVerify(bad, [message], [key])).toBe(false)
        expect(provider().blsVerify(bad, [], [])).toBe(false)
        expect(provider().blsAggregate([signature, bad])).toBeUndefined()
      }
    })

    it('reads views of larger buffers and leaves them as they are', () => {
      const whole = concat(pattern(5), signature, message, key)
      const before = toHex(whole)
      const parts = [whole.subarray(5, 101), whole.subarray(101, -48), whole.subarray(-48)] as const
      expect(provider().blsVerify(parts[0], [parts[1]], [parts[2]])).toBe(true)
      expect(toHex(provider().blsAggregate([parts[0]]))).toBe(toHex(signature))
      expect(toHex(whole)).toBe(before)
    })
  })

  describe('BLS aggregation', () => {
    it('has nothing to give for an empty list', () => {
      expect(provider().blsAggregate([])).toBeUndefined()
    })

    it('gives one signature back as it was', () => {
      expect(toHex(provider().blsAggregate([signature]))).toBe(toHex(signature))
    })

    it('counts the identity as nothing, and opposite points as the identity', () => {
      expect(toHex(provider().blsAggregate([IDENTITY_SIGNATURE]))).toBe(toHex(IDENTITY_SIGNATURE))
      expect(toHex(provider().blsAggregate([signature, IDENTITY_SIGNATURE]))).toBe(toHex(signature))
      expect(toHex(provider().blsAggregate([signature, blsNegate(signature)]))).toBe(
        toHex(IDENTITY_SIGNATURE),
      )
    })

    it('counts a repeated signature twice', () => {
      const twice = provider().blsAggregate([signature, signature])
      expect(toHex(twice)).toBe(toHex(blsSign(message, 14n)))
    })

    it('returns a plain array that later calls do not touch', () => {
      const first = provider().blsAggregate([signature]) as Uint8Array
      provider().blsAggregate([signature, signature])
      expect(first.constructor).toBe(Uint8Array)
      expect(toHex(first)).toBe(toHex(signature))
    })
  })
}
