import { Common, Mainnet } from '@ethereumjs/common'
import { createEVM, type EVM } from '@ethereumjs/evm'
import { Account, createAddressFromBigInt, setLengthLeft } from '@ethereumjs/util'
import { BLOCK, CALLER, CONTRACTS, type EvmCase, FORKS, OTHERS, SLOTS } from './evm-case.ts'
import { type EvmOutcome, hex } from './evm-outcome.ts'

type StateManager = EVM['stateManager']

/** The library asks for one before it looks at the input. No random input has a commitment of the right hash, so that nothing else is asked of it. */
const kzg = {
  verifyProof: (): boolean => {
    throw new Error('a proof of a blob')
  },
} as unknown as NonNullable<Common['customCrypto']['kzg']>
const commons = new Map(
  FORKS.map((hardfork) => [hardfork, new Common({ chain: Mainnet, hardfork, customCrypto: { kzg } })]),
)

/** Runs a case with the original `@ethereumjs/evm`. */
export async function runStock({ fork, contracts, to, gas, value, input }: EvmCase): Promise<EvmOutcome> {
  const common = commons.get(fork) as Common
  const evm = (await createEVM({ common })) as EVM
  const { stateManager } = evm
  await stateManager.putAccount(createAddressFromBigInt(CALLER), new Account(0n, 2n ** 64n))
  for (const { address, balance, nonce, code, storage } of contracts) {
    const at = createAddressFromBigInt(address)
    await stateManager.putAccount(at, new Account(nonce, balance))
    if (code.length > 0) await stateManager.putCode(at, code)
    for (const [slot, stored] of storage) await stateManager.putStorage(at, word(slot), word(stored))
  }
  // As a transaction would; what is created is marked by the library itself.
  const accessed = to === undefined ? [CALLER] : [CALLER, to]
  for (const address of accessed)
    evm.journal.addAlwaysWarmAddress(createAddressFromBigInt(address).toString())
  const { execResult } = await evm.runCall({
    caller: createAddressFromBigInt(CALLER),
    ...(to === undefined ? {} : { to: createAddressFromBigInt(to) }),
    gasLimit: BigInt(gas),
    value,
    data: input,
    block: stockBlock(),
  })
  const isSuccess = execResult.exceptionError === undefined
  return {
    isSuccess,
    output: hex(execResult.returnValue),
    gasUsed: execResult.executionGasUsed,
    refund: isSuccess ? (execResult.gasRefund ?? 0n) : 0n,
    logs: isSuccess
      ? (execResult.logs ?? []).map(([address, topics, data]) =>
          [address, ...topics, data].map(hex).join(' '),
        )
      : [],
    state: await readState(stateManager),
  }
}

async function readState(stateManager: StateManager): Promise<string[]> {
  const lines: string[] = []
  for (const address of [...CONTRACTS, ...OTHERS]) {
    const at = createAddressFromBigInt(address)
    const account = await stateManager.getAccount(at)
    lines.push(`${address.toString(16)} balance ${account?.balance ?? 0n}`)
    // The caller's nonce is for whoever made the call to raise.
    if (address !== CALLER) lines.push(`${address.toString(16)} nonce ${account?.nonce ?? 0n}`)
    if (!CONTRACTS.includes(address)) continue
    for (const slot of SLOTS) {
      const value = BigInt(`0x0${hex(await stateManager.getStorage(at, word(slot)))}`)
      lines.push(`${address.toString(16)} slot ${slot.toString(16)} ${value.toString(16)}`)
    }
  }
  return lines
}

/** As much of a block as the library looks at. */
function stockBlock(): NonNullable<Parameters<EVM['runCall']>[0]['block']> {
  return {
    header: {
      number: BLOCK.number,
      timestamp: BLOCK.timestamp,
      coinbase: createAddressFromBigInt(BLOCK.coinbase),
      gasLimit: BLOCK.gasLimit,
      difficulty: BLOCK.prevRandao,
      prevRandao: word(BLOCK.prevRandao),
      baseFeePerGas: BLOCK.baseFee,
      getBlobGasPrice: () => 1n,
    },
  }
}

function word(value: bigint): Uint8Array {
  const digits = value.toString(16)
  return setLengthLeft(Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex'), 32)
}
