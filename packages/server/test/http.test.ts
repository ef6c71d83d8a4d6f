import { describe, expect, it } from 'vitest'
import { call, eventually, replyOf, serve } from './support/serve.ts'

const LIMIT = -32005

describe('calls over HTTP', () => {
  it('are answered, one by one and in batches, notifications not at all', async () => {
    const { post } = await serve()
    expect(await post(call('test_echo', [1]))).toMatchObject({
      status: 200,
      json: { jsonrpc: '2.0', id: 1, result: [1] },
    })
    const batch = [call('test_echo', [1], 'a'), { method: 'test_echo' }, call('test_nothing', [], 2)]
    expect((await post(batch)).json).toMatchObject([
      { id: 'a', result: [1] },
      { id: 2, error: { code: -32601 } },
    ])
    expect(await post({ method: 'test_echo' })).toMatchObject({ status: 204, text: '' })
  })

  it('say whose they are, so that each address has its share of what all hold together', async () => {
    const { endpoint, post } = await serve()
    await post(call('test_echo'))
    expect(endpoint.clients).toEqual(['127.0.0.1'])
  })

  it('are taken where Ethereum’s tools send them, and Filecoin’s', async () => {
    const { post } = await serve()
    for (const path of ['', '/', '/?x=1', '/rpc/v0', '/rpc/v1'])
      expect((await post(call('test_echo'), {}, path)).status).toBe(200)
    expect((await post(call('test_echo'), {}, '/rpc/v2')).status).toBe(404)
  })

  it.each([
    ['', -32700],
    ['{"id":', -32700],
    [Uint8Array.of(0x22, 0xff, 0x22), -32700],
    ['[]', -32600],
  ])('are refused where they are no JSON, or a batch of none: %s', async (body, code) => {
    const { endpoint, metric, post } = await serve()
    expect(await post(body)).toMatchObject({ status: 400, json: { id: null, error: { code } } })
    expect(endpoint.called).toEqual([])
    expect(await metric('troupe_rejected_total{reason="malformed"}')).toBe(1)
  })

  it('are sent by POST, and not compressed', async () => {
    const { post, server } = await serve()
    const get = await fetch(server.url)
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST, OPTIONS'])
    expect((await post(call('test_echo'), { 'content-encoding': 'gzip' })).status).toBe(415)
  })
})

describe('the limits of HTTP', () => {
  it('allow a body of so many bytes, and not one more, be the length said or not', async () => {
    const body = JSON.stringify(call('test_echo'))
    const { endpoint, metric, post, server } = await serve({}, { bodyBytes: body.length + 1 })
    expect((await post(`${body} `)).status).toBe(200)
    expect(await post(`${body}  `)).toMatchObject({ status: 413, json: { error: { code: LIMIT } } })
    const stream = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode(`${body}  `))
        controller.close()
      },
    })
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body: stream, duplex: 'half' }
    expect((await fetch(server.url, init)).status).toBe(413)
    expect(endpoint.called).toHaveLength(1)
    expect(await metric('troupe_rejected_total{reason="body"}')).toBe(2)
  })

  it('allow so many calls in a batch, and not one more', async () => {
    const { endpoint, post } = await serve({}, { batch: 3 })
    const batch = (length: number): object[] => Array.from({ length }, (_, id) => call('test_echo', [], id))
    expect((await post(batch(3))).json).toHaveLength(3)
    expect((await post(batch(4))).json).toMatchObject({ id: null, error: { code: LIMIT } })
    expect(endpoint.called).toHaveLength(3)
  })

  it('allow so many levels and values, and not one more', async () => {
    const { post } = await serve({}, { nesting: 4, values: 20 })
    expect((await post('{"id":1,"method":"test_echo","params":[[[]]]}')).status).toBe(200)
    expect((await post('{"id":1,"method":"test_echo","params":[[[[]]]]}')).json.error.code).toBe(LIMIT)
    expect((await post(`[${Array(20).fill(1)}]`)).json.error.code).toBe(LIMIT)
    const deep = '['.repeat(5_000_000)
    expect((await post(deep)).json.error.code).toBe(LIMIT)
  })

  it('allow an answer of so many bytes; of a batch, what comes after is not run', async () => {
    const length = JSON.stringify({ jsonrpc: '2.0', id: 1, result: '' }).length + 10
    const { endpoint, post } = await serve({}, { answerBytes: length })
    expect((await post(call('test_long', [10]))).json.result).toHaveLength(10)
    expect((await post(call('test_long', [11]))).json).toMatchObject({ id: 1, error: { code: LIMIT } })
    const { json } = await post([call('test_long', [10]), call('test_echo', [], 2), call('test_echo', [], 3)])
    expect(json).toMatchObject([
      { id: 1, result: 'x'.repeat(10) },
      { id: 2, error: { code: LIMIT } },
    ])
    expect(endpoint.called).toEqual(['test_long', 'test_long', 'test_long', 'test_echo'])
  })

  it('allow so many calls at once, and say when there may be more', async () => {
    const { post } = await serve({}, { callBurst: 3, callsPerSecond: 1 })
    expect((await post([1, 2, 3].map((id) => call('test_echo', [], id)))).status).toBe(200)
    const refused = await post(call('test_echo'))
    expect(refused).toMatchObject({ status: 429, json: { error: { code: LIMIT } } })
    expect(refused.headers.get('retry-after')).toBe('1')
    const never = await post([1, 2, 3, 4].map((id) => call('test_echo', [], id)))
    expect([never.status, never.headers.get('retry-after')]).toEqual([429, null])
  })

  it('allow so many requests to run', async () => {
    const { endpoint, metric, post } = await serve({}, { runningRequests: 2 })
    const running = [post(call('test_wait')), post(call('test_wait'))]
    await eventually(() => endpoint.waiting.length).toBe(2)
    expect(await metric('troupe_rpc_running_requests')).toBe(2)
    expect(await post(call('test_echo'))).toMatchObject({ status: 503, json: { error: { code: LIMIT } } })
    expect(endpoint.release()).toBe(2)
    for (const { status } of await Promise.all(running)) expect(status).toBe(200)
    expect((await post(call('test_echo'))).status).toBe(200)
  })

  it('allow so many bytes to be held, of requests and of answers, and give them back', async () => {
    const { endpoint, metric, post } = await serve({}, { memoryBytes: 1_000 })
    const request = { ...call('test_wait', ['x'.repeat(500)]) }
    const held = post(request)
    await eventually(() => endpoint.waiting.length).toBe(1)
    expect(await post(request)).toMatchObject({ status: 503, json: { error: { code: LIMIT } } })
    expect(endpoint.release()).toBe(1)
    expect((await held).status).toBe(200)
    expect((await post(call('test_long', [800]))).status).toBe(200)
    expect((await post(call('test_long', [1_000]))).status).toBe(503)
    for (let i = 0; i < 20; i++) expect((await post(call('test_long', [800]))).status).toBe(200)
    // The page of metrics is longer than that.
    expect(await metric('troupe_rejected_total{reason="memory"}')).toBe(0)
  })

  it('allow headers of so many bytes', async () => {
    const { post } = await serve({}, { headerBytes: 1_000 })
    expect((await post(call('test_echo'), { 'x-padding': 'x'.repeat(500) })).status).toBe(200)
    expect((await post(call('test_echo'), { 'x-padding': 'x'.repeat(1_000) })).status).toBe(431)
  })
})

describe('who may call', () => {
  const token = 'a-token-of-some-length'

  it('is everybody on this machine, where there is no token', async () => {
    const { post } = await serve()
    for (const method of ['test_echo', 'test_submit', 'test_control'])
      expect((await post(call(method))).status).toBe(200)
  })

  it('is whoever shows the token for what changes the chain, and everybody for what reads it', async () => {
    const { endpoint, post } = await serve({ token })
    expect((await post(call('test_echo'))).status).toBe(200)
    expect((await post(call('test_nothing'))).json.error.code).toBe(-32601)
    for (const method of ['test_submit', 'test_control'])
      expect(await post(call(method))).toMatchObject({ status: 401, json: { id: 1, error: { code: 4100 } } })
    expect(endpoint.called).toEqual(['test_echo', 'test_nothing'])
    const mixed = await post([call('test_echo', [], 1), call('test_control', [], 2)])
    expect(mixed.status).toBe(200)
    expect(mixed.json).toMatchObject([{ id: 1 }, { id: 2, error: { code: 4100 } }])
    for (const method of ['test_submit', 'test_control'])
      expect((await post(call(method), { authorization: `Bearer ${token}` })).status).toBe(200)
    const wrong = await post(call('test_echo'), { authorization: 'Bearer something' })
    expect([wrong.status, wrong.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
  })

  it('may be everybody for what is signed', async () => {
    const { post } = await serve({ token, strangers: 'submit' })
    expect((await post(call('test_submit'))).status).toBe(200)
    expect((await post(call('test_control'))).status).toBe(401)
  })

  it('is nobody who calls this machine by a name of somebody else', async () => {
    const { endpoint, metric, raw, server } = await serve({ names: ['box.test'] })
    const ask = async (host: string): Promise<string> => {
      const socket = await raw()
      const body = JSON.stringify(call('test_echo'))
      socket.write(
        `POST / HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      )
      const [first] = await new Promise<string[]>((resolve) =>
        socket.once('data', (text) => resolve(String(text).split('\r\n'))),
      )
      return first ?? ''
    }
    expect(await ask(`localhost:${server.port}`)).toBe('HTTP/1.1 200 OK')
    expect(await ask('box.test')).toBe('HTTP/1.1 200 OK')
    expect(await ask('attacker.test:8545')).toBe('HTTP/1.1 403 Forbidden')
    expect(endpoint.called).toHaveLength(2)
    expect(await metric('troupe_rejected_total{reason="host"}')).toBe(1)
  })

  it('is no page of the web, unless it was named', async () => {
    const origin = 'https://page.test'
    const { endpoint, post } = await serve()
    expect((await post(call('test_control'), { origin })).status).toBe(403)
    expect(endpoint.called).toEqual([])

    const named = await serve({ origins: [origin] })
    const answer = await named.post(call('test_echo'), { origin })
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, origin])
    expect((await named.post(call('test_echo'), { origin: 'https://other.test' })).status).toBe(403)
    expect((await named.post(call('test_echo'), { origin: 'null' })).status).toBe(403)
    expect((await named.post(call('test_echo'), { origin: named.server.url })).status).toBe(200)
    const preflight = await fetch(named.server.url, { method: 'OPTIONS', headers: { origin } })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, POST')

    const open = await serve({ origins: ['*'] })
    expect((await open.post(call('test_echo'), { origin })).status).toBe(200)
  })
})

describe('pages about the server', () => {
  it('say whether the chain answers', async () => {
    const { endpoint, server } = await serve()
    const ask = async (): Promise<unknown> => {
      const { json, status } = await replyOf(await fetch(`${server.url}/health`))
      return { status, json }
    }
    expect(await ask()).toEqual({ status: 200, json: { status: 'ok', epoch: 7, timestamp: 210 } })
    endpoint.read = () => Promise.reject(new Error('the chain is gone'))
    expect(await ask()).toEqual({ status: 503, json: { status: 'not answering' } })
    endpoint.read = () => new Promise(() => undefined)
    expect(await ask()).toEqual({ status: 503, json: { status: 'not answering' } })
  })

  it('count calls by method and error, and call whatever is no method unknown', async () => {
    const { metric, post, server } = await serve()
    await post(call('test_echo'))
    await post(call('test_fail'))
    for (const method of ['a', 'b', 'c', '"}\n']) await post(call(method))
    await post({ id: 1 })
    expect(await metric('troupe_rpc_calls_total{method="test_echo",code="0"}')).toBe(1)
    expect(await metric('troupe_rpc_calls_total{method="test_fail",code="-32603"}')).toBe(1)
    expect(await metric('troupe_rpc_calls_total{method="unknown",code="-32601"}')).toBe(5)
    expect(await metric('troupe_rpc_call_seconds_count{method="test_echo"}')).toBe(1)
    expect(await metric('troupe_chain_epoch')).toBe(7)
    expect(await metric('troupe_store_bytes')).toBe(500)
    expect(await metric('troupe_pool_messages')).toBe(3)
    expect(await metric('process_resident_memory_bytes')).toBeGreaterThan(1_000_000)
    expect(await metric('troupe_event_loop_lag_seconds{quantile="0.99"}')).toBeGreaterThanOrEqual(0)
    const response = await fetch(`${server.url}/metrics`)
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    const text = await response.text()
    for (const line of text.split('\n'))
      expect(line).toMatch(/^$|^# (HELP|TYPE) \w+ |^\w+(\{\w+="[^"\n]*"(,\w+="[^"\n]*")*\})? -?[\d.e+-]+$/u)
  })

  it('are counted as calls are', async () => {
    const { post, server } = await serve({}, { callBurst: 2, callsPerSecond: 1 })
    expect((await fetch(`${server.url}/health`)).status).toBe(200)
    expect((await fetch(`${server.url}/metrics`)).status).toBe(200)
    const refused = await fetch(`${server.url}/metrics`)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
    expect((await post(call('test_echo'))).status).toBe(429)
  })

  it('are for reading', async () => {
    const { server } = await serve()
    expect((await fetch(`${server.url}/health`, { method: 'POST' })).status).toBe(405)
    const head = await fetch(`${server.url}/metrics`, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
  })
})

describe('the log', () => {
  it('has an entry for each call and each refusal, with a level', async () => {
    const { log, post } = await serve({}, { bodyBytes: 200 })
    await post([call('test_echo'), call('test_fail'), call('nothing')])
    await post('x'.repeat(201))
    expect(log).toMatchObject([
      { level: 'info', event: 'listening' },
      { level: 'info', event: 'call', transport: 'http', client: '127.0.0.1', method: 'test_echo', code: 0 },
      { level: 'error', event: 'call', method: 'test_fail', code: -32603 },
      {
        level: 'warn',
        event: 'call',
        method: 'unknown',
        code: -32601,
        message: 'no',
      },
      {
        level: 'warn',
        event: 'refused',
        transport: 'http',
        client: '127.0.0.1',
        status: 413,
        reason: 'body',
      },
    ])
  })
})
