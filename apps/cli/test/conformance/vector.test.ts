import { CodedError } from '@troupe/crypto'
import { ATTO_PER_FIL, encodeMessage, NV18 } from '@troupe/hypervisor'
import { encodeCar } from '@troupe/ipld/car'
import { describe, expect, it } from 'vitest'
import { parseVector, type UnsupportedVector, type Vector } from '../../src/conformance/vector.ts'
import { VECTOR_LIMITS } from '../../src/conformance/vector-text.ts'
import {
  BLS_SENDER,
  carText,
  createState,
  crypto,
  SENDER,
  transfer,
  type VectorParts,
  vectorParts,
} from '../support/vector.ts'

function parse(parts: unknown): Vector {
  const vector = parseVector(JSON.stringify(parts), crypto)
  if (vector.unsupported !== undefined) throw new Error(vector.unsupported)
  return vector
}

/** The code of the error that a vector is refused with. */
function refusal(text: string): string {
  try {
    parseVector(text, crypto)
  } catch (error) {
    if (error instanceof CodedError) return error.code
    throw error
  }
  return 'none'
}

const good = vectorParts()
const { preconditions, postconditions } = good
const text = JSON.stringify(good)
const car = good.car as string

describe('a vector', () => {
  it('gives variants, messages, receipts and the blocks of its states', () => {
    const vector = parse(good)
    expect(vector.id).toBe('test-transfer')
    expect(vector.variants.map(({ id, epoch, rules }) => [id, epoch, rules.name])).toEqual([
      ['ohsnap', 1000n, 'nv18'],
    ])
    expect(vector.messages[0]?.message).toEqual(transfer())
    expect(vector.receipts[0]).toMatchObject({ exitCode: 0, returnData: new Uint8Array() })
    expect(vector.blocks.has(vector.preRoot)).toBe(true)
    expect(vector.postRoot.equals(vector.preRoot)).toBe(true)
  })

  it('charges inclusion for the signature of a secp256k1 sender, and of no other', () => {
    const signed = parse(good).messages[0]
    expect(signed?.length).toBe(encodeMessage(transfer()).length + 69)
    const message = transfer({ from: BLS_SENDER, to: SENDER })
    expect(parse(vectorParts({ message })).messages[0]?.length).toBe(encodeMessage(message).length)
  })

  it('keeps integers that no double holds', () => {
    const big = '463973544302560247587615610'
    const exact = text.replace('"basefee":100', `"basefee":100,"circ_supply":${big}`)
    const vector = parseVector(exact, crypto) as Vector
    expect(vector.circulatingSupply).toBe(BigInt(big))
  })

  it('has the defaults of the reference for base fee and supply', () => {
    const { basefee, ...others } = preconditions
    expect(basefee).toBe(100)
    for (const without of [others, { ...others, basefee: null, circ_supply: null }]) {
      const vector = parse({ ...good, preconditions: without })
      expect(vector.baseFee).toBe(100n)
      expect(vector.circulatingSupply).toBe(2_000_000_000n * ATTO_PER_FIL)
    }
  })

  it('has a table of randomness', () => {
    const ret = Buffer.alloc(32, 1).toString('base64')
    const randomness = [
      { on: ['chain', 7], ret },
      { on: ['beacon', -1], ret },
    ]
    expect(parse({ ...good, randomness }).randomness).toEqual([
      { kind: 'chain', epoch: 7n, value: new Uint8Array(32).fill(1) },
      { kind: 'beacon', epoch: -1n, value: new Uint8Array(32).fill(1) },
    ])
    expect(parse({ ...good, randomness: null }).randomness).toEqual([])
  })

  it('reads base64 of which the last bits are not zero, but nothing that is not base64', () => {
    const canonical = Buffer.alloc(32, 1).toString('base64')
    const loose = canonical.replace(/E=$/, 'F=')
    expect(loose).not.toBe(canonical)
    const randomness = (ret: string): unknown => ({ ...good, randomness: [{ on: ['chain', 7], ret }] })
    expect(parse(randomness(loose) as typeof good).randomness[0]?.value).toEqual(new Uint8Array(32).fill(1))
    for (const [ret, code] of [
      [`${canonical} `, 'vector/malformed'],
      [canonical.replace('A', '-'), 'vector/malformed'],
      [canonical.slice(0, -1), 'vector/truncated'],
    ] as const)
      expect(() => parse(randomness(ret) as typeof good)).toThrow(expect.objectContaining({ code }))
  })

  it.each([
    { chaos_actor: 'true' },
    { 'requires:consensus_fault_extern': 'true' },
    { min_protocol_version: 'chocolate' },
  ])('is unsupported where its selector is %j, whatever else it holds', (selector) => {
    const vector = parseVector(
      JSON.stringify({ class: 'message', _meta: { id: 'x' }, selector }),
      crypto,
    ) as UnsupportedVector
    expect(vector.id).toBe('x')
    expect(vector.unsupported).toBeTypeOf('string')
  })
})

describe('a vector is refused', () => {
  it.each<[string, Partial<Record<keyof VectorParts, unknown>>]>([
    ['vector/unsupported-class', { class: 'block' }],
    ['vector/malformed', { class: 3 }],
    ['vector/malformed', { _meta: undefined }],
    ['vector/malformed', { _meta: { id: 1 } }],
    ['vector/malformed', { selector: 'x' }],
    ['vector/malformed', { preconditions: undefined }],
    ['vector/malformed', { preconditions: { ...preconditions, variants: [] } }],
    ['vector/malformed', { preconditions: { ...preconditions, variants: {} } }],
    ['vector/malformed', { preconditions: { ...preconditions, variants: [{ id: 'a', nv: 18 }] } }],
    ['vector/malformed', { preconditions: { ...preconditions, basefee: 1.5 } }],
    ['vector/malformed', { preconditions: { ...preconditions, basefee: '100' } }],
    ['vector/malformed', { preconditions: { ...preconditions, basefee: -1 } }],
    ['vector/malformed', { preconditions: { ...preconditions, circ_supply: 1e40 } }],
    ['vector/malformed', { preconditions: { ...preconditions, state_tree: { root_cid: { '/': 'bafy' } } } }],
    ['vector/malformed', { apply_messages: [] }],
    ['vector/malformed', { apply_messages: [{ bytes: 'igBE' }] }],
    ['vector/malformed', { apply_messages: [{ bytes: '????' }] }],
    ['vector/truncated', { apply_messages: [{ bytes: 'igB' }] }],
    ['vector/malformed', { postconditions: { ...postconditions, receipts: [] } }],
    ['vector/malformed', { postconditions: { ...postconditions, receipts: [{ exit_code: -1 }] } }],
    ['vector/malformed', { randomness: [{ on: ['sun', 1], ret: '' }] }],
    ['vector/malformed', { randomness: [{ on: ['chain', 1], ret: 'AAAA' }] }],
    ['vector/malformed', { randomness: [{ on: ['chain', 1, 2], ret: 'AAAA' }] }],
    ['vector/malformed', { car: undefined }],
    ['vector/malformed', { car: 'AAAA' }],
    ['vector/truncated', { car: '' }],
  ])('with %s for %j', (code, part) => {
    expect(refusal(JSON.stringify({ ...good, ...part }))).toBe(code)
  })

  it.each([0, 14, 29, 99, 2 ** 31])('for network version %d, which has no rules', (nv) => {
    const variants = [{ id: 'a', epoch: 1, nv }]
    expect(refusal(JSON.stringify({ ...good, preconditions: { ...preconditions, variants } }))).toBe(
      'vector/unsupported-version',
    )
  })

  it('where its JSON ends early or is none', () => {
    for (const length of [0, 1, 100, text.length - 1])
      expect(refusal(text.slice(0, length))).toBe('vector/truncated')
    for (const wrong of [`x${text}`, `${text}}`, `${text}{}`, '[]', '3', 'null', `[${text}]`])
      expect(refusal(wrong)).toBe('vector/malformed')
  })

  it('where its CAR ends early, wherever', () => {
    const state = createState(NV18)
    const bytes = encodeCar([state.root], state.blocks.entries())
    const zipped = Buffer.from(car, 'base64')
    const broken: [string, string][] = [
      ['vector/truncated', car.slice(0, -1)],
      ['vector/truncated', car.slice(0, 400)],
      ['vector/truncated', zipped.subarray(0, 5).toString('base64')],
      ['vector/truncated', zipped.subarray(0, zipped.length - 8).toString('base64')],
      ['vector/truncated', carText(bytes.subarray(0, bytes.length - 1))],
      ['vector/truncated', carText(bytes.subarray(0, 20))],
      ['vector/truncated', carText(new Uint8Array())],
    ]
    for (const [code, cut] of broken) expect(refusal(JSON.stringify({ ...good, car: cut }))).toBe(code)
  })

  it('where its CAR is damaged: a sum, a hash, a header', () => {
    const state = createState(NV18)
    const bytes = encodeCar([state.root], state.blocks.entries())
    const zipped = Buffer.from(car, 'base64')
    zipped[zipped.length - 6] = (zipped[zipped.length - 6] as number) ^ 1
    const wrongHash = bytes.slice()
    wrongHash[wrongHash.length - 1] = (wrongHash.at(-1) as number) ^ 1
    const wrongHeader = bytes.slice()
    wrongHeader[1] = 0
    for (const damaged of [zipped.toString('base64'), carText(wrongHash), carText(wrongHeader)])
      expect(refusal(JSON.stringify({ ...good, car: damaged }))).toBe('vector/malformed')
  })

  it('where its CAR does not have the state before as a root', () => {
    expect(refusal(JSON.stringify(vectorParts({ roots: [] })))).toBe('vector/malformed')
  })

  it('where it is larger than the limits, which are inclusive', () => {
    const size = gunzippedSize(car)
    const limited = (limits: Partial<typeof VECTOR_LIMITS>): (() => unknown) => {
      return () => parseVector(text, crypto, { ...VECTOR_LIMITS, ...limits })
    }
    expect(limited({ carBytes: size, textLength: text.length, messages: 1, variants: 1 })).not.toThrow()
    const tooLarge = expect.objectContaining({ code: 'vector/too-large' })
    expect(limited({ carBytes: size - 1 })).toThrow(tooLarge)
    expect(limited({ textLength: text.length - 1 })).toThrow(tooLarge)
    const malformed = expect.objectContaining({ code: 'vector/malformed' })
    expect(limited({ messages: 0 })).toThrow(malformed)
    expect(limited({ variants: 0 })).toThrow(malformed)
  })
})

function gunzippedSize(zipped: string): number {
  // The last four bytes of gzip are the size, little-endian.
  return Buffer.from(zipped, 'base64').readUInt32LE(Buffer.from(zipped, 'base64').length - 4)
}
