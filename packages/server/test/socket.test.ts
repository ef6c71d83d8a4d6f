import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { call, eventually, nextMessage, serve } from './support/serve.ts'

describe('calls over a WebSocket', () => {
  it('are answered, one by one and in batches, by a session of its own', async () => {
    const { socket } = await serve()
    const ws = await socket()
    ws.send(JSON.stringify(call('test_submit')))
    expect(await nextMessage(ws)).toEqual({ jsonrpc: '2.0', id: 1, result: true })
    ws.send(JSON.stringify([call('test_echo', [1], 1), call('test_echo', [2], 2)]))
    expect(await nextMessage(ws)).toMatchObject([{ result: [1] }, { result: [2] }])
    ws.send('{')
    expect(await nextMessage(ws)).toMatchObject({ id: null, error: { code: -32700 } })
  })

  it('are told what nobody asked for, until the socket closes', async () => {
    const { endpoint, socket } = await serve()
    const ws = await socket({}, '/rpc/v1')
    const [notify] = endpoint.sessions.values()
    notify?.('{"method":"eth_subscription"}')
    expect(await nextMessage(ws)).toEqual({ method: 'eth_subscription' })
    ws.close()
    await eventually(() => endpoint.sessions.size).toBe(0)
    notify?.('{}')
  })

  it('need the token, the right name and an origin that was named, as over HTTP', async () => {
    const token = 'a-token-of-some-length'
    const { server, socket } = await serve({ token, origins: ['https://page.test'] })
    const stranger = await socket({ origin: 'https://page.test' })
    stranger.send(JSON.stringify(call('test_control')))
    expect(await nextMessage(stranger)).toMatchObject({ error: { code: 4100 } })
    const trusted = await socket({ authorization: `Bearer ${token}` })
    trusted.send(JSON.stringify(call('test_control')))
    expect(await nextMessage(trusted)).toMatchObject({ result: true })
    for (const [headers, status] of [
      [{ authorization: 'Bearer wrong' }, 401],
      [{ origin: 'https://other.test' }, 403],
      [{ host: 'attacker.test' }, 403],
    ] as const) {
      const refused = new WebSocket(server.url.replace('http', 'ws'), { headers })
      refused.on('error', () => undefined)
      const [, response] = await once(refused, 'unexpected-response')
      expect(response.statusCode).toBe(status)
    }
  })
})

describe('the limits of WebSockets', () => {
  it('allow so many of them', async () => {
    const { metric, server, socket } = await serve({}, { sockets: 2 })
    const first = await socket()
    await socket()
    expect(await metric('troupe_connections{transport="websocket"}')).toBe(2)
    const third = new WebSocket(server.url.replace('http', 'ws'))
    third.on('error', () => undefined)
    const [, response] = await once(third, 'unexpected-response')
    expect(response.statusCode).toBe(503)
    first.terminate()
    await eventually(() => metric('troupe_connections{transport="websocket"}')).toBe(1)
    await socket()
  })

  it('allow a message of so many bytes, in one piece or several', async () => {
    const body = JSON.stringify(call('test_echo'))
    const { socket } = await serve({}, { socketMessageBytes: body.length })
    const ws = await socket()
    ws.send(body)
    expect(await nextMessage(ws)).toMatchObject({ id: 1 })
    ws.send(body.slice(0, 5), { fin: false })
    ws.send(body.slice(5))
    expect(await nextMessage(ws)).toMatchObject({ id: 1 })
    ws.send(`${body} `)
    expect((await once(ws, 'close'))[0]).toBe(1009)
    const pieces = await socket()
    pieces.send(body, { fin: false })
    pieces.send(' ')
    expect((await once(pieces, 'close'))[0]).toBe(1009)
  })

  it('allow so many calls to run, and read no further until there are fewer', async () => {
    const { endpoint, socket } = await serve({}, { socketRequests: 2 })
    const ws = await socket()
    for (let id = 0; id < 5; id++) ws.send(JSON.stringify(call('test_wait', [], id)))
    await eventually(() => endpoint.waiting.length).toBe(2)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(endpoint.waiting).toHaveLength(2)
    const ids: unknown[] = []
    ws.on('message', (data) => ids.push(JSON.parse(String(data)).id))
    await eventually(() => {
      endpoint.release()
      return ids.length
    }).toBe(5)
  })

  it('allow so many calls a second, over all sockets of an address', async () => {
    const { socket } = await serve({}, { callBurst: 2, callsPerSecond: 1 })
    const [a, b] = [await socket(), await socket()]
    a.send(JSON.stringify(call('test_echo')))
    await nextMessage(a)
    b.send(JSON.stringify(call('test_echo')))
    await nextMessage(b)
    b.send(JSON.stringify(call('test_echo')))
    expect(await nextMessage(b)).toMatchObject({ error: { code: -32005 } })
  })

  it('cut off who does not read what is sent', async () => {
    const { endpoint, log, metric, socket } = await serve({}, { socketUnreadBytes: 10_000 })
    const ws = await socket()
    const [notify] = endpoint.sessions.values()
    ws.pause()
    const text = JSON.stringify('x'.repeat(100_000))
    for (let i = 0; i < 1_000 && endpoint.sessions.size > 0; i++) {
      notify?.(text)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(endpoint.sessions.size).toBe(0)
    expect(await metric('troupe_rejected_total{reason="slow"}')).toBe(1)
    expect(log.at(-1)).toMatchObject({ event: 'refused', transport: 'websocket', reason: 'slow' })
  })

  it('cut off who does not answer pings, and nobody else', async () => {
    const { endpoint, server, socket } = await serve({}, { pingMs: 40 })
    const alive = await socket()
    const dead = new WebSocket(server.url.replace('http', 'ws'), { autoPong: false })
    await once(dead, 'open')
    await once(dead, 'close')
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(alive.readyState).toBe(WebSocket.OPEN)
    expect(endpoint.sessions.size).toBe(1)
  })

  it('cut off who does not come to the end of a message, however lively', async () => {
    const { socket } = await serve({}, { requestMs: 200, pingMs: 20 })
    const [slow, idle] = [await socket(), await socket()]
    slow.send('[', { fin: false })
    const timer = setInterval(() => {
      if (slow.readyState !== WebSocket.OPEN) return
      slow.ping()
      slow.send(' ', { fin: false })
    }, 10)
    await once(slow, 'close')
    clearInterval(timer)
    expect(idle.readyState).toBe(WebSocket.OPEN)
    idle.send(JSON.stringify(call('test_echo')))
    expect(await nextMessage(idle)).toMatchObject({ id: 1 })
  })
})
