/** @module The thread that a chain lives in: started with a {@link ThreadSetup}, it answers one {@link Request} after the other until its chain is closed. */
import { parentPort, workerData } from 'node:worker_threads'
import { type CryptoProvider, loadCrypto } from '@troupe/crypto'
import { type DebugOutput, rulesOfDescription } from '@troupe/hypervisor'
import { createTroupe, type TroupeOptions } from '../vm/create-troupe.ts'
import type { Network } from '../vm/network.ts'
import type { Troupe } from '../vm/troupe.ts'
import { loadPart } from './descriptor.ts'
import { pack, unpack } from './packing.ts'
import type { Request, Response, ThreadSetup } from './protocol.ts'

if (parentPort === null) throw new TypeError('this module is for worker threads')
const port = parentPort
const chains = new Map<number, Troupe>()
const running = new Map<number, AbortController>()

const say = (response: Response): void => port.postMessage(response)

const DEBUG: DebugOutput = {
  log: (actor, message) => say({ type: 'log', actor, message }),
  storeArtifact: (actor, name, data) => say({ type: 'artifact', actor, name, data }),
}

try {
  await open(0, await start(workerData as ThreadSetup))
  port.on('message', (request: Request) => void answer(request))
  say({ type: 'ready' })
} catch (error) {
  say({ type: 'failed', error: pack(error) })
}

async function start(setup: ThreadSetup): Promise<Troupe> {
  const { crypto: source, logs, network, options } = setup
  const crypto = source === undefined ? await loadCrypto() : ((await loadPart(source)) as CryptoProvider)
  return createTroupe({
    ...(unpack(options) as TroupeOptions),
    ...{ crypto, runtimes: setup.runtimes },
    ...(setup.store === undefined ? {} : { store: setup.store }),
    ...(network === undefined ? {} : { network: networkOf(network, crypto) }),
    ...(logs ? { debug: DEBUG } : {}),
  })
}

function networkOf({ fields, rules }: NonNullable<ThreadSetup['network']>, crypto: CryptoProvider): Network {
  return { ...(unpack(fields) as Omit<Network, 'rules'>), rules: rulesOfDescription(rules, crypto) }
}

/** Makes a chain known, and passes on what happens in it. */
async function open(id: number, vm: Troupe): Promise<void> {
  chains.set(id, vm)
  vm.onBlock((head) => say({ type: 'head', chain: id, head: pack(head) }), { edits: true })
  say({ type: 'head', chain: id, head: pack(vm.head) })
  void (async () => {
    for await (const event of vm.events()) say({ type: 'event', chain: id, event: pack(event) })
  })()
}

async function answer(request: Request): Promise<void> {
  if (request.type === 'abort') {
    running.get(request.id)?.abort(unpack(request.reason))
    return
  }
  const { id } = request
  try {
    say({ type: 'result', id, value: pack(await perform(request)) })
  } catch (error) {
    say({ type: 'error', id, error: pack(error) })
  } finally {
    running.delete(id)
  }
}

async function perform(request: Exclude<Request, { type: 'abort' }>): Promise<unknown> {
  const vm = chains.get(request.chain)
  if (vm === undefined) throw new TypeError(`there is no chain ${request.chain} in this thread`)
  switch (request.type) {
    case 'call': {
      const values = request.values.map(unpack)
      if (request.hasSignal) values.push({ ...(values.pop() as object), signal: signalOf(request.id) })
      const method = vm[request.method] as (...rest: readonly unknown[]) => Promise<unknown>
      return method.apply(vm, values)
    }
    case 'fork':
      return open(request.id, await vm.fork(unpack(request.from) as Parameters<Troupe['fork']>[0]))
    case 'close':
      await vm.close()
      chains.delete(request.chain)
      // Nobody can name a fork any more once the chain that the thread was made for is gone.
      if (request.chain === 0) setImmediate(() => process.exit())
      return undefined
  }
}

function signalOf(id: number): AbortSignal {
  const controller = new AbortController()
  running.set(id, controller)
  return controller.signal
}
