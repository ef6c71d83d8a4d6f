/** @module What every chain is asked. */
import type { Played, TransactionName } from './script.ts'

/** A question. Its name is that of the method and what is special about it. */
export interface Question {
  readonly name: string
  readonly method: string
  readonly params: (played: Played, earlier: ReadonlyMap<string, unknown>) => readonly unknown[]
}

const NOTHING = `0x${'5'.repeat(64)}`
const NAMES: readonly TransactionName[] = [
  'transfer',
  'deployment',
  'store',
  'all',
  'revert',
  'badDeployment',
  'raw',
  'legacy',
]
const TAGS = ['latest', 'earliest', 'pending', 'safe', 'finalized']
const REVERTS: readonly (readonly [string, ...unknown[]])[] = [
  ['reason'],
  ['custom'],
  ['panics', 0n],
  ['empty'],
  ['invalid'],
  ['fallsThrough'],
]
const TRACERS: readonly (readonly [string, object | undefined])[] = [
  ['structLogs', undefined],
  ['structLogs, all', { enableMemory: true, enableReturnData: true }],
  ['structLogs, nothing', { disableStack: true, disableStorage: true, disableMemory: true }],
  ['callTracer', { tracer: 'callTracer' }],
  ['callTracer, withLog', { tracer: 'callTracer', tracerConfig: { withLog: true } }],
  ['callTracer, onlyTopCall', { tracer: 'callTracer', tracerConfig: { onlyTopCall: true } }],
  ['prestateTracer', { tracer: 'prestateTracer' }],
  ['prestateTracer, diffMode', { tracer: 'prestateTracer', tracerConfig: { diffMode: true } }],
  ['4byteTracer', { tracer: '4byteTracer' }],
  ['flatCallTracer', { tracer: 'flatCallTracer' }],
  ['noopTracer', { tracer: 'noopTracer' }],
  ['muxTracer', { tracer: 'muxTracer', tracerConfig: { callTracer: {}, prestateTracer: {} } }],
]

function ask(method: string, what: string, params: Question['params']): Question {
  return { name: what === '' ? method : `${method} (${what})`, method, params }
}

function plain(method: string, ...params: readonly unknown[]): Question {
  return ask(method, params.map((one) => JSON.stringify(one)).join(', '), () => params)
}

/** Questions that change nothing. */
const READING: readonly Question[] = [
  ...[
    'chainId',
    'blockNumber',
    'syncing',
    'accounts',
    'gasPrice',
    'maxPriorityFeePerGas',
    'protocolVersion',
    'requestAccounts',
  ].map((name) => plain(`eth_${name}`)),
  ...['net_version', 'net_listening', 'net_peerCount', 'web3_clientVersion'].map((name) => plain(name)),
  plain('web3_sha3', '0x1234'),
  plain('eth_feeHistory', '0x4', 'latest', [10, 50]),
  plain('eth_feeHistory', '0x2', 'latest'),
  plain('eth_feeHistory', '0x2', 'latest', []),
  plain('eth_feeHistory', '0x1', '0xffffff', []),
  ...TAGS.flatMap((tag) => [
    plain('eth_getBlockByNumber', tag, false),
    plain('eth_getBlockByNumber', tag, true),
  ]),
  ...NAMES.flatMap((name) => [
    ask('eth_getBlockByNumber', `${name}, full`, ({ blocks }) => [blocks[name].number, true]),
    ask('eth_getTransactionByHash', name, ({ hashes }) => [hashes[name]]),
    ask('eth_getTransactionReceipt', name, ({ hashes }) => [hashes[name]]),
    ask('eth_getRawTransactionByHash', name, ({ hashes }) => [hashes[name]]),
  ]),
  plain('eth_getBlockByNumber', '0xffffff', false),
  plain('eth_getBlockByHash', NOTHING, false),
  ask('eth_getBlockByHash', 'store', ({ blocks }) => [blocks.store.hash, false]),
  plain('eth_getTransactionByHash', NOTHING),
  plain('eth_getTransactionReceipt', NOTHING),
  ask('eth_getBlockReceipts', 'store', ({ blocks }) => [blocks.store.number]),
  ask('eth_getBlockReceipts', 'by hash', ({ blocks }) => [blocks.store.hash]),
  plain('eth_getBlockReceipts', '0xffffff'),
  ask('eth_getTransactionByBlockNumberAndIndex', 'store', ({ blocks }) => [blocks.store.number, '0x0']),
  ask('eth_getTransactionByBlockNumberAndIndex', 'none', ({ blocks }) => [blocks.store.number, '0x7']),
  plain('eth_getTransactionByBlockNumberAndIndex', '0xffffff', '0x0'),
  ask('eth_getTransactionByBlockHashAndIndex', 'store', ({ blocks }) => [blocks.store.hash, '0x0']),
  plain('eth_getTransactionByBlockHashAndIndex', NOTHING, '0x0'),
  ask('eth_getBlockTransactionCountByNumber', 'store', ({ blocks }) => [blocks.store.number]),
  plain('eth_getBlockTransactionCountByNumber', '0xffffff'),
  ask('eth_getBlockTransactionCountByHash', 'store', ({ blocks }) => [blocks.store.hash]),
  plain('eth_getBlockTransactionCountByHash', NOTHING),
  ask('eth_getUncleCountByBlockNumber', '', ({ blocks }) => [blocks.store.number]),
  ask('eth_getUncleByBlockNumberAndIndex', '', ({ blocks }) => [blocks.store.number, '0x0']),
  ask('eth_getBalance', 'account', ({ sender }) => [sender, 'latest']),
  ask('eth_getBalance', 'nobody', () => [`0x${'9'.repeat(40)}`, 'latest']),
  ask('eth_getBalance', 'old block', ({ sender, blocks }) => [sender, blocks.transfer.number]),
  ask('eth_getBalance', 'EIP-1898', ({ sender, blocks }) => [
    sender,
    { blockHash: blocks.transfer.hash, requireCanonical: true },
  ]),
  ask('eth_getBalance', 'no such block', ({ sender }) => [sender, '0xffffff']),
  ask('eth_getBalance', 'no such hash', ({ sender }) => [sender, { blockHash: NOTHING }]),
  plain('eth_getBalance', '0x1234', 'latest'),
  plain('eth_getBalance'),
  ask('eth_getCode', 'contract', ({ contract }) => [contract, 'latest']),
  ask('eth_getCode', 'account', ({ sender }) => [sender, 'latest']),
  ask('eth_getStorageAt', 'word', ({ contract }) => [contract, '0x0', 'latest']),
  ask('eth_getStorageAt', 'nothing', ({ contract }) => [contract, NOTHING, 'latest']),
  ask('eth_getStorageAt', 'account', ({ sender }) => [sender, '0x0', 'latest']),
  ...TAGS.map((tag) => ask('eth_getTransactionCount', tag, ({ sender }) => [sender, tag])),
  ask('eth_getTransactionCount', 'contract', ({ contract }) => [contract, 'latest']),
  ask('eth_getAccount', 'contract', ({ contract }) => [contract, 'latest']),
  ask('eth_getAccountInfo', 'contract', ({ contract }) => [contract, 'latest']),
  ask('eth_getAccountInfo', 'account', ({ sender }) => [sender, 'latest']),
  ask('eth_call', 'value', ({ contract, data }) => [{ to: contract, data: data('value') }, 'latest']),
  ask('eth_call', 'input', ({ contract, data, sender }) => [
    { from: sender, to: contract, input: data('value') },
  ]),
  ask('eth_call', 'no contract', ({ stranger }) => [{ to: stranger, data: '0x12345678' }, 'latest']),
  ask('eth_call', 'creation', ({ sender, badInitcode }) => [{ from: sender, data: badInitcode }, 'latest']),
  ask('eth_call', 'too poor', ({ contract }) => [
    { from: `0x${'9'.repeat(40)}`, to: contract, value: '0x1' },
    'latest',
  ]),
  ask('eth_call', 'no such block', ({ contract, data }) => [
    { to: contract, data: data('value') },
    '0xffffff',
  ]),
  ask('eth_call', 'state overrides', ({ contract, data }) => [
    { to: contract, data: data('value') },
    'latest',
    { [contract]: { stateDiff: { [`0x${'0'.repeat(64)}`]: `0x${'7'.repeat(64)}` } } },
  ]),
  ...REVERTS.flatMap(([name, ...args]) => [
    ask('eth_call', name, ({ contract, data }) => [{ to: contract, data: data(name, ...args) }, 'latest']),
    ask('eth_estimateGas', name, ({ contract, data, sender }) => [
      { from: sender, to: contract, data: data(name, ...args) },
    ]),
  ]),
  ask('eth_estimateGas', 'transfer', ({ other, sender }) => [{ from: sender, to: other, value: '0x1' }]),
  ask('eth_estimateGas', 'store', ({ contract, data, sender }) => [
    { from: sender, to: contract, data: data('store', 1n, '') },
    'latest',
  ]),
  ask('eth_estimateGas', 'deployment that fails', ({ sender, badInitcode }) => [
    { from: sender, data: badInitcode },
  ]),
  ask('eth_estimateGas', 'too poor', ({ contract }) => [
    { from: `0x${'9'.repeat(40)}`, to: contract, value: '0x1' },
  ]),
  ask('eth_createAccessList', '', ({ contract, data, sender }) => [
    { from: sender, to: contract, data: data('value') },
    'latest',
  ]),
  ask('eth_getProof', '', ({ contract }) => [contract, ['0x0'], 'latest']),
  ask('eth_getLogs', 'all', ({ contract }) => [
    { fromBlock: 'earliest', toBlock: 'latest', address: contract },
  ]),
  ask('eth_getLogs', 'block hash', ({ blocks }) => [{ blockHash: blocks.all.hash }]),
  ask('eth_getLogs', 'topics', ({ sender }) => [
    { fromBlock: '0x0', topics: [null, `0x${'0'.repeat(24)}${sender.slice(2).toLowerCase()}`] },
  ]),
  ask('eth_getLogs', 'none', ({ stranger }) => [{ fromBlock: 'earliest', address: stranger }]),
  plain('eth_getLogs', { blockHash: NOTHING }),
  plain('eth_getLogs', { fromBlock: '0x4', toBlock: '0x1' }),
  plain('eth_getLogs', { fromBlock: '0xffffff', toBlock: '0xfffffff' }),
  ask('eth_fillTransaction', '', ({ contract, data, sender }) => [
    { from: sender, to: contract, data: data('store', 1n, 'x') },
  ]),
  plain('eth_config'),
  ask('eth_simulateV1', 'calls', ({ contract, data, other, sender }) => [
    {
      blockStateCalls: [
        {
          stateOverrides: { [sender]: { balance: '0x56bc75e2d63100000' } },
          calls: [
            { from: sender, to: contract, data: data('store', 3n, 'sim') },
            { from: sender, to: other, value: '0x1' },
            { from: sender, to: contract, data: data('reason') },
          ],
        },
        {
          blockOverrides: { baseFeePerGas: '0x1' },
          calls: [{ from: sender, to: contract, data: data('value') }],
        },
      ],
      traceTransfers: true,
      validation: false,
    },
    'latest',
  ]),
  ask('eth_simulateV1', 'full transactions', ({ other, sender }) => [
    {
      blockStateCalls: [{ calls: [{ from: sender, to: other, value: '0x1' }] }],
      returnFullTransactions: true,
    },
    'latest',
  ]),
  ask('eth_simulateV1', 'invalid instruction', ({ contract, data, sender }) => [
    { blockStateCalls: [{ calls: [{ from: sender, to: contract, data: data('invalid') }] }] },
    'latest',
  ]),
  ask('eth_simulateV1', 'nonce too low', ({ other, sender }) => [
    { blockStateCalls: [{ calls: [{ from: sender, to: other, nonce: '0x0' }] }], validation: true },
    'latest',
  ]),
  plain('eth_simulateV1', { blockStateCalls: [{ blockOverrides: { number: '0x1' } }] }, 'latest'),
  ...NAMES.flatMap((name) =>
    TRACERS.map(([tracer, config]) =>
      ask('debug_traceTransaction', `${name}, ${tracer}`, ({ hashes }) =>
        config === undefined ? [hashes[name]] : [hashes[name], config],
      ),
    ),
  ),
  ...TRACERS.map(([tracer, config]) =>
    ask('debug_traceCall', tracer, ({ contract, data, sender }) => [
      { from: sender, to: contract, data: data('store', 1n, 'traced') },
      'latest',
      ...(config === undefined ? [] : [config]),
    ]),
  ),
  plain('debug_traceTransaction', NOTHING),
  ask('debug_traceBlockByNumber', 'callTracer', ({ blocks }) => [
    blocks.all.number,
    { tracer: 'callTracer' },
  ]),
  ask('debug_traceBlockByHash', 'callTracer', ({ blocks }) => [blocks.all.hash, { tracer: 'callTracer' }]),
  ...NAMES.map((name) => ask('trace_transaction', name, ({ hashes }) => [hashes[name]])),
  plain('trace_transaction', NOTHING),
  ask('trace_block', 'all', ({ blocks }) => [blocks.all.number]),
  ask('trace_replayBlockTransactions', 'all', ({ blocks }) => [blocks.all.number, ['trace']]),
  ask('trace_filter', 'sender', ({ sender }) => [
    { fromBlock: '0x1', toBlock: 'latest', fromAddress: [sender] },
  ]),
  ...['status', 'content', 'inspect'].map((name) => plain(`txpool_${name}`)),
  plain('eth_noSuchMethod'),
]

/** Questions that change the chain, in this order. */
const CHANGING: readonly Question[] = [
  plain('eth_newBlockFilter'),
  plain('eth_newPendingTransactionFilter'),
  ask('eth_newFilter', '', ({ contract }) => [{ address: contract }]),
  ask('eth_sendTransaction', 'store', ({ contract, data, sender }) => [
    { from: sender, to: contract, data: data('store', 9n, 'again') },
  ]),
  ...['eth_newBlockFilter', 'eth_newPendingTransactionFilter', 'eth_newFilter'].flatMap((filter) => [
    ask('eth_getFilterChanges', filter, (_, earlier) => [earlier.get(filter)]),
    ask('eth_getFilterLogs', filter, (_, earlier) => [earlier.get(filter)]),
    ask('eth_uninstallFilter', filter, (_, earlier) => [earlier.get(filter)]),
  ]),
  plain('eth_getFilterChanges', '0x77777'),
  plain('eth_uninstallFilter', '0x77777'),
  ...REVERTS.map(([name, ...args]) =>
    ask('eth_sendTransaction', name, ({ contract, data, sender }) => [
      { from: sender, to: contract, data: data(name, ...args) },
    ]),
  ),
  ask('eth_sendTransaction', 'nobody’s', ({ stranger, sender }) => [
    { from: stranger, to: sender, value: '0x1' },
  ]),
  ask('eth_sendTransaction', 'too poor', ({ other, sender }) => [
    { from: sender, to: other, value: `0x${'f'.repeat(60)}` },
  ]),
  ask('eth_sendTransaction', 'nonce too low', ({ other, sender }) => [
    { from: sender, to: other, nonce: '0x0' },
  ]),
  ask('eth_sendRawTransaction', '', ({ unsent }) => [unsent]),
  ask('eth_sendRawTransaction', 'again', ({ unsent }) => [unsent]),
  plain('eth_sendRawTransaction', '0x1234'),
  plain('eth_sendRawTransaction', '0x'),
  ask('eth_sign', '', ({ sender }) => [sender, '0x1234']),
  ask('eth_sign', 'nobody’s', ({ stranger }) => [stranger, '0x1234']),
  ask('personal_sign', '', ({ sender }) => ['0x1234', sender]),
  ask('eth_signTypedData_v4', '', ({ sender }) => [
    sender,
    {
      types: { EIP712Domain: [{ name: 'name', type: 'string' }], A: [{ name: 'x', type: 'uint256' }] },
      primaryType: 'A',
      domain: { name: 'd' },
      message: { x: '1' },
    },
  ]),
  ask('eth_signTransaction', '', ({ gas, other, sender }) => [
    {
      from: sender,
      to: other,
      gas,
      maxFeePerGas: '0x174876e800',
      maxPriorityFeePerGas: '0x1',
      nonce: '0x40',
      value: '0x1',
    },
  ]),
  plain('evm_snapshot'),
  plain('evm_mine'),
  plain('hardhat_mine', '0x3'),
  plain('hardhat_mine', '0x2', '0x3c'),
  plain('anvil_mine', '0x1'),
  plain('evm_increaseTime', '0x3c'),
  plain('evm_increaseTime', 60),
  plain('evm_setNextBlockTimestamp', '0x70000000'),
  plain('evm_setNextBlockTimestamp', 1),
  plain('evm_setAutomine', false),
  ask('eth_sendTransaction', 'pending', ({ other, sender, gas }) => [
    { from: sender, to: other, value: '0x1', gas },
  ]),
  ask('eth_getTransactionByHash', 'pending', (_, earlier) => [earlier.get('eth_sendTransaction (pending)')]),
  ask('eth_getTransactionReceipt', 'pending', (_, earlier) => [earlier.get('eth_sendTransaction (pending)')]),
  plain('txpool_content'),
  plain('txpool_inspect'),
  plain('txpool_status'),
  ask('eth_getBlockByNumber', 'pending with a transaction', () => ['pending', true]),
  ask('hardhat_dropTransaction', '', (_, earlier) => [earlier.get('eth_sendTransaction (pending)')]),
  plain('hardhat_dropTransaction', NOTHING),
  plain('evm_setAutomine', true),
  plain('hardhat_getAutomine'),
  plain('evm_setIntervalMining', 0),
  ask('hardhat_setBalance', '', ({ stranger }) => [stranger, '0xde0b6b3a7640000']),
  ask('hardhat_setNonce', '', ({ stranger }) => [stranger, '0x5']),
  ask('hardhat_setCode', '', ({ stranger }) => [stranger, '0x6001']),
  ask('hardhat_setStorageAt', '', ({ contract }) => [contract, '0x0', `0x${'0'.repeat(63)}4`]),
  ask('hardhat_impersonateAccount', '', ({ contract }) => [contract]),
  ask('hardhat_stopImpersonatingAccount', '', ({ contract }) => [contract]),
  ask('hardhat_stopImpersonatingAccount', 'nobody', ({ other }) => [other]),
  ...['hardhat_metadata', 'anvil_nodeInfo', 'anvil_metadata', 'anvil_getIntervalMining'].map((name) =>
    plain(name),
  ),
  plain('hardhat_setLoggingEnabled', true),
  ...['setBalance', 'setNonce'].map((name) =>
    ask(`anvil_${name}`, '', ({ other }) => [
      other,
      '0x56bc75e2d63100000'.slice(0, name === 'setNonce' ? 4 : 20),
    ]),
  ),
  ask('anvil_addBalance', '', ({ other }) => [other, '0x1']),
  ask('anvil_impersonateAccount', '', ({ contract }) => [contract]),
  ask('anvil_stopImpersonatingAccount', '', ({ contract }) => [contract]),
  plain('anvil_autoImpersonateAccount', true),
  plain('anvil_autoImpersonateAccount', false),
  plain('anvil_setIntervalMining', 0),
  plain('anvil_dropAllTransactions'),
  plain('anvil_rollback', 1),
  ask('evm_revert', '', (_, earlier) => [earlier.get('evm_snapshot')]),
  plain('evm_revert', '0x77777'),
  plain('anvil_reset'),
]

/** All of them. */
export const QUESTIONS: readonly Question[] = [...READING, ...CHANGING]
