/**
 * @module What only whoever develops on a chain may do: blocks, time and snapshots, under the names that Hardhat and anvil have for it.
 *
 * Time goes in epochs here. What is asked for in seconds is rounded up to whole ones, and every answer says what it is in fact.
 */
import { RpcError } from '../errors.ts'
import { toEthereumBlock } from '../ethereum/block.ts'
import type { RpcHost } from '../host.ts'
import { alias, type Method, method, silentAlias, unsupported } from '../method.ts'
import { invalid, optional, parameter, type Reader, reader } from '../parameters/parameter.ts'
import { boolean, count, objectOf, quantity } from '../parameters/readers.ts'
import type { Json } from '../protocol/json.ts'
import { toQuantity } from '../text/hex.ts'

const MAX_INTERVAL_MS = 2 ** 31 - 1
const MAX_COUNT = 2 ** 40

/** Milliseconds between blocks, or a range of them, of which the least is taken. */
const interval: Reader<number> = reader('milliseconds', (value, at) => {
  const least: unknown = Array.isArray(value) ? value[0] : value
  return count(MAX_INTERVAL_MS).read(least, at)
})

/** When a block is to be: a time, or anvil's object. */
const mineOptions = reader(
  'a time, or an object',
  (value, at): { timestamp: bigint | undefined; blocks: number | undefined } => {
    if (typeof value !== 'object') return { timestamp: quantity.read(value, at), blocks: undefined }
    return objectOf('an object', { timestamp: optional(quantity), blocks: optional(count(MAX_COUNT)) }).read(
      value,
      at,
    )
  },
)

const snapshot = method('evm_snapshot', 'control', [], ({ snapshots }) => snapshots.take())
const revert = method('evm_revert', 'control', [parameter('snapshot', quantity)], ({ snapshots }, [number]) =>
  snapshots.restore(number),
)
const setAutomine = method(
  'evm_setAutomine',
  'control',
  [parameter('enabled', boolean)],
  ({ vm }, [isEnabled]) => {
    if (isEnabled) vm.mining = 'instant'
    else if (vm.mining === 'instant') vm.mining = 'manual'
    return true
  },
)
const setIntervalMining = method(
  'evm_setIntervalMining',
  'control',
  [parameter('interval', interval)],
  ({ vm }, [intervalMs]) => {
    if (intervalMs > 0) vm.mining = { intervalMs }
    else if (typeof vm.mining !== 'string') vm.mining = 'manual'
    return true
  },
)
const getAutomine = method('hardhat_getAutomine', 'read', [], ({ vm }) => vm.mining === 'instant')
const mine = method(
  'hardhat_mine',
  'control',
  [parameter('blocks', optional(count(MAX_COUNT))), parameter('interval', optional(count(MAX_COUNT)))],
  async (host, [blocks = 1, seconds]) => {
    await mineBlocks(host, blocks, seconds)
    return true
  },
)
const reset = method(
  'hardhat_reset',
  'control',
  [parameter('options', optional(objectOf('an object', { forking: optional(objectOf('an object', {})) })))],
  async (host, [options]) => {
    if (options?.forking !== undefined)
      throw new RpcError(
        'rpc/unsupported',
        'options.forking: a chain is forked from a state when it is made, not from the URL of a node',
      )
    await host.reset()
    return true
  },
)

/** evm_*, and what is the same under other names. */
export const DEVELOPMENT_METHODS: readonly Method[] = [
  snapshot,
  alias('anvil_snapshot', snapshot),
  revert,
  alias('anvil_revert', revert),
  setAutomine,
  silentAlias('anvil_setAutomine', setAutomine),
  setIntervalMining,
  method(
    'anvil_setIntervalMining',
    'control',
    [parameter('seconds', count(MAX_INTERVAL_MS / 1000))],
    async ({ vm }, [seconds]) => {
      if (seconds > 0) vm.mining = { intervalMs: seconds * 1000 }
      else if (typeof vm.mining !== 'string') vm.mining = 'manual'
      return null
    },
  ),
  method('anvil_getIntervalMining', 'read', [], ({ vm: { mining } }) =>
    typeof mining === 'string' ? null : mining.intervalMs / 1000,
  ),
  getAutomine,
  alias('anvil_getAutomine', getAutomine),
  method('evm_mine', 'control', [parameter('options', optional(mineOptions))], async (host, [options]) => {
    if (options?.timestamp !== undefined) planTime(host, options.timestamp, 'options')
    await mineBlocks(host, options?.blocks ?? 1, undefined)
    return '0x0'
  }),
  method(
    'evm_mine_detailed',
    'control',
    [parameter('options', optional(mineOptions))],
    async (host, [options]) => {
      if (options?.timestamp !== undefined) planTime(host, options.timestamp, 'options')
      return (await mineBlocks(host, options?.blocks ?? 1, undefined)).map((tipset) =>
        toEthereumBlock(host.setting, host.block(tipset), true),
      )
    },
  ),
  mine,
  silentAlias('anvil_mine', mine),
  ...named(['evm_increaseTime', 'anvil_increaseTime'], (name) =>
    method(name, 'control', [parameter('seconds', quantity)], (host, [seconds]) => {
      const { epochSeconds } = host.vm.chain.rules
      const epochs = (seconds + epochSeconds - 1n) / epochSeconds
      if (epochs > 0n) host.delayNextBlock(epochs)
      return toQuantity(epochs * epochSeconds)
    }),
  ),
  ...named(
    ['evm_setNextBlockTimestamp', 'anvil_setNextBlockTimestamp', 'evm_setTime', 'anvil_setTime'],
    (name) =>
      method(name, 'control', [parameter('timestamp', quantity)], (host, [timestamp]) =>
        planTime(host, timestamp, 'timestamp'),
      ),
  ),
  reset,
  silentAlias('anvil_reset', reset),
  method(
    'anvil_rollback',
    'control',
    [parameter('depth', optional(quantity))],
    async ({ vm }, [depth = 1n]) => {
      let at = vm.chain.head
      for (let rest = depth; rest > 0n; rest--) {
        const parent = at.header.parents[0]
        if (parent === undefined)
          throw new RpcError('rpc/failed', `the chain has no ${depth} blocks to take back`)
        at = vm.chain.tipset(parent)
      }
      await vm.checkout(at.cid)
      return null
    },
  ),
  ...named(['evm_setBlockGasLimit', 'anvil_setBlockGasLimit'], (name) =>
    unsupported(name, 'the gas of a block is a rule of the network: 10,000,000,000'),
  ),
  unsupported(
    'anvil_setBlockTimestampInterval',
    'blocks are whole epochs apart, whose length the network has',
  ),
  unsupported(
    'anvil_removeBlockTimestampInterval',
    'blocks are whole epochs apart, whose length the network has',
  ),
  unsupported(
    'anvil_reorg',
    'anvil_rollback and evm_revert return to a block, and what is sent after that makes another branch',
  ),
]

function named(names: readonly string[], make: (name: string) => Method): Method[] {
  return names.map(make)
}

/**
 * Produces blocks. Of more than a limit the first and the last are blocks, and the epochs between have none: the number of a block is its epoch.
 * @param seconds between two blocks, rounded up to whole epochs
 */
async function mineBlocks(
  { limits, vm }: RpcHost,
  blocks: number,
  seconds: number | undefined,
): Promise<(typeof vm.chain.head)[]> {
  const { epochSeconds } = vm.chain.rules
  const apart = seconds === undefined ? 1n : (BigInt(seconds) + epochSeconds - 1n) / epochSeconds
  const epochs = apart > 1n ? apart : 1n
  const made: (typeof vm.chain.head)[] = []
  if (blocks > limits.minedBlocks) {
    await vm.mine()
    made.push(vm.chain.head)
    await vm.time.advance({ epochs: BigInt(blocks - 1) * epochs })
    return [...made, vm.chain.head]
  }
  for (let index = 0; index < blocks; index++) {
    await (index === 0 ? vm.mine() : vm.time.advance({ epochs }))
    made.push(vm.chain.head)
  }
  return made
}

/** Plans the next block for a time, and gives the time that it is going to have: the first epoch from there on. */
function planTime({ vm }: RpcHost, timestamp: bigint, at: string): Json {
  const { epochSeconds, genesisTimestamp } = vm.chain.rules
  const last = vm.head.timestamp
  if (timestamp <= last) throw invalid(at, `is ${timestamp}, which is not after the last block, at ${last}`)
  const epoch = (timestamp - genesisTimestamp + epochSeconds - 1n) / epochSeconds
  vm.nextEpoch = epoch
  return toQuantity(genesisTimestamp + epoch * epochSeconds)
}
