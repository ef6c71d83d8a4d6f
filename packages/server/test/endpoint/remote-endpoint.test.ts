import { MessageChannel } from 'node:worker_threads'
import { connectEndpoint, type Endpoint, type ExposeOptions, exposeEndpoint } from '@troupe/server'
import { describe, expect, it, onTestFinished } from 'vitest'
import { FakeEndpoint } from '../support/fake-endpoint.ts'
import { call, eventually, nextMessage, serve } from '../support/serve.ts'

/** A chain's stand-in, and the way to it through a port. */
async function connected(
  options?: ExposeOptions,
): Promise<{ chain: FakeEndpoint; remote: Endpoint; close: () => void }> {
  const chain = new FakeEndpoint()
  const { port1, port2 } = new MessageChannel()
  exposeEndpoint(chain, port1, options)
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
    await remote.answer(call('test_echo'), undefined, '192.0.2.7')
    expect(chain.clients).toEqual([undefined, undefined, '192.0.2.7'])
    expect((await remote.answer(call('test_fail')))?.code).toBe(-32603)
    expect(await remote.read()).toEqual(await chain.read())
  })

  it('fails as the chain does, and with the thread', async () => {
    const { chain, remote, close } = await connected()
    chain.read = () => Promise.reject(new Error('the store is gone'))
    await expect(remote.read()).rejects.toThrow('the store is gone')
    const waits = remote.answer(call('test_wait'))
    await eventually(() => chain.waiting.length).toBe(1)
    close()
    await expect(waits).rejects.toThrow('has ended')
    await expect(remote.read()).rejects.toThrow('has ended')
  })

  it('settles once for all calls that come together, before anybody hears of them', async () => {
    let settled = 0
    const { chain, remote } = await connected({ settle: () => settled++ })
    const calls = Array.from({ length: 20 }, async (_, id) => {
      await remote.answer(call('test_echo', [], id))
      return settled
    })
    for (const seen of await Promise.all(calls)) expect(seen).toBeGreaterThan(0)
    expect(settled).toBeLessThan(10)
    expect(chain.called).toHaveLength(20)
  })

  it('fails where that cannot be settled, and goes on where it can again', async () => {
    let isFull = true
    const settle = (): void => {
      if (isFull) throw new Error('the disk is full')
    }
    const { chain, remote } = await connected({ settle })
    const heard: string[] = []
    remote.openSession((text) => heard.push(text))
    await expect(remote.answer(call('test_echo'))).rejects.toThrow('the disk is full')
    const [notify] = chain.sessions.values()
    notify?.('lost')
    await expect(remote.read()).rejects.toThrow('the disk is full')
    isFull = false
    notify?.('heard')
    expect(await remote.answer(call('test_echo', [1]))).toMatchObject({ code: 0 })
    expect(heard).toEqual(['heard'])
  })

  it('says nothing while it settles, and settles once for all that comes meanwhile', async () => {
    const settling: PromiseWithResolvers<void>[] = []
    const settle = (): Promise<void> => {
      const next = Promise.withResolvers<void>()
      settling.push(next)
      return next.promise
    }
    const { chain, remote } = await connected({ settle })
    const answered: (number | string)[] = []
    const ask = (id: number): void => {
      remote.answer(call('test_echo', [], id)).then(
        () => answered.push(id),
        (error: Error) => answered.push(error.message),
      )
    }
    ask(1)
    await eventually(() => settling.length).toBe(1)
    for (const id of [2, 3, 4]) ask(id)
    await eventually(() => chain.called.length).toBe(4)
    expect([answered, settling.length]).toEqual([[], 1])
    settling[0]?.resolve()
    await eventually(() => settling.length).toBe(2)
    await eventually(() => answered).toEqual([1])
    ask(5)
    settling[1]?.reject(new Error('the disk is full'))
    await eventually(() => settling.length).toBe(3)
    settling[2]?.resolve()
    const full = 'the disk is full'
    await eventually(() => answered).toEqual([1, full, full, full, 5])
    expect(settling).toHaveLength(3)
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
    await eventually(() => chain.sessions.size).toBe(0)
  })

  it('that has ended leaves its server able to say so', async () => {
    const { remote, close } = await connected()
    const { log, post, server } = await serve({ endpoint: remote })
    close()
    await eventually(async () => (await fetch(`${server.url}/health`)).status).toBe(503)
    expect(await post(call('test_echo'))).toMatchObject({ status: 500, json: { error: { code: -32603 } } })
    expect(log.at(-1)).toMatchObject({ level: 'error', event: 'failure' })
  })
})
