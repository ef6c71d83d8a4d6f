import { loadCrypto } from '@troupe/crypto'
import { rulesOf } from '@troupe/hypervisor'
import { cidOf, DAG_CBOR, RAW } from '@troupe/ipld'
import { evm, evmRuntime } from '@troupe/runtime-evm'
import { describe, expect, it } from 'vitest'

const crypto = await loadCrypto()
const rules = rulesOf(28)
const none = (): never => {
  throw new Error('the block was asked for')
}

describe('the runtime for contracts', () => {
  it('brings the evm actor, and knows it by the CID of its descriptor', () => {
    const runtime = evmRuntime()
    const descriptor = runtime.builtinActors['evm'] ?? new Uint8Array()
    const program = runtime.load(cidOf(crypto, DAG_CBOR, descriptor), none, rules)
    expect(program?.fidelity.level).toBe('calibrated')
    expect(runtime.load(cidOf(crypto, RAW, descriptor), none, rules)).toBeUndefined()
  })

  it('speaks the syscalls of generation 4 only', () => {
    const runtime = evmRuntime()
    const code = cidOf(crypto, DAG_CBOR, runtime.builtinActors['evm'] ?? new Uint8Array())
    expect(() => runtime.load(code, none, rulesOf(20))).toThrow(
      expect.objectContaining({ code: 'native/unsupported-rules' }),
    )
  })

  it('is named by where its code is', () => {
    const descriptor = evm({ maximumCodes: 3 })
    expect(structuredClone(descriptor)).toEqual(descriptor)
    expect(descriptor.module).toMatch(/evm\.ts$/)
  })
})
