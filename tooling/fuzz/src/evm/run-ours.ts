import {
  type EthereumCrypto,
  EthereumMachine,
  EthereumState,
  forkOf,
  gasOf,
  totalOf,
} from '@troupe/runtime-evm/ethereum'
import { BLOCK, CALLER, CONTRACTS, type EvmCase, OTHERS, SLOTS } from './evm-case.ts'
import { type EvmOutcome, hex } from './evm-outcome.ts'

/** Runs a case with our own machine. */
export function runOurs(
  { fork, contracts, to, gas, value, input }: EvmCase,
  crypto: EthereumCrypto,
): EvmOutcome {
  const state = new EthereumState()
  state.put(CALLER, { nonce: 0n, balance: 2n ** 64n, code: new Uint8Array(0), storage: [] })
  for (const { address, ...contract } of contracts) state.put(address, contract)
  const machine = new EthereumMachine({
    fork: forkOf(fork),
    state,
    // No hash is known of any block there.
    block: { ...BLOCK, chainId: 1n, blockHash: () => 0n },
    crypto,
  })
  machine.context = { origin: CALLER, gasPrice: 0n, blobHashes: [] }
  const payer = state.account(CALLER)
  const account = state.account(to ?? machine.addressOf(payer))
  const message = { account, caller: CALLER, value, payer, gas: gasOf(BigInt(gas)), depth: 0 }
  // As a transaction would.
  if (to === undefined) state.setNonce(payer, payer.nonce + 1n)
  for (const accessed of [payer, account]) state.warm(accessed)
  const { halt, output, gasLeft } =
    to === undefined
      ? machine.create({ ...message, input: new Uint8Array(0) }, input)
      : machine.call({ ...message, codeAccount: account, input, isStatic: false })
  const isSuccess = halt === 'success'
  return {
    isSuccess,
    output: hex(output),
    gasUsed: BigInt(gas) - totalOf(gasLeft),
    refund: isSuccess ? BigInt(state.refund) : 0n,
    logs: isSuccess
      ? state.logs.map(({ address, topics, data }) =>
          [digits(address, 40), ...topics.map((topic) => digits(topic, 64)), hex(data)].join(' '),
        )
      : [],
    state: readState(state),
  }
}

function readState(state: EthereumState): string[] {
  return [...CONTRACTS, ...OTHERS].flatMap((address) => {
    const account = state.account(address)
    const name = address.toString(16)
    const slots = CONTRACTS.includes(address) ? SLOTS : []
    return [
      `${name} balance ${account.balance}`,
      ...(address === CALLER ? [] : [`${name} nonce ${account.nonce}`]),
      ...slots.map((slot) => `${name} slot ${slot.toString(16)} ${account.slot(slot).value.toString(16)}`),
    ]
  })
}

function digits(value: bigint, length: number): string {
  return value.toString(16).padStart(length, '0')
}
