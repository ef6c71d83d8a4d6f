import type { CryptoProvider } from '@troupe/crypto'
import type { Account } from 'troupe'
import { encodeTransaction, signTransaction } from 'troupe/ethereum'

/** Chain id of local chains. */
const CHAIN_ID = 31_415_926n
/** attoFIL for one gas: more than blocks that are far from full ever ask for. */
const FEE_CAP = 10_000_000_000n
const GAS_LIMIT = 5_000_000n

/** An Ethereum transaction of 1 attoFIL between two accounts of a local chain, signed, as `eth_sendRawTransaction` takes it. */
export function signTransfer(crypto: CryptoProvider, from: Account, to: Account, nonce: bigint): string {
  const signed = signTransaction(crypto, from, {
    ...{ kind: 'eip1559', chainId: CHAIN_ID, nonce, value: 1n, input: new Uint8Array() },
    ...{ maxFeePerGas: FEE_CAP, maxPriorityFeePerGas: 0n, gasLimit: GAS_LIMIT },
    to: Buffer.from(to.ethereum.slice(2), 'hex'),
  })
  return `0x${Buffer.from(encodeTransaction(signed)).toString('hex')}`
}
