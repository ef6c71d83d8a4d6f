/** @module Methods of Ethereum's nodes that no chain of Filecoin can answer honestly, each with the reason. Those that stand near something that is answered are refused there. */
import { type Method, unsupported } from '../method.ts'

/** Reasons, with the methods that they are for. */
const REASONS: readonly (readonly [reason: string, ...names: string[]])[] = [
  [
    'forks of Filecoin are network versions, and there is no fork id of Ethereum that a client could compare; Filecoin.StateNetworkVersion tells the version',
    'eth_config',
  ],
  [
    'blocks and receipts are CBOR here, and have no RLP that would hash to their names; Filecoin.ChainReadObj gives their bytes',
    'debug_getRawBlock',
    'debug_getRawHeader',
    'debug_getRawReceipts',
  ],
  ['Filecoin has no access lists', 'eth_getBlockAccessList', 'debug_getRawBlockAccessList'],
  ['Filecoin has no blobs', 'anvil_getBlobByHash', 'anvil_getBlobsByTransactionHash', 'eth_getBlobSidecars'],
  [
    'blocks are not found by work',
    'eth_getWork',
    'eth_submitWork',
    'eth_hashrate',
    'eth_submitHashrate',
    'eth_mining',
  ],
  ['code is kept by its CID, and nothing finds it by its Keccak hash', 'debug_codeByHash'],
  ['there is no database of go-ethereum behind it', 'debug_dbGet'],
  [
    'a precompile answers the same to everyone: no signature is made to recover to another address',
    'anvil_impersonateSignature',
  ],
  ['blocks are made by evm_mine and the like, from what was sent', 'testing_buildBlockV1'],
  [
    'what Otterscan asks is not kept here; trace_* and debug_trace* tell what transactions did',
    ...[
      ...['getApiLevel', 'getInternalOperations', 'hasCode', 'traceTransaction', 'getTransactionError'],
      ...['getBlockDetails', 'getBlockDetailsByHash', 'getBlockTransactions', 'searchTransactionsBefore'],
      ...['searchTransactionsAfter', 'getTransactionBySenderAndNonce', 'getContractCreator'],
    ].map((name) => `ots_${name}`),
  ],
]

/** All of them. */
export const REFUSED_METHODS: readonly Method[] = REASONS.flatMap(([reason, ...names]) =>
  names.map((name) => unsupported(name, reason)),
)
