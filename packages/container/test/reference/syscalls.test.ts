/**
 * @module Syscalls with good and bad pointers, as the reference's test actors make them, by actors of our own.
 *
 * Source: ref-fvm master testing/test_actors/actors/fil-syscall-actor, fil-ipld-actor and fil-malformed-syscall-actor; testing/integration/tests/main.rs
 * (`syscalls`, `ipld`) and fil_syscall.rs.
 */
import { loadCrypto } from '@troupe/crypto'
import { blsAddress, NV21, NV28, type RuleSet, secp256k1Address } from '@troupe/hypervisor'
import { cidOf, DAG_CBOR } from '@troupe/ipld'
import { describe, expect, it } from 'vitest'
import { type Contents, callSyscalls, type SyscallCall } from '../support/call-syscalls.ts'
import { invokeGuest } from '../support/invoke-guest.ts'
import { wat } from '../support/wat.ts'
import { AGGREGATE, BLS, SECP256K1 } from './signatures.ts'

const crypto = await loadCrypto()
const MAX_U32 = 2 ** 32 - 1
const [ILLEGAL_ARGUMENT, LIMIT_EXCEEDED, INVALID_HANDLE, ILLEGAL_CID, ILLEGAL_CODEC, BUFFER_TOO_SMALL] = [
  1, 3, 7, 8, 9, 12,
]
const SHA2_256 = 0x12n
const BLAKE2B_256 = 0xb220n
/** Where verdicts and lengths are written. */
const OUT = 0
const VALID = 0
const INVALID = -1

const bytes = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
/** The same with one more in its first byte. */
const changed = (hex: string): Uint8Array => bytes(hex).map((byte, i) => (i === 0 ? byte + 1 : byte))
const concat = (...parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]))
const count = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i)

describe.each<[RuleSet]>([[NV21], [NV28]])('the reference’s test actors, at $name', (rules) => {
  const call = (calls: readonly SyscallCall[], contents?: Contents) => callSyscalls(rules, calls, contents)

  /** Has a signature verified, and gives the verdict. */
  async function verdict(
    type: number,
    signature: Uint8Array,
    signer: Uint8Array,
    message: Uint8Array,
  ): Promise<number> {
    const { errors, memory } = await call(
      [
        [
          'crypto.verify_signature',
          OUT,
          type,
          100,
          signature.length,
          300,
          signer.length,
          500,
          message.length,
        ],
      ],
      { 0: Uint8Array.of(9, 9, 9, 9), 100: signature, 300: signer, 500: message },
    )
    expect(errors).toEqual([0])
    return new DataView(memory.buffer, memory.byteOffset).getInt32(OUT, true)
  }

  it('secp256k1 signatures: of the key, of another, of another message, changed', async () => {
    const { signature, publicKey, message } = SECP256K1
    const signer = (key: Uint8Array): Uint8Array => secp256k1Address(crypto, key).bytes
    const good = [bytes(signature), signer(bytes(publicKey)), bytes(message)] as const
    expect(await verdict(1, ...good)).toBe(VALID)
    expect(await verdict(1, changed(signature), good[1], good[2])).toBe(INVALID)
    expect(await verdict(1, good[0], signer(changed(publicKey)), good[2])).toBe(INVALID)
    expect(await verdict(1, good[0], good[1], changed(message))).toBe(INVALID)
    const contents = { 100: good[0], 300: good[1], 500: good[2] }
    const { errors } = await call(
      [
        ['crypto.verify_signature', OUT, MAX_U32, 100, 65, 300, 21, 500, 10],
        ['crypto.verify_signature', OUT, 1, 100, 65, MAX_U32, 21, 500, 10],
      ],
      contents,
    )
    expect(errors).toEqual([ILLEGAL_ARGUMENT, ILLEGAL_ARGUMENT])
  })

  it('recovery of a public key, and from a signature that is not in memory', async () => {
    const contents = { 100: bytes(SECP256K1.signature), 300: crypto.blake2b(bytes(SECP256K1.message), 32) }
    const recover = 'crypto.recover_secp_public_key'
    const { errors, memory } = await call(
      [
        [recover, 1000, 300, 100],
        [recover, 2000, 300, MAX_U32],
      ],
      contents,
    )
    expect(errors).toEqual([0, ILLEGAL_ARGUMENT])
    expect(memory.subarray(1000, 1065)).toEqual(bytes(SECP256K1.publicKey))
    expect(memory.subarray(2000, 2065)).toEqual(new Uint8Array(65))
  })

  it('BLS signatures: of the key, of another, of another message, another signature', async () => {
    const { signature, publicKey, message, otherSignature, otherKey } = BLS
    const [signer, other] = [publicKey, otherKey].map((key) => blsAddress(bytes(key)).bytes) as [
      Uint8Array,
      Uint8Array,
    ]
    expect(await verdict(2, bytes(signature), signer, bytes(message))).toBe(VALID)
    expect(await verdict(2, bytes(otherSignature), signer, bytes(message))).toBe(INVALID)
    expect(await verdict(2, bytes(signature), other, bytes(message))).toBe(INVALID)
    expect(await verdict(2, bytes(signature), signer, changed(message))).toBe(INVALID)
  })

  it('aggregates of BLS signatures: whole, with another signature, another key, another message', async () => {
    const all = count(30)
    const lengths = (...each: number[]): Uint8Array =>
      concat(...each.map((length) => Uint8Array.of(length, 0, 0, 0)))
    const keys = concat(...AGGREGATE.publicKeys.map(bytes))
    const otherKeys = concat(...[BLS.otherKey, ...AGGREGATE.publicKeys.slice(1)].map(bytes))
    const cases: [string, Uint8Array, Uint8Array, Uint8Array, number][] = [
      [AGGREGATE.signature, keys, all, lengths(10, 10, 10), VALID],
      [BLS.otherSignature, keys, all, lengths(10, 10, 10), INVALID],
      [AGGREGATE.signature, otherKeys, all, lengths(10, 10, 10), INVALID],
      [
        AGGREGATE.signature,
        keys,
        concat(Uint8Array.of(11, 22, 33, 44), all.subarray(10)),
        lengths(4, 10, 10),
        INVALID,
      ],
    ]
    for (const [signature, publicKeys, messages, sizes, expected] of cases) {
      const { errors, memory } = await call([['crypto.verify_bls_aggregate', OUT, 3, 100, 300, 500, 600]], {
        100: bytes(signature),
        300: publicKeys,
        500: messages,
        600: sizes,
      })
      expect(errors).toEqual([0])
      expect(new DataView(memory.buffer, memory.byteOffset).getInt32(OUT, true)).toBe(expected)
    }
  })

  it('hashes: into a buffer, over what is hashed, and with pointers and lengths that leave the memory', async () => {
    const text = new TextEncoder().encode('the quick fox jumped over the lazy dog')
    const { length } = text
    const hash = (code: bigint, at: number, size: number, digest: number, room: number): SyscallCall => [
      'crypto.hash',
      ...[OUT, code, at, size, digest, room],
    ]
    const half = 2 ** 31 - 1
    const { errors, memory } = await call(
      [
        hash(SHA2_256, 100, length, 200, 64),
        hash(0xffn, 100, length, 300, 64),
        hash(SHA2_256, MAX_U32, length, 300, 64),
        hash(SHA2_256, 100, half, 300, 64),
        hash(SHA2_256, 100, length, MAX_U32, 64),
        hash(SHA2_256, 100, length, 300, half),
        hash(SHA2_256, 400, length, 400, 64),
      ],
      { 100: text, 400: text },
    )
    expect(errors).toEqual([0, ...Array(5).fill(ILLEGAL_ARGUMENT), 0])
    const digest = crypto.sha256(text)
    for (const at of [200, 400]) expect(memory.subarray(at, at + 32)).toEqual(digest)
    expect(memory.subarray(300, 364)).toEqual(new Uint8Array(64))
    expect(memory[OUT]).toBe(32)
  })

  it('every hash function, as the actor itself computes it', async () => {
    const text = new TextEncoder().encode('foo bar baz boxy')
    const functions: [bigint, Uint8Array][] = [
      [0x12n, crypto.sha256(text)],
      [0xb220n, crypto.blake2b(text, 32)],
      [0xb240n, crypto.blake2b(text, 64)],
      [0x1bn, crypto.keccak256(text)],
      [0x1053n, crypto.ripemd160(text)],
    ]
    const calls = functions.map(
      ([code], i): SyscallCall => ['crypto.hash', OUT, code, 100, text.length, 200 + 100 * i, 64],
    )
    const { errors, memory } = await call(calls, { 100: text })
    expect(errors).toEqual([0, 0, 0, 0, 0])
    for (const [i, [, digest]] of functions.entries())
      expect(memory.subarray(200 + 100 * i, 200 + 100 * i + digest.length)).toEqual(digest)
  })

  it('the commitment of no pieces, and of a kind of sector that there is not', async () => {
    const compute = (type: bigint, room: number): SyscallCall => [
      'crypto.compute_unsealed_sector_cid',
      ...[OUT, type, 100, 1, 200, room],
    ]
    const { errors, memory } = await call([compute(0n, 100), compute(999n, 100), compute(0n, 3)], {
      100: Uint8Array.of(0x80),
    })
    expect(errors).toEqual([0, ILLEGAL_ARGUMENT, BUFFER_TOO_SMALL])
    // CIDv1 of an unsealed commitment: codec 0xf101, hash 0x1012, 32 bytes.
    expect(memory.subarray(200, 207)).toEqual(bytes('0181e203922020'))
  })

  it('results at addresses that are not aligned', async () => {
    const { errors, memory } = await call([
      ['network.context', 1],
      ['network.context', 104],
      ['vm.message_context', 203],
    ])
    expect(errors).toEqual([0, 0, 0])
    expect(memory.subarray(1, 45)).toEqual(memory.subarray(104, 148))
    const view = new DataView(memory.buffer, memory.byteOffset)
    expect(view.getUint32(41, true)).toBe(rules.networkVersion)
    expect(view.getBigUint64(203, true)).toBe(100n)
    expect(view.getBigUint64(203 + 24, true)).toBe(101n)
  })

  it('blocks: CIDs that are none, codecs and sizes that may not be, handles and buffers that do not fit', async () => {
    const MIB = 2 ** 20
    const string = (length: number): Uint8Array =>
      Uint8Array.of(0x5a, length >>> 24, (length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff)
    const data = concat(string(1024), new Uint8Array(1024))
    const cid = cidOf(crypto, DAG_CBOR, data)
    const AT = 4096
    const link = (id: number, code: bigint, length: number, at: number, room: number): SyscallCall => [
      'ipld.block_link',
      ...[OUT, id, code, length, at, room],
    ]
    const create = (codec: bigint, at: number, length: number): SyscallCall => [
      'ipld.block_create',
      ...[OUT, codec, at, length],
    ]
    const { errors, memory } = await call(
      [
        create(0x71n, AT, data.length),
        link(1, BLAKE2B_256, 32, 200, 100),
        ['ipld.block_open', 300, 200],
        ['ipld.block_open', 400, 1000],
        ['ipld.block_open', 400, 0x8f],
        ['ipld.block_stat', 400, 1919],
        link(1919, BLAKE2B_256, 32, 500, 100),
        link(1, BLAKE2B_256, 32, 500, 3),
        link(1, 0x1919n, 32, 500, 100),
        link(1, BLAKE2B_256, 31, 500, 100),
        create(191_919n, AT, data.length),
        ['ipld.block_read', 400, 2, 2 ** 31, AT, 0],
        ['ipld.block_read', 400, 2, 0, AT, 2 ** 31],
        ['ipld.block_read', 400, 2, 2 ** 31 - 11, AT, 20],
        create(0x71n, 65_536 - 5, MIB - 3),
      ],
      { [AT]: data, [65_536 - 5]: string(MIB - 8) },
    )
    expect(errors).toEqual([
      ...[0, 0, 0],
      ...[ILLEGAL_ARGUMENT, ILLEGAL_ARGUMENT],
      ...[INVALID_HANDLE, INVALID_HANDLE, BUFFER_TOO_SMALL, ILLEGAL_CID, ILLEGAL_CID, ILLEGAL_CODEC],
      ...[ILLEGAL_ARGUMENT, ILLEGAL_ARGUMENT, ILLEGAL_ARGUMENT, 0],
    ])
    expect(memory.subarray(200, 200 + cid.bytes.length)).toEqual(cid.bytes)
    const view = new DataView(memory.buffer, memory.byteOffset)
    expect([view.getBigUint64(300, true), view.getUint32(308, true), view.getUint32(312, true)]).toEqual([
      0x71n,
      2,
      data.length,
    ])
    const large = await call([create(0x71n, 65_536 - 5, MIB + 13)], { [65_536 - 5]: string(MIB + 8) })
    expect(large.errors).toEqual([LIMIT_EXCEEDED])
  })

  it('fil_syscall.rs: an import that there is not is fatal, and is the cause that is told', async () => {
    const bytes = wat(
      '(module (import "my_custom" "syscall" (func (param i32) (result i32))) (memory (export "memory") 1) (func (export "invoke") (param i32) (result i32) (i32.const 0)))',
    )
    const { result } = await invokeGuest(bytes, { rules })
    expect(result?.receipt.exitCode).toBe(10)
    expect(String(result?.failure?.backtrace)).toContain('unknown import')
  })

  it('fil_syscall.rs: a syscall that fails is the cause of the trap that follows', async () => {
    const bytes = wat(`(module
      (import "crypto" "compute_unsealed_sector_cid" (func $compute (param i32 i64 i32 i32 i32 i32) (result i32)))
      (memory (export "memory") 17)
      (func (export "invoke") (param i32) (result i32)
        (if (call $compute (i32.const 0) (i64.const 100000) (i32.const 8) (i32.const 100000) (i32.const 8) (i32.const 100000))
          (then (unreachable)))
        (i32.const 0)))`)
    const { result, lastFailure } = await invokeGuest(bytes, { rules })
    expect(result?.receipt.exitCode).toBe(4)
    expect(lastFailure).toBe(`crypto.compute_unsealed_sector_cid ${ILLEGAL_ARGUMENT}`)
    expect(String(result?.failure?.backtrace)).toContain('crypto.compute_unsealed_sector_cid')
  })
})
