import { MemoryStore } from '@troupe/ipld/store'
import { createRpc } from '@troupe/rpc'
import { localEndpoint, startServer } from '@troupe/server'
import { createTroupe } from 'troupe'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { call, nextMessage } from './support/serve.ts'

describe('a chain that is served', () => {
  it('answers over HTTP, and tells of its blocks over a WebSocket', async () => {
    const store = new MemoryStore()
    await using vm = await createTroupe({ store })
    const rpc = createRpc(vm)
    const endpoint = localEndpoint({ rpc, vm, store })
    await using server = await startServer({ endpoint, port: 0 })
    const ask = async (method: string): Promise<unknown> => {
      const response = await fetch(server.url, { method: 'POST', body: JSON.stringify(call(method)) })
      return ((await response.json()) as { result: unknown }).result
    }
    expect(await ask('eth_chainId')).toBe('0x1df5e76')
    const ws = new WebSocket(server.url.replace('http', 'ws'))
    await new Promise((resolve) => ws.once('open', resolve))
    ws.send(JSON.stringify(call('eth_subscribe', ['newHeads'])))
    const { result: subscription } = await nextMessage(ws)
    const told = nextMessage(ws)
    await vm.mine()
    expect(await told).toMatchObject({
      method: 'eth_subscription',
      params: { subscription, result: { number: '0x1' } },
    })
    expect(await ask('eth_blockNumber')).toBe('0x1')
    expect(await (await fetch(`${server.url}/health`)).json()).toMatchObject({ status: 'ok', epoch: 1 })
    ws.close()
    rpc.close()
  })
})
