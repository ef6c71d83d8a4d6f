import { ContainerError } from '@troupe/container'
import { loadCrypto } from '@troupe/crypto'
import { NV17, NV18, ProtocolFatal, type RuleSet } from '@troupe/hypervisor'
import { cidOf, RAW } from '@troupe/ipld'
import { wasmRuntime } from '@troupe/runtime-wasm'
import { describe, expect, it } from 'vitest'
import { assemble, RETURNS_ITS_BLOCK } from './modules.ts'
import { wasmNetwork } from './wasm-network.ts'

const crypto = await loadCrypto()
const CODE = cidOf(crypto, RAW, Uint8Array.of(1))
const MODULE = assemble(
  '(module (memory (export "memory") 1) (func (export "invoke") (param i32) (result i32) (i32.const 0)))',
)

describe('the runtime for Wasm', () => {
  it('takes code that begins like Wasm, and leaves all other', () => {
    const runtime = wasmRuntime()
    expect(runtime.name).toBe('wasm')
    expect(runtime.load(CODE, () => Uint8Array.of(0x60, 0x80), NV18)).toBeUndefined()
    expect(runtime.load(CODE, () => new Uint8Array(), NV18)).toBeUndefined()
    expect(runtime.load(CODE, () => MODULE, NV18)?.fidelity).toEqual({ level: 'exact' })
  })

  it('asks for code that it does not have, and not again', () => {
    const runtime = wasmRuntime()
    let asked = 0
    const code = (): Uint8Array => {
      asked++
      return MODULE
    }
    for (let i = 0; i < 3; i++) expect(runtime.load(CODE, code, NV18)).toBeDefined()
    expect(asked).toBe(1)
    runtime.load(CODE, code, NV17)
    expect(asked).toBe(2)
  })

  it('does not catch what the store of code throws', () => {
    const failure = new Error('unavailable')
    const load = (): unknown =>
      wasmRuntime().load(
        CODE,
        () => {
          throw failure
        },
        NV18,
      )
    expect(load).toThrow(failure)
  })

  it.each([
    ['ends too early', MODULE.slice(0, -3)],
    ['is nothing but its magic', MODULE.slice(0, 4)],
    ['uses SIMD', assemble('(module (func (param v128)))', { simd: true })],
    ['is invalid', assemble('(module (func (i32.const 0)))', {}, false)],
  ])('refuses code for good that %s', (_, bytes) => {
    const runtime = wasmRuntime()
    for (let i = 0; i < 2; i++)
      expect(() => runtime.load(CODE, () => bytes, NV18)).toThrow(
        expect.objectContaining({ constructor: ProtocolFatal, cause: expect.any(ContainerError) }),
      )
  })

  it('makes no outcome of a valid module that is beyond the engine', () => {
    // V8 takes `br_table` with 65,520 labels, the reference with 131,072.
    const beyond = assemble(`(module (func (br_table ${'0 '.repeat(65_521)} 0 (i32.const 0))))`)
    expect(() => wasmRuntime().load(CODE, () => beyond, NV18)).toThrow(
      expect.objectContaining({ constructor: ContainerError, code: 'host/engine' }),
    )
  })
})

describe('a message to a Wasm actor', () => {
  it.each<[string, RuleSet]>([
    ['generation 2', NV17],
    ['generation 3', NV18],
  ])('gives what the actor returns, in %s', async (_, rules) => {
    const { send } = await wasmNetwork(rules, [RETURNS_ITS_BLOCK])
    const { receipt, fidelity } = send()
    expect(receipt).toMatchObject({ exitCode: 0, returnData: new TextEncoder().encode('hello') })
    expect(fidelity).toEqual({ level: 'exact', reasons: [] })
    const again = send().receipt
    expect(again.gasUsed).toBe(receipt.gasUsed)
  })

  it('is fatal where the code is refused', async () => {
    const { send } = await wasmNetwork(NV18, [assemble('(module (func (param v128)))', { simd: true })])
    expect(send(1_000_000_000n).receipt).toMatchObject({ exitCode: 10, gasUsed: 1_000_000_000n })
  })
})
