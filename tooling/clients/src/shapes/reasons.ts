/** @module Why answers differ from those of every other node that has the method. Whatever differs without a reason is a fault. */
import type { Difference } from './compare.ts'

/** Why something differs. */
export interface Reason {
  readonly methods: RegExp
  /** Of the place in the answer. */
  readonly places: RegExp
  readonly reason: string
}

const OUTCOME = /^outcome$/u
const BLOCKS = /^eth_getBlockBy/u

/** All reasons; the first that fits is the one. */
export const REASONS: readonly Reason[] = [
  {
    methods: BLOCKS,
    places:
      /\.(?:blobGasUsed|excessBlobGas|parentBeaconBlockRoot|requestsHash|withdrawals|withdrawalsRoot)$/u,
    reason:
      'Filecoin has no blobs, no beacon chain and no withdrawals; Lotus leaves these fields out too, and clients take them as optional.',
  },
  {
    methods: /^eth_getBlockReceipts$|^eth_getTransactionReceipt$/u,
    places: /\.messageCid$/u,
    reason:
      'The CID of the message stands beside the hash of the transaction: it is what Filecoin’s explorers know.',
  },
  {
    methods: /^eth_getBlockReceipts$/u,
    places: /\.(?:blobGasPrice|blockTimestamp)$/u,
    reason: 'Anvil alone puts them into receipts: there are no blobs here, and logs have the time.',
  },
  {
    methods: /^eth_protocolVersion$/u,
    places: /^$/u,
    reason: 'The specification had a quantity here; so has Lotus.',
  },
  {
    methods: /^(?:eth_config|eth_getAccount|eth_getProof|eth_createAccessList)$/u,
    places: OUTCOME,
    reason: 'It cannot be answered honestly; the error says why, and METHODS.md too.',
  },
  {
    methods: /^eth_(?:feeHistory|getBalance|call)$/u,
    places: OUTCOME,
    reason:
      'What is not there is error -32001, the resource of EIP-1474 that was not found, and a sender without funds is -32000 as with go-ethereum, whose words the message has; others have several numbers.',
  },
  {
    methods: /^eth_estimateGas$/u,
    places: OUTCOME,
    reason: 'A sender without funds is error -32000, as with go-ethereum.',
  },
  {
    methods: /^eth_getLogs$/u,
    places: OUTCOME,
    reason:
      'A range that ends before it begins is an error, as with go-ethereum; a block that nobody knows is error -32001.',
  },
  {
    methods: /^eth_fillTransaction$/u,
    places: /^\.tx\.(?:blockHash|blockNumber|gasPrice|hash|transactionIndex)$/u,
    reason:
      'What is filled in is no transaction yet: it stands nowhere, and has no hash until it is signed. So the specification has it.',
  },
  {
    methods: /^eth_simulateV1$/u,
    places: /./u,
    reason:
      'As the specification and go-ethereum have it: errors of calls with their numbers and data, transactions with their place, and -38010 to -38026 for what cannot be simulated.',
  },
  {
    methods: /^debug_traceTransaction$/u,
    places: OUTCOME,
    reason: 'A transaction that nobody knows is an error, as with go-ethereum; here -32001.',
  },
  {
    methods: /^debug_traceTransaction$/u,
    places: /storage$/u,
    reason: 'An account that was not there is left out of the prestate, as go-ethereum does.',
  },
  {
    methods: /^debug_traceCall$/u,
    places: /\.nonce$/u,
    reason: 'A call is an implicit message, which has no nonce: its sender’s stays as it is.',
  },
  {
    methods: /^debug_traceCall$/u,
    places: /blockNumber$/u,
    reason: 'A call stands in no block.',
  },
  {
    methods: /^trace_transaction$/u,
    places: /address$/u,
    reason: 'Where creating failed there is no contract, and so no address; Lotus says the same.',
  },
  {
    methods: /^trace_transaction$/u,
    places: /^$/u,
    reason: 'A transaction that nobody knows is null, as OpenEthereum had it.',
  },
  {
    methods: /^trace_filter$/u,
    places: OUTCOME,
    reason: 'Anvil does not take the tags of blocks in a filter.',
  },
  {
    methods: /^(?:txpool_content|eth_getTransactionByHash)$/u,
    places: /blockTimestamp$/u,
    reason: 'What waits for a block has no time yet: null, as with go-ethereum and in the specification.',
  },
  {
    methods: /^eth_getFilterChanges$/u,
    places: OUTCOME,
    reason: 'A filter that is gone is error -32001 with “filter not found”, which clients look for.',
  },
  {
    methods: /^eth_send(?:Raw)?Transaction$/u,
    places: OUTCOME,
    reason:
      'Gas is estimated where nobody says how much, so that what would revert is refused with error 3 and its data, as a node of Ethereum does; foreign accounts are error 4100 of EIP-1193; a transaction of a type that Filecoin does not take is refused with -32003.',
  },
  {
    methods: /^eth_sign$/u,
    places: OUTCOME,
    reason: 'The key of a foreign account is not here: error 4100 of EIP-1193.',
  },
  {
    methods: /^evm_increaseTime$/u,
    places: /^$/u,
    reason: 'Quantities are hexadecimal throughout; others give a decimal text or a number.',
  },
  {
    methods: /^evm_setNextBlockTimestamp$/u,
    places: OUTCOME,
    reason: 'Every epoch until then is executed, so that time goes forward by a year at most at once.',
  },
  {
    methods: /^anvil_(?:nodeInfo|metadata)$/u,
    places: /fork|clientCommitSha|clientSemver|snapshots/u,
    reason: 'A chain is forked from a state, not from the URL of a node; snapshots belong to who took them.',
  },
]

/** Why something differs; `undefined` where nobody knows. */
export function reasonFor({ method, place }: Difference): Reason | undefined {
  return REASONS.find(({ methods, places }) => methods.test(method) && places.test(place))
}
