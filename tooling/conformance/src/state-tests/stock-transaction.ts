/** @module A case of the state tests by the original `@ethereumjs/vm`, which shares nothing with what it is compared with but the case. */
import { createBlock } from '@ethereumjs/block'
import { Common, Mainnet } from '@ethereumjs/common'
import { MerkleStateManager } from '@ethereumjs/statemanager'
import { createTx } from '@ethereumjs/tx'
import {
  Account,
  bigIntToBytes,
  bytesToHex,
  createAddressFromBigInt,
  type PrefixedHexString,
  setLengthLeft,
} from '@ethereumjs/util'
import { createVM, runTx } from '@ethereumjs/vm'
import { blockHashOf, forkNameOf } from '@troupe/cli/src/conformance/evm/run-state-case.ts'
import type { StateCase, StateTest } from '@troupe/cli/src/conformance/evm/state-test.ts'
import type { CryptoProvider } from '@troupe/crypto'
import { createPrecompiles, rowsOfFork } from '@troupe/runtime-evm'
import type { StepLog } from './step-log.ts'

const POINT_EVALUATION = 0x0a

/** What came of it. */
export interface StockResult {
  /** Why the transaction did not run, as the library says it. */
  readonly refusal: string | undefined
  readonly stateRoot: string
}

/** Runs a case, and logs its steps. */
export async function runStockTransaction(
  test: StateTest,
  { fork, transaction }: StateCase,
  crypto: CryptoProvider,
  steps: StepLog,
): Promise<StockResult> {
  const common = new Common({
    chain: Mainnet,
    hardfork: forkNameOf(fork),
    customCrypto: { kzg: kzgOf(crypto) },
  })
  const stateManager = new MerkleStateManager({ common })
  await putAccounts(stateManager, test)
  const vm = await createVM({ common, stateManager, blockchain: blockchainOf(crypto) })
  vm.evm.events?.on('step', ({ depth, pc, opcode, gasLeft, memoryWordCount, stack }) => {
    steps.add({
      ...{ depth, pc, opcode: opcode.code, gasLeft, height: stack.length },
      memorySize: 32 * Number(memoryWordCount),
      peek: (below) => stack[stack.length - 1 - below] as bigint,
    })
  })
  let refusal: string | undefined
  try {
    const tx = createTx(fieldsOf(transaction), { common, freeze: false })
    // The tests say who the sender is, and their keys are not read.
    tx.getSenderAddress = () => createAddressFromBigInt(transaction.sender)
    await runTx(vm, { tx, block: blockOf(test, common) })
  } catch (error) {
    // The library has no errors of its own for transactions that it refuses. After a step, it refuses none.
    if (!(error instanceof Error) || steps.length > 0) throw error
    refusal = error.message
  }
  await stateManager.flush()
  return { refusal, stateRoot: bytesToHex(await stateManager.getStateRoot()) }
}

async function putAccounts(stateManager: MerkleStateManager, { pre }: StateTest): Promise<void> {
  for (const { address, nonce, balance, code, storage } of pre) {
    const at = createAddressFromBigInt(address)
    await stateManager.putAccount(at, new Account(nonce, balance))
    if (code.length > 0) await stateManager.putCode(at, code)
    for (const [key, value] of storage)
      if (value !== 0n) await stateManager.putStorage(at, bytes32(key), bigIntToBytes(value))
  }
  await stateManager.flush()
}

/** The library has no verification of proofs of blobs, and is given ours. */
function kzgOf(crypto: CryptoProvider): NonNullable<Common['customCrypto']['kzg']> {
  const evaluation = createPrecompiles(rowsOfFork('cancun'), crypto).get(POINT_EVALUATION)
  return {
    verifyProof: (commitment: string, z: string, y: string, proof: string): boolean => {
      const hash = crypto.sha256(fromHex(commitment))
      hash[0] = 1
      const input = Buffer.concat([hash, ...[z, y, commitment, proof].map(fromHex)])
      return typeof evaluation?.run(input) !== 'string'
    },
  } as unknown as NonNullable<Common['customCrypto']['kzg']>
}

/** As much of a chain as BLOCKHASH looks at. */
function blockchainOf(
  crypto: CryptoProvider,
): NonNullable<Parameters<typeof createVM>[0]>['blockchain'] & object {
  const blockchain = {
    getBlock: async (number: number) => ({ hash: () => bytes32(blockHashOf(BigInt(number), crypto)) }),
    putBlock: async () => {},
    shallowCopy: () => blockchain,
  }
  return blockchain as never
}

function blockOf({ block }: StateTest, common: Common): ReturnType<typeof createBlock> {
  const { coinbase, gasLimit, number, timestamp, prevRandao, baseFee, excessBlobGas } = block
  const isPos = common.gteHardfork('paris')
  const header = {
    ...{ coinbase: createAddressFromBigInt(coinbase), gasLimit, number, timestamp },
    ...(isPos ? { mixHash: bytes32(prevRandao) } : { difficulty: prevRandao }),
    ...(common.isActivatedEIP(1559) ? { baseFeePerGas: baseFee } : {}),
    ...(common.isActivatedEIP(4844) ? { excessBlobGas } : {}),
  }
  return createBlock({ header }, { common, skipConsensusFormatValidation: true, freeze: false })
}

function fieldsOf({
  type,
  nonce,
  gasLimit,
  to,
  value,
  data,
  maxFee,
  maxPriorityFee,
  accessList,
  blobs,
}: StateCase['transaction']): Parameters<typeof createTx>[0] {
  return {
    ...{ type, nonce, gasLimit, value, data },
    ...(to === undefined ? {} : { to: createAddressFromBigInt(to) }),
    ...(type < 2 ? { gasPrice: maxFee } : { maxFeePerGas: maxFee, maxPriorityFeePerGas: maxPriorityFee }),
    ...(type === 0
      ? {}
      : {
          chainId: 1n,
          accessList: accessList.map(({ address, keys }) => ({
            address: hex(address, 20),
            storageKeys: keys.map((key) => hex(key, 32)),
          })),
        }),
    ...(blobs === undefined
      ? {}
      : { maxFeePerBlobGas: blobs.maxFee, blobVersionedHashes: blobs.hashes.map((hash) => hex(hash, 32)) }),
  } as Parameters<typeof createTx>[0]
}

function bytes32(word: bigint): Uint8Array {
  return setLengthLeft(bigIntToBytes(word), 32)
}

function hex(word: bigint, length: number): PrefixedHexString {
  return `0x${word.toString(16).padStart(2 * length, '0')}`
}

function fromHex(text: string): Buffer {
  return Buffer.from(text.slice(2), 'hex')
}
