import { loadCrypto } from '@troupe/crypto'
import { CANCUN_INSTRUCTIONS } from '@troupe/runtime-evm'
import { EthereumMachine, EthereumState, forkOf, gasOf, totalOf } from '@troupe/runtime-evm/ethereum'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomCode } from '../support/random-code.ts'
import {
  BLOCK,
  CALL,
  type Comparable,
  type Contract,
  describeStep,
  runStock,
  type Step,
  toHex,
} from '../support/stock-ethereumjs.ts'

const IS_EXHAUSTIVE = process.env['TROUPE_EXHAUSTIVE'] !== undefined
const SLOTS = [0n, 1n, 2n, 3n]
const crypto = await loadCrypto()

/** The same call by our own machine. */
function runOurs(contracts: readonly Contract[]): Comparable {
  const state = new EthereumState()
  const nobody = { nonce: 0n, code: new Uint8Array(0), storage: [] }
  state.put(CALL.caller, { ...nobody, balance: 1n << 64n })
  for (const { address, balance, code } of contracts) state.put(address, { ...nobody, balance, code })
  const steps: Step[] = []
  const machine = new EthereumMachine({
    fork: forkOf('cancun'),
    state,
    // No hash is known of any block there.
    block: { ...BLOCK, chainId: 1n, blockHash: () => 0n },
    crypto,
    listener: (frame, opcode) => {
      const stack = Array.from({ length: frame.height }, (_, index) => frame.peek(frame.height - 1 - index))
      // The library has one name for all bytes that are no instructions.
      const name = CANCUN_INSTRUCTIONS.instructions[opcode] === undefined ? 0xfe : opcode
      steps.push(describeStep(frame.depth, frame.pc, name, BigInt(frame.gas.left), stack))
    },
  })
  machine.context = { origin: CALL.caller, gasPrice: 0n, blobHashes: [] }
  const { caller, value, input, gas } = CALL
  const account = state.account(CALL.to)
  const payer = state.account(caller)
  const message = {
    account,
    codeAccount: account,
    caller,
    value,
    payer,
    input,
    gas: gasOf(BigInt(gas)),
    isStatic: false,
    depth: 0,
  }
  const { halt, output, gasLeft } = machine.call(message)
  const slotsOf = ({ address }: Contract): string[] =>
    SLOTS.map(
      (slot) => `${address.toString(16)} ${slot} ${state.account(address).slot(slot).value.toString(16)}`,
    )
  return {
    isSuccess: halt === 'success',
    output: toHex(output),
    gasUsed: BigInt(gas) - totalOf(gasLeft),
    refund: halt === 'success' ? BigInt(state.refund) : 0n,
    logs: state.logs.map(({ address, topics, data }) =>
      [
        address.toString(16).padStart(40, '0'),
        ...topics.map((topic) => topic.toString(16).padStart(64, '0')),
        toHex(data),
      ].join(' '),
    ),
    storage: contracts.flatMap(slotsOf),
    steps,
  }
}

/** The library tells of no instruction whose price or operands cannot be: those of ours that it does not have, where a frame ends, are left out. */
function withoutFailing(ours: readonly Step[], theirs: readonly Step[]): Step[] {
  const kept: Step[] = []
  ours.forEach((step, index) => {
    const depth = Number(step.split(' ')[0])
    const next = ours[index + 1]
    const isLast = next === undefined || Number(next.split(' ')[0]) < depth
    if (isLast && theirs[kept.length] !== step) return
    kept.push(step)
  })
  return kept
}

async function compare(first: Uint8Array, second: Uint8Array): Promise<number> {
  const contracts = [
    { address: 0xc0de01n, balance: 1000n, code: first },
    { address: 0xc0de02n, balance: 0n, code: second },
  ]
  const theirs = await runStock(contracts, SLOTS)
  const ours = runOurs(contracts)
  expect(withoutFailing(ours.steps, theirs.steps)).toEqual(theirs.steps)
  expect({ ...ours, steps: [] }).toEqual({ ...theirs, steps: [] })
  return theirs.steps.length
}

describe('the interpreter', () => {
  it('does step for step what the original ethereumjs does, with random code', async () => {
    let steps = 0
    await fc.assert(
      fc.asyncProperty(randomCode, randomCode, async (first, second) => {
        steps += await compare(first, second)
      }),
      { numRuns: IS_EXHAUSTIVE ? 20_000 : 200, seed: 20261130 },
    )
    expect(steps).toBeGreaterThan(5_000)
  })
})
