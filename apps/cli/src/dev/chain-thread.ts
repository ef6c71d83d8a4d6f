/** @module The thread that the chain of `troupe dev` lives in: started with a {@link ChainSetup}, it answers what comes through its port until it is told to close. */
import { parentPort, workerData } from 'node:worker_threads'
import { loadNodeCrypto } from '@troupe/crypto-node'
import { createRpc } from '@troupe/rpc'
import { exposeEndpoint, localEndpoint } from '@troupe/server/endpoint'
import type { Troupe } from 'troupe'
import { describeError } from '../describe-error.ts'
import type { ChainSetup, CommandMessage, DevAccount, ThreadMessage } from './chain-setup.ts'
import { openChain } from './open-chain.ts'

const FIRST_USER_ID = 100n

if (parentPort === null) throw new TypeError('this module is for worker threads')
const command = parentPort
const say = (message: ThreadMessage): void => command.postMessage(message)
const { clientVersion, port, showsLogs, ...setup } = workerData as ChainSetup
const debug = {
  log: (actor: bigint, message: string): void => {
    // Those of the system talk to those who develop them.
    if (actor >= FIRST_USER_ID) say({ type: 'log', actor, message })
  },
  storeArtifact: (): void => {},
}

async function start(): Promise<void> {
  const crypto = await loadNodeCrypto()
  const { settings, store, vm } = await openChain(setup, crypto, showsLogs ? debug : undefined)
  const rpc = createRpc(vm, {
    clientVersion,
    onFailure: (error, method) => say({ type: 'failure', method, error: describeError(error) }),
  })
  // Who has handed in a message that a block was made without is told when he asks for its receipt; with a block each message he is told at once.
  if (setup.blockMs !== undefined)
    vm.pool.onRefusal(({ reason }) => say({ type: 'failure', method: 'block', error: describeError(reason) }))
  let isClosing = false
  command.on('message', async (_: CommandMessage) => {
    isClosing = true
    rpc.close()
    await vm.close()
    port.close()
    command.close()
  })
  // Nobody hears of a block before it is on disk. Those that nobody asks for are there a turn later, too.
  const settle = (): void | Promise<void> =>
    store.syncAside === undefined ? store.sync() : store.syncAside()
  store.sync()
  exposeEndpoint(localEndpoint({ rpc, vm, store }), port, { settle })
  vm.onBlock(() =>
    setImmediate(async () => {
      if (isClosing) return
      try {
        await settle()
      } catch (error) {
        say({ type: 'failure', method: 'block', error: describeError(error) })
      }
    }),
  )
  const { epoch, root } = vm.head
  say({
    type: 'ready',
    report: { settings, accounts: await describeAccounts(vm), epoch, root: String(root) },
  })
}

function describeAccounts(vm: Troupe): Promise<DevAccount[]> {
  return Promise.all(
    vm.accounts.map(async (account) => ({
      ethereum: account.ethereum,
      delegated: vm.format(account.delegated),
      filecoin: vm.format(account.address),
      balance: await vm.balanceOf(account.delegated),
      privateKey: `0x${Buffer.from(account.secretKey).toString('hex')}`,
    })),
  )
}

try {
  await start()
} catch (error) {
  say({ type: 'failed', error: describeError(error) })
  port.close()
  command.close()
}
