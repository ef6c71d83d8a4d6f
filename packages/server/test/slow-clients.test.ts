import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { call, eventually, readToEnd, serve } from './support/serve.ts'

const BODY = JSON.stringify(call('test_echo'))
const HEAD = `POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${BODY.length}\r\n`

describe('slow clients', () => {
  it('have so long for the headers of a request, counted from the connection', async () => {
    const { metric, raw } = await serve({}, { headersMs: 100, requestMs: 10_000 })
    const silent = await raw()
    const slow = await raw()
    slow.write(HEAD)
    const timer = setInterval(() => slow.write('x-a: b\r\n'), 20)
    expect(await readToEnd(slow)).toMatch(/^HTTP\/1.1 408 /u)
    clearInterval(timer)
    expect(await readToEnd(silent)).toMatch(/^HTTP\/1.1 408 |^$/u)
    expect(await metric('troupe_rejected_total{reason="slow"}')).toBe(2)
  })

  it('have so long for a request', async () => {
    const { endpoint, raw } = await serve({}, { headersMs: 100, requestMs: 200 })
    const slow = await raw()
    slow.write(`${HEAD}\r\n`)
    const timer = setInterval(() => slow.write(' '), 20)
    await readToEnd(slow)
    clearInterval(timer)
    expect(endpoint.called).toEqual([])
  })

  it('have so long to read an answer', async () => {
    const { metric, raw } = await serve({}, { answerMs: 100 })
    const slow = await raw()
    const body = JSON.stringify(call('test_long', [20_000_000]))
    slow.pause()
    slow.write(`POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
    await eventually(() => metric('troupe_rejected_total{reason="slow"}')).toBe(1)
    slow.resume()
    await once(slow, 'close')
  })

  it('have so long between requests', async () => {
    const { raw } = await serve({}, { idleMs: 100 })
    const idle = await raw()
    idle.write(`${HEAD}\r\n${BODY}`)
    const start = performance.now()
    expect(await readToEnd(idle)).toMatch(/^HTTP\/1.1 200 /u)
    expect(performance.now() - start).toBeGreaterThan(90)
  })

  it('do not keep others out', async () => {
    const { metric, post, raw } = await serve({}, { connections: 10 })
    const slow = await Promise.all(Array.from({ length: 30 }, () => raw()))
    for (const socket of slow) if (!socket.destroyed) socket.write(HEAD)
    for (let i = 0; i < 20; i++) expect((await post(call('test_echo'))).status).toBe(200)
    expect(await metric('troupe_rejected_total{reason="displaced"}')).toBeGreaterThanOrEqual(20)
    expect(await metric('troupe_connections{transport="http"}')).toBeLessThanOrEqual(10)
  })

  it('find no connection where all are at work', async () => {
    const { endpoint, post, raw } = await serve({}, { connections: 2 })
    const running = [post(call('test_wait')), post(call('test_wait'))]
    await eventually(() => endpoint.waiting.length).toBe(2)
    const third = await raw()
    expect(await readToEnd(third)).toBe('')
    endpoint.release()
    for (const { status } of await Promise.all(running)) expect(status).toBe(200)
    expect((await post(call('test_echo'))).status).toBe(200)
  })

  it('who speak no HTTP are told so', async () => {
    const { raw } = await serve()
    const socket = await raw()
    socket.write('\u0016\u0003\u0001 hello\r\n\r\n')
    expect(await readToEnd(socket)).toMatch(/^HTTP\/1.1 400 /u)
  })
})
