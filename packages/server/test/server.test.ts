import { once } from 'node:events'
import { startServer } from '@troupe/server'
import { describe, expect, it } from 'vitest'
import { FakeEndpoint } from './support/fake-endpoint.ts'
import { call, eventually, nextMessage, serve } from './support/serve.ts'

const endpoint = new FakeEndpoint()

describe('a server', () => {
  it('is on this machine alone, and says where', async () => {
    const { server } = await serve()
    expect([server.host, server.url]).toEqual(['127.0.0.1', `http://127.0.0.1:${server.port}`])
    const six = await serve({ host: '::1' })
    expect(six.server.url).toBe(`http://[::1]:${six.server.port}`)
    expect((await six.post(call('test_control'))).status).toBe(200)
  })

  it.each(['0.0.0.0', '::', 'box.test'])('does not start on %s without a token', async (host) => {
    await expect(startServer({ endpoint, host, port: 0 })).rejects.toMatchObject({
      code: 'server/token-required',
    })
  })

  it('starts there with one', async () => {
    const token = 'a-token-of-some-length'
    const { post } = await serve({ host: '0.0.0.0', token })
    expect((await post(call('test_control'))).status).toBe(401)
    expect((await post(call('test_control'), { authorization: `Bearer ${token}` })).status).toBe(200)
  })

  it('does not start where it cannot be', async () => {
    const { server } = await serve()
    await expect(startServer({ endpoint, port: server.port })).rejects.toMatchObject({
      code: 'server/address',
    })
    for (const options of [{ port: -1 }, { port: 65_536 }, { token: 'short' }, { limits: { batch: 0 } }])
      await expect(startServer({ endpoint, ...options })).rejects.toMatchObject({ code: 'server/bad-option' })
  })
})

describe('closing a server', () => {
  it('lets what runs finish, and takes nothing new', async () => {
    const { endpoint: chain, log, post, server, socket } = await serve()
    const ws = await socket()
    const http = post(call('test_wait'))
    ws.send(JSON.stringify(call('test_wait')))
    await eventually(() => chain.waiting.length).toBe(2)
    const idle = await socket()
    const closed = server.close()
    expect((await once(idle, 'close'))[0]).toBe(1001)
    await expect(fetch(server.url)).rejects.toThrow()
    ws.send(JSON.stringify(call('test_echo', [], 2)))
    await new Promise((resolve) => setTimeout(resolve, 20))
    const answer = nextMessage(ws)
    chain.release()
    expect(await answer).toMatchObject({ id: 1 })
    expect((await http).status).toBe(200)
    await closed
    expect(chain.called).toEqual(['test_wait', 'test_wait'])
    expect(log.slice(-1)).toMatchObject([{ event: 'closed' }])
    await server.close()
  })

  it('ends all at once where it has to', async () => {
    const { endpoint: chain, server, socket } = await serve()
    const ws = await socket()
    ws.send(JSON.stringify(call('test_wait')))
    await eventually(() => chain.waiting.length).toBe(1)
    const ended = once(ws, 'close')
    const graceful = server.close()
    await server.kill()
    await graceful
    await ended
  })

  it('ends what has not finished in time', async () => {
    const { endpoint: chain, post, server, socket } = await serve({}, { closeMs: 100 })
    const ws = await socket()
    ws.send(JSON.stringify(call('test_wait')))
    const http = post(call('test_wait')).then(
      () => 'answered',
      () => 'cut off',
    )
    await eventually(() => chain.waiting.length).toBe(2)
    const start = performance.now()
    await server.close()
    expect(performance.now() - start).toBeLessThan(2_000)
    expect(await http).toBe('cut off')
    if (ws.readyState !== ws.CLOSED) await once(ws, 'close')
  })
})
