import { Common, Hardfork, Mainnet } from '@ethereumjs/common'
import { createEVM, type EVM } from '@ethereumjs/evm'
import { Account, createAddressFromBigInt } from '@ethereumjs/util'

/** One instruction of an execution, as text: depth, place, opcode, gas, stack. */
export type Step = string

/** A contract of a world for comparisons. */
export interface Contract {
  readonly address: bigint
  readonly balance: bigint
  readonly code: Uint8Array
}

/** What came of a call, in a form that can be compared. */
export interface Comparable {
  readonly isSuccess: boolean
  readonly output: string
  readonly gasUsed: bigint
  readonly refund: bigint
  readonly logs: readonly string[]
  readonly storage: readonly string[]
  readonly steps: readonly Step[]
}

/** The call that is compared. */
export const CALL = {
  caller: 0xca11e4n,
  to: 0xc0de01n,
  gas: 200_000,
  value: 5n,
  input: Uint8Array.of(1, 2, 3, 4, 5),
} as const
/** The block that it runs in. */
export const BLOCK = {
  number: 100n,
  timestamp: 1_700_000_000n,
  coinbase: 0xc01n,
  gasLimit: 30_000_000n,
  prevRandao: 0x1234567890abcdefn,
  baseFee: 7n,
  excessBlobGas: 0n,
} as const

/** The step of an execution as text. */
export function describeStep(
  depth: number,
  pc: number,
  opcode: number,
  gasLeft: bigint,
  stack: readonly bigint[],
): Step {
  return `${depth} ${pc} ${opcode.toString(16)} ${gasLeft} ${stack.map((word) => word.toString(16)).join(',')}`
}

/** Runs the call of {@link CALL} with the original `@ethereumjs/evm`, by Cancun's rules. */
export async function runStock(
  contracts: readonly Contract[],
  slots: readonly bigint[],
): Promise<Comparable> {
  const common = new Common({ chain: Mainnet, hardfork: Hardfork.Cancun })
  const evm = (await createEVM({ common })) as EVM
  const put = async (address: bigint, balance: bigint, code: Uint8Array): Promise<void> => {
    const at = createAddressFromBigInt(address)
    await evm.stateManager.putAccount(at, new Account(0n, balance))
    if (code.length > 0) await evm.stateManager.putCode(at, code)
  }
  await put(CALL.caller, 1n << 64n, new Uint8Array(0))
  for (const { address, balance, code } of contracts) await put(address, balance, code)
  const steps: Step[] = []
  evm.events.on('step', ({ depth, pc, opcode, gasLeft, stack }) => {
    steps.push(describeStep(depth, pc, opcode.code, gasLeft, stack))
  })
  const { execResult } = await evm.runCall({
    caller: createAddressFromBigInt(CALL.caller),
    to: createAddressFromBigInt(CALL.to),
    gasLimit: BigInt(CALL.gas),
    value: CALL.value,
    data: CALL.input,
    block: stockBlock(),
  })
  const storage: string[] = []
  for (const { address } of contracts) {
    for (const slot of slots) {
      const key = new Uint8Array(32)
      new DataView(key.buffer).setBigUint64(24, slot)
      const value = await evm.stateManager.getStorage(createAddressFromBigInt(address), key)
      storage.push(`${address.toString(16)} ${slot} ${toNumber(value).toString(16)}`)
    }
  }
  const isSuccess = execResult.exceptionError === undefined
  return {
    isSuccess,
    output: toHex(execResult.returnValue),
    gasUsed: execResult.executionGasUsed,
    refund: isSuccess ? (execResult.gasRefund ?? 0n) : 0n,
    logs: isSuccess
      ? (execResult.logs ?? []).map(([address, topics, data]) =>
          [address, ...topics, data].map(toHex).join(' '),
        )
      : [],
    storage,
    steps,
  }
}

/** As much of a block as the library looks at. */
function stockBlock(): NonNullable<Parameters<EVM['runCall']>[0]['block']> {
  const randomness = new Uint8Array(32)
  new DataView(randomness.buffer).setBigUint64(24, BLOCK.prevRandao)
  return {
    header: {
      number: BLOCK.number,
      timestamp: BLOCK.timestamp,
      coinbase: createAddressFromBigInt(BLOCK.coinbase),
      gasLimit: BLOCK.gasLimit,
      difficulty: 0n,
      prevRandao: randomness,
      baseFeePerGas: BLOCK.baseFee,
      getBlobGasPrice: () => 1n,
    },
  }
}

/** Bytes in hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x0${toHex(bytes)}`)
}
