import { p256 } from '@noble/curves/nist.js'
import {
  blsAddress,
  delegatedAddress,
  ethereumAddress,
  idAddress,
  secp256k1Address,
} from '@troupe/hypervisor'
import { expect } from 'vitest'
import { onBothActors } from './networks.ts'
import { ask, caller } from './programs.ts'
import { bytesOf, ETHEREUM_ACCOUNT, NAMED_ADDRESS, type Outcome, type Stage, WHO, words } from './stage.ts'

const text = (value: string): Uint8Array => new TextEncoder().encode(value)
const none = new Uint8Array()
const SHA256 = 2n
const P256_VERIFY = 0x100n
const native = (number: number): bigint => (0xfen << 152n) + BigInt(number)

/** Has a new contract call a precompile. */
function asked(stage: Stage, to: bigint, input: Uint8Array, value = 0n): Outcome & { said: unknown } {
  const contract = stage.create(caller('CALL'), { value: 100n })
  const outcome = ask(stage, contract, { to, input, value })
  expect(stage.balance(stage.id(contract))).toBe(100n - value)
  return { ...outcome, said: [outcome.status, outcome.returned] }
}

onBothActors('precompiles of Ethereum', (play) => {
  play('hash what they are given', (stage) => {
    const input = text('foo bar baz boxy')
    expect(asked(stage, SHA256, input).said).toEqual([1, stage.crypto.sha256(input)])
  })

  play('that there are not are accounts to pay to, and give nothing', (stage) => {
    for (const address of [0xffn, native(0xff), native(0xef)]) {
      expect(asked(stage, address, new Uint8Array(32).fill(0xff)).said).toEqual([1, none])
      const paid = asked(stage, address, new Uint8Array(32).fill(0xff), 1n)
      expect(paid.said).toEqual([1, none])
      const to = ethereumAddress(bytesOf(address, 20))
      expect(paid.sent.map((call) => [call.to, call.method, call.value])).toEqual([[to, 0n, 1n]])
      expect(stage.kindOf(to)).toBe('placeholder')
    }
  })

  play('verify signatures of P-256, and give nothing where there is none', (stage) => {
    const key = bytesOf(7n)
    const digest = stage.crypto.sha256(text('signed'))
    const signature = p256.sign(digest, key, { prehash: false })
    const input = Uint8Array.from([...digest, ...signature, ...p256.getPublicKey(key, false).subarray(1)])
    expect(asked(stage, P256_VERIFY, input).said).toEqual([1, words(1)])
    for (const wrong of [
      input.with(0, (input[0] as number) ^ 1),
      new Uint8Array(10),
      input.subarray(0, 159),
      Uint8Array.from([...input, 0]),
      new Uint8Array(160),
    ])
      expect(asked(stage, P256_VERIFY, wrong).said).toEqual([1, none])
    // Value is sent where the precompile has succeeded.
    const paid = asked(stage, P256_VERIFY, input, 1n)
    expect(paid.said).toEqual([1, words(1)])
    expect(paid.sent.map((call) => [call.to, call.method, call.value])).toEqual([
      [ethereumAddress(bytesOf(P256_VERIFY, 20)), 0n, 1n],
    ])
  })
})

onBothActors('precompiles of Filecoin', (play) => {
  play('resolve addresses of every protocol to ids', (stage) => {
    const resolve = (input: Uint8Array): unknown => asked(stage, native(1), input).said
    const ethereum = ethereumAddress(bytesOf(ETHEREUM_ACCOUNT, 20))
    expect(resolve(ethereum.bytes)).toEqual([1, words(WHO.ethereumAccount)])
    expect(resolve(NAMED_ADDRESS.bytes)).toEqual([1, words(WHO.named)])
    expect(resolve(stage.accountAddress.bytes)).toEqual([1, words(WHO.account)])
    expect(resolve(idAddress(WHO.nobody).bytes)).toEqual([1, words(WHO.nobody)])
  })

  play('resolve what nobody has to nothing, and fail for what is no address', (stage) => {
    const resolve = (input: Uint8Array): unknown => asked(stage, native(1), input).said
    const key = stage.crypto.blake2b(text('key'), 64)
    for (const unknown of [
      delegatedAddress(0xffffn, text('foobarboxybeef')),
      delegatedAddress(111n, text('foo')),
      secp256k1Address(stage.crypto, Uint8Array.from([4, ...key])),
      blsAddress(new Uint8Array(48).fill(3)),
    ])
      expect(resolve(unknown.bytes)).toEqual([1, none])
    for (const wrong of [
      Uint8Array.of(0xff),
      new Uint8Array(32).fill(0xff),
      Uint8Array.from([...words(5), 0, 0, 0xff]),
    ])
      expect(resolve(wrong)).toEqual([0, none])
  })

  play('give the f4 address of an id, or nothing', (stage) => {
    const lookUp = (input: Uint8Array): unknown => asked(stage, native(2), input).said
    expect(lookUp(words(WHO.ethereumAccount))).toEqual([
      1,
      ethereumAddress(bytesOf(ETHEREUM_ACCOUNT, 20)).bytes,
    ])
    expect(lookUp(words(WHO.named))).toEqual([1, NAMED_ADDRESS.bytes])
    expect(lookUp(words(WHO.account))).toEqual([1, none])
    expect(lookUp(words(WHO.nobody))).toEqual([1, none])
    expect(lookUp(words(1n << 64n))).toEqual([0, none])
  })

  play('give the randomness of an epoch, and fail for one that there never was', (stage) => {
    const epoch = stage.conditions.epoch - 900n
    expect(asked(stage, native(6), words(epoch)).said).toEqual([1, stage.externs.beaconRandomness(epoch)])
    // The last of them does not fit; the others are negative.
    for (const wrong of [(1n << 64n) - 1n, 1n << 63n, 1n << 64n])
      expect(asked(stage, native(6), words(wrong)).said).toEqual([0, none])
  })

  play('have no fourth', (stage) => {
    expect(asked(stage, native(4), words(WHO.account)).said).toEqual([1, none])
  })
})
