/**
 * @module What methods there are, here and at others. The specification: ethereum/execution-apis, src/eth, debug, txpool and testing, in November 2026. Lotus: api/eth_aliases.go. EDR (Hardhat 3.18,
 * EDR 0.22) and anvil (1.7.1): what they answered when they were asked.
 */
import { createRpc } from '@troupe/rpc'
import { createTroupe } from 'troupe'

const words = (text: string, prefix = ''): string[] =>
  text
    .trim()
    .split(/\s+/u)
    .map((name) => `${prefix}${name}`)

/** What all of them have. */
const CORE = words(
  `accounts blockNumber chainId syncing gasPrice maxPriorityFeePerGas feeHistory getBalance getCode getStorageAt getTransactionCount call estimateGas
  sendRawTransaction getTransactionByHash getTransactionByBlockHashAndIndex getTransactionByBlockNumberAndIndex getTransactionReceipt getBlockByHash getBlockByNumber
  getBlockTransactionCountByHash getBlockTransactionCountByNumber getLogs newFilter newBlockFilter newPendingTransactionFilter getFilterChanges getFilterLogs
  uninstallFilter subscribe unsubscribe`,
  'eth_',
)
const EVM = words(
  'snapshot revert mine increaseTime setNextBlockTimestamp setAutomine setIntervalMining setBlockGasLimit',
  'evm_',
)
const HARDHAT = words(
  `mine setBalance setCode setNonce setStorageAt setCoinbase setNextBlockBaseFeePerGas setMinGasPrice setLoggingEnabled impersonateAccount
  stopImpersonatingAccount dropTransaction getAutomine metadata`,
  'hardhat_',
)
const UNLOCKED = ['eth_sendTransaction', 'eth_sign', 'eth_signTypedData_v4', 'personal_sign']

const SPECIFICATION = new Set([
  ...words(
    `accounts baseFee blobBaseFee blockNumber call capabilities chainId coinbase config createAccessList estimateGas feeHistory fillTransaction gasPrice getBalance
    getBlockAccessList getBlockByHash getBlockByNumber getBlockReceipts getBlockTransactionCountByHash getBlockTransactionCountByNumber getCode getFilterChanges getFilterLogs
    getLogs getProof getStorageAt getStorageValues getTransactionByBlockHashAndIndex getTransactionByBlockNumberAndIndex getTransactionByHash getTransactionCount
    getTransactionReceipt maxPriorityFeePerGas newBlockFilter newFilter newPendingTransactionFilter sendRawTransaction sendTransaction sign signTransaction simulateV1 syncing
    uninstallFilter`,
    'eth_',
  ),
  ...words(
    `getBadBlocks getRawBlock getRawBlockAccessList getRawHeader getRawReceipts getRawTransaction traceBlockByHash traceBlockByNumber traceTransaction`,
    'debug_',
  ),
  ...words('net_version testing_buildBlockV1 txpool_content txpool_contentFrom txpool_status'),
])
const LOTUS = new Set([
  ...CORE,
  ...words('getBlockReceipts protocolVersion baseFee', 'eth_'),
  ...words('version listening', 'net_'),
  'web3_clientVersion',
  ...words('block transaction filter replayBlockTransactions', 'trace_'),
])
const EDR = new Set([
  ...CORE,
  ...UNLOCKED,
  ...words('blobBaseFee coinbase getProof', 'eth_'),
  ...words('net_version web3_clientVersion web3_sha3 debug_traceTransaction debug_traceCall'),
  ...EVM,
  ...HARDHAT,
  'hardhat_setPrevRandao',
])
const ANVIL = new Set([
  ...CORE,
  ...UNLOCKED,
  ...words(
    `getBlockReceipts protocolVersion signTransaction requestAccounts blobBaseFee coinbase getProof createAccessList simulateV1 sendRawTransactionSync
    fillTransaction config getAccount getAccountInfo getRawTransactionByHash getRawTransactionByBlockNumberAndIndex getRawTransactionByBlockHashAndIndex getWork submitWork
    submitHashrate hashrate signTypedData_v3 getTransactionBySenderAndNonce getStorageValues sendUnsignedTransaction`,
    'eth_',
  ),
  ...words(
    'net_version net_listening web3_clientVersion web3_sha3 debug_traceTransaction debug_traceCall debug_traceBlockByHash debug_traceBlockByNumber',
  ),
  ...words('block transaction filter replayBlockTransactions', 'trace_'),
  ...words('content inspect status', 'txpool_'),
  ...words('getRawTransaction codeByHash dbGet', 'debug_'),
  ...words(
    `getApiLevel getInternalOperations hasCode traceTransaction getTransactionError getBlockDetails getBlockTransactions searchTransactionsBefore getTransactionBySenderAndNonce
    getContractCreator`,
    'ots_',
  ),
  ...words('erigon_getHeaderByNumber tenderly_setBalance tenderly_addBalance'),
  ...EVM,
  ...words('evm_setAccountNonce evm_setTime hardhat_reset'),
  ...HARDHAT,
  ...HARDHAT.map((name) => name.replace('hardhat_', 'anvil_')),
  ...words(
    `reset nodeInfo autoImpersonateAccount dumpState loadState rollback reorg addBalance setChainId setBlockTimestampInterval removeBlockTimestampInterval
    getIntervalMining snapshot revert removePoolTransactions dropAllTransactions dealERC20 setERC20Allowance setRpcUrl setAutomine setIntervalMining increaseTime
    setNextBlockTimestamp setTime setBlockGasLimit getBlobByHash getBlobsByTransactionHash getGenesisTime impersonateSignature`,
    'anvil_',
  ),
])

const GROUPS =
  'eth net web3 rpc personal debug trace txpool evm hardhat anvil tenderly ots erigon testing troupe Filecoin'.split(
    ' ',
  )

/** What others have, or the specification wants, and is neither answered here nor refused with a reason. */
export function missingMethods(names: ReadonlySet<string>): string[] {
  return [...SPECIFICATION.union(LOTUS).union(EDR).union(ANVIL).difference(names)]
}

/** METHODS.md. */
export async function methodTable(): Promise<string> {
  await using vm = await createTroupe({ accounts: { count: 1 } })
  const { methods } = createRpc(vm)
  const names = new Set([...methods.keys(), ...SPECIFICATION, ...LOTUS, ...EDR, ...ANVIL])
  const answered = [...methods.values()].filter(({ unsupported }) => unsupported === undefined).length
  const lines = [
    '# Methods',
    '',
    'Written by a test from the table that answers requests: `vitest run packages/rpc/test/methods.test.ts -u`. A mark says that others have a method too: the specification',
    '(ethereum/execution-apis, without what consensus clients ask), Lotus by its list of aliases, Hardhat (EDR 0.22) and anvil (1.7.1) when they were asked. *Access* is what a method does to the chain: it reads, hands in what is signed',
    '(`submit`), or uses the chain’s own keys and powers (`control`), which a server that strangers reach asks a token for.',
    '',
    `${answered} methods are answered. What cannot be answered honestly says why, with error -32004; what is not there at all is error -32601.`,
  ]
  for (const group of GROUPS) {
    const mine = [...names]
      .filter((name) => name.startsWith(`${group}_`) || name.startsWith(`${group}.`))
      .sort()
    if (mine.length === 0) continue
    lines.push(
      '',
      `## ${group}`,
      '',
      '| method | parameters | access | here | specification | Lotus | EDR | anvil |',
      '| --- | --- | --- | --- | --- | --- | --- | --- |',
    )
    for (const name of mine) {
      const method = methods.get(name)
      const parameters = (method?.parameters ?? []).map(
        ({ name: parameter, reader }) => `${parameter}${reader.isOptional ? '?' : ''}`,
      )
      const here =
        method === undefined ? 'no' : method.unsupported === undefined ? 'yes' : `no: ${method.unsupported}`
      const marks = [SPECIFICATION, LOTUS, EDR, ANVIL].map((set) => (set.has(name) ? 'yes' : ''))
      lines.push(
        `| \`${name}\` | ${parameters.join(', ')} | ${method?.unsupported === undefined ? (method?.access ?? '') : ''} | ${here} | ${marks.join(' | ')} |`,
      )
    }
  }
  return `${lines.join('\n')}\n`
}
