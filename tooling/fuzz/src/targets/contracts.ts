import { loadCrypto } from '@troupe/crypto'
import { fromWord, toWord } from '@troupe/runtime-evm'
import { EthereumMachine, EthereumState, forkOf, gasOf, totalOf } from '@troupe/runtime-evm/ethereum'
import fc from 'fast-check'
import { claim, openTarget, type Target } from '../target.ts'

const CONTRACT = 0xc0den
const CALLER = 0xca11n
const GAS = 500_000n
const FORKS = ['istanbul', 'london', 'cancun', 'osaka']

/** Any instruction, on small numbers and on whatever is there already. */
const instruction = fc.tuple(
  fc.integer({ min: 0, max: 255 }),
  fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 7 }),
)
const sensibleCode = fc
  .array(instruction, { maxLength: 80 })
  .map((items) =>
    Uint8Array.from(
      items.flatMap(([opcode, operands]) => [...operands.flatMap((value) => [0x60, value]), opcode]),
    ),
  )
const code = fc.oneof(sensibleCode, fc.uint8Array({ maxLength: 300 }))

/** Contracts of any code, by the rules of several forks: they end, and nothing comes of nothing. */
export const contracts: Target = {
  name: 'contracts',
  open: async () => {
    const crypto = await loadCrypto()
    const inputs = fc.record({
      fork: fc.constantFrom(...FORKS),
      code,
      input: fc.uint8Array({ maxLength: 100 }),
    })
    return openTarget(inputs, ({ fork, code, input }) => {
      const state = new EthereumState()
      const nobody = { nonce: 1n, balance: 1000n, code: new Uint8Array(0), storage: [] }
      state.put(CALLER, nobody)
      state.put(CONTRACT, { ...nobody, code })
      const machine = new EthereumMachine({
        fork: forkOf(fork),
        state,
        block: {
          number: 1n,
          timestamp: 1n,
          coinbase: 0n,
          gasLimit: GAS,
          prevRandao: 0n,
          baseFee: 0n,
          excessBlobGas: 0n,
          chainId: 1n,
          blockHash: () => 0n,
        },
        crypto,
        listener: ({ stack, height, gas, memory }) => {
          claim(height <= 1024, 'a stack has at most 1,024 words')
          claim(gas.left >= 0 && Number.isInteger(gas.left), 'gas is a whole number')
          claim(memory.length % 32 === 0, 'memory has whole words')
          for (const word of stack.slice(0, height))
            claim(Object.is(toWord(fromWord(word)), word), 'every word is in its one form')
        },
      })
      const account = state.account(CONTRACT)
      const payer = state.account(CALLER)
      const call = {
        account,
        codeAccount: account,
        caller: CALLER,
        value: 10n,
        payer,
        input,
        isStatic: false,
        depth: 0,
      }
      const { halt, gasLeft } = machine.call({ ...call, gas: gasOf(GAS) })
      claim(totalOf(gasLeft) <= GAS, 'gas does not become more')
      if (halt !== 'success')
        claim(state.snapshot() === 0 && state.logs.length === 0, 'a failed call changes nothing')
      state.finish()
      const sum = [...state.accounts()].reduce((total, { balance }) => total + balance, 0n)
      claim(sum <= 2000n, 'value does not become more')
    })
  },
}
