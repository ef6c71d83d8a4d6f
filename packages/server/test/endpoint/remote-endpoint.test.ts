import { MessageChannel } from 'node:worker_threads'
import { connectEndpoint, type Endpoint, exposeEndpoint } from '@troupe/server'
import { describe, expect, it, onTestFinished } from 'vitest'
import { FakeEndpoint } from '../support/fake-endpoint.ts'
import { call, nextMessage, serve } from '../support/serve.ts'

/** A chain's stand-in, and the way to it through a port. */
async function connected(): Promise<{ chain: FakeEndpoint; remote: Endpoint; close: () => void }> {
  const chain = new FakeEndpoint()
  const { port1, port2 } = new MessageChannel()
  exposeEndpoint(chain, port1)
  const close = (): void => port1.close()
  onTestFinished(close)
  return { chain, remote: await connectEndpoint(port2), close }
}

describe('an endpoint in another thread', () => {
  it('has the methods of the chain, and answers as it does', async () => {
    const { chain, remote } = await connected()
    expect(remote.methods).toEqual(chain.methods)
    expect(await remote.answer(call('test_echo', ['ü']))).toEqual({
      text: '{"jsonrpc":"2.0","id":1,"result":["ü"]}',
      code: 0,
    })
    expect(await remote.answer({ method: 'test_echo' })).toBeUndefined()
    expect((await remote.answer(call('test_fail')))?.code).toBe(-32603)
    expect(await remote.read()).toEqual(await chain.read())
  })

  it('fails as the chain does, and with the thread', async () => {
    const { chain, remote, close } = await connected()
    chain.read = () => Promise.reject(new Error('the store is gone'))
    await expect(remote.read()).rejects.toThrow('the store is gone')
    const waits = remote.answer(call('test_wait'))
    await expect.poll(() => chain.waiting.length).toBe(1)
    close()
    await expect(waits).rejects.toThrow('has ended')
    await expect(remote.read()).rejects.toThrow('has ended')
  })

  it('is none where the thread ends before', async () => {
    const { port1, port2 } = new MessageChannel()
    port1.close()
    await expect(connectEndpoint(port2)).rejects.toThrow('has ended')
  })

  it('serves WebSockets, each with a session that ends with it', async () => {
    const { chain, remote } = await connected()
    const { socket } = await serve({ endpoint: remote })
    const ws = await socket()
    ws.send(JSON.stringify(call('test_echo', [1])))
    expect(await nextMessage(ws)).toMatchObject({ result: [1] })
    const [notify] = chain.sessions.values()
    notify?.('{"a":1}')
    expect(await nextMessage(ws)).toEqual({ a: 1 })
    ws.close()
    await expect.poll(() => chain.sessions.size).toBe(0)
  })

  it('that has ended leaves its server able to say so', async () => {
    const { remote, close } = await connected()
    const { log, post, server } = await serve({ endpoint: remote })
    close()
    await expect.poll(async () => (await fetch(`${server.url}/health`)).status).toBe(503)
    expect(await post(call('test_echo'))).toMatchObject({ status: 500, json: { error: { code: -32603 } } })
    expect(log.at(-1)).toMatchObject({ level: 'error', event: 'failure' })
  })
})
