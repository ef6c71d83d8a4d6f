import { loadCrypto } from '@troupe/crypto'
import { rulesOf, withEthereumGas } from '@troupe/hypervisor'
import { cidOf, DAG_CBOR, RAW } from '@troupe/ipld'
import { type ContractFork, evm, evmRuntime } from '@troupe/runtime-evm'
import { ethereumGasOf, forkOf } from '@troupe/runtime-evm/ethereum'
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

  it("makes rules with Ethereum's gas of others, and has its prices under them", () => {
    const runtime = evmRuntime({ gas: 'ethereum' })
    const made = runtime.rulesOf(rules)
    expect(made).toMatchObject({
      name: 'nv28+ethereum-gas',
      ethereumGas: { fork: 'cancun', creation: 32_000 },
    })
    expect(runtime.rulesOf(made)).toBe(made)
    const code = cidOf(crypto, DAG_CBOR, runtime.builtinActors['evm'] ?? new Uint8Array())
    expect(runtime.load(code, none, made)).toMatchObject({
      hasOwnPrices: true,
      fidelity: { level: 'simulated', reason: expect.stringContaining('cancun') },
    })
    const prague = evmRuntime({ gas: 'ethereum', fork: 'prague' }).rulesOf(rules)
    expect(prague.ethereumGas).toEqual(ethereumGasOf(forkOf('prague')))
    // Whoever was told nothing does as the rules say.
    expect(evmRuntime().rulesOf(made)).toBe(made)
    expect(evmRuntime().load(code, none, prague)?.hasOwnPrices).toBe(true)
    expect(evmRuntime({ gas: 'fvm' }).load(code, none, rules)?.hasOwnPrices).toBeUndefined()
  })

  it('refuses rules with another gas than it was told to have', () => {
    const made = withEthereumGas(rules, ethereumGasOf(forkOf('cancun')))
    const code = cidOf(crypto, DAG_CBOR, evmRuntime().builtinActors['evm'] ?? new Uint8Array())
    const other = expect.objectContaining({ code: 'evm/other-gas' })
    expect(() => evmRuntime({ gas: 'fvm' }).rulesOf(made)).toThrow(other)
    expect(() => evmRuntime({ gas: 'fvm' }).load(code, none, made)).toThrow(other)
    expect(() => evmRuntime({ gas: 'ethereum' }).load(code, none, rules)).toThrow(other)
    expect(() => evmRuntime({ gas: 'ethereum', fork: 'osaka' }).rulesOf(made)).toThrow(other)
    // A fork alone says nothing.
    expect(() => evmRuntime({ fork: 'osaka' })).toThrow(other)
  })

  it('has the gas of forks from Cancun on', () => {
    const unsupported = expect.objectContaining({ code: 'evm/unsupported-fork' })
    for (const fork of ['shanghai', 'frontier', 'toString'])
      expect(() => evmRuntime({ gas: 'ethereum', fork: fork as ContractFork })).toThrow(unsupported)
    const made = withEthereumGas(rules, { ...ethereumGasOf(forkOf('london')) })
    const code = cidOf(crypto, DAG_CBOR, evmRuntime().builtinActors['evm'] ?? new Uint8Array())
    expect(() => evmRuntime().load(code, none, made)).toThrow(unsupported)
  })

  it('is named by where its code is', () => {
    const descriptor = evm({ maximumCodes: 3 })
    expect(structuredClone(descriptor)).toEqual(descriptor)
    expect(descriptor.module).toMatch(/evm\.ts$/)
  })
})
