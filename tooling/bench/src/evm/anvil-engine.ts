import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { CALLER, type EvmCase, type EvmEngine, type EvmRun, GAS_LIMIT } from './engine.ts'
import { addressBytes, fromHex, hexOf } from './hex.ts'

/** Packages name the processor as Go does. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }
const PROBES = 100
const PROBE_MS = 50

/**
 * The node of Foundry, a process of its own that is asked over HTTP. Its processor time is read from `/proc`, so that it runs on Linux only.
 */
export async function createAnvilEngine(cases: readonly EvmCase[], modules: string): Promise<EvmEngine> {
  const name = `@foundry-rs/anvil-${process.platform}-${ARCHITECTURES[process.arch]}`
  const folder = dirname(createRequire(join(modules, 'x.js')).resolve(`${name}/package.json`))
  const port = await freePort()
  const limits = ['--gas-limit', '4000000000', '--disable-code-size-limit', '--hardfork', 'cancun']
  const child = spawn(join(folder, 'bin', 'anvil'), ['--port', String(port), '--silent', ...limits], {
    stdio: 'ignore',
  })
  const ask = async (method: string, ...params: unknown[]): Promise<unknown> => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
    const headers = { 'content-type': 'application/json' }
    const answer = (await (
      await fetch(`http://127.0.0.1:${port}`, { method: 'POST', headers, body })
    ).json()) as {
      readonly result?: unknown
      readonly error?: unknown
    }
    if (answer.error !== undefined) throw new Error(JSON.stringify(answer.error))
    return answer.result
  }
  await untilReady(() => ask('eth_chainId'))
  for (const { address, code } of cases) await ask('anvil_setCode', hexOf(addressBytes(address)), hexOf(code))
  return {
    name: 'anvil',
    async run({ address, input }): Promise<EvmRun> {
      const call = { from: hexOf(addressBytes(CALLER)), to: hexOf(addressBytes(address)), data: hexOf(input) }
      const start = processorMsOf(child.pid as number)
      const result = await ask('eth_call', { ...call, gas: `0x${GAS_LIMIT.toString(16)}` }, 'latest')
      return { cpuMs: processorMsOf(child.pid as number) - start, output: fromHex(result as string) }
    },
    async close() {
      child.kill()
    },
  }
}

/** Processor time of all threads of a process. */
function processorMsOf(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`)
  const nanoseconds = threads.map((thread) => {
    try {
      return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0])
    } catch {
      // A thread that ended meanwhile.
      return 0
    }
  })
  return nanoseconds.reduce((sum, one) => sum + one, 0) / 1e6
}

async function untilReady(probe: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await probe()
      return
    } catch (error) {
      if (attempt === PROBES) throw error
      await new Promise((resolve) => setTimeout(resolve, PROBE_MS))
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address !== null && typeof address === 'object'
          ? resolve(address.port)
          : reject(new Error('no port')),
      )
    })
  })
}
