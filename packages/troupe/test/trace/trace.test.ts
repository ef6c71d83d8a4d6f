import { CallTree, ErrorNumber, idAddress, type TraceEvent, totalGas } from '@troupe/hypervisor'
import { parseCid } from '@troupe/ipld'
import fc from 'fast-check'
import {
  formatTraceEvent,
  gasProfile,
  parseTrace,
  renderFlamegraph,
  toSpeedscope,
  traceHeader,
} from 'troupe/trace'
import { describe, expect, it } from 'vitest'

const code = (value: string) => expect.objectContaining({ code: value })
const CODE = parseCid('bafy2bzaceaxyj7xq27gc2747adjcirpxx52tt7owqx6z6kckun7tqivvoym4y')

const call = (to: bigint): Extract<TraceEvent, { type: 'call' }> => ({
  type: 'call',
  from: 100n,
  to: idAddress(to),
  method: 2n ** 63n,
  value: 5n,
  parameters: { codec: 0x71, data: Uint8Array.of(0x80) },
  gasLimit: 10_000_000_000n,
  readOnly: false,
})
const EVENTS: readonly TraceEvent[] = [
  { type: 'gas', name: 'OnChainMessage', milligas: 1500 },
  call(200n),
  { type: 'invoke', actor: 200n, code: CODE },
  { type: 'gas', name: 'wasm_exec', milligas: 4000n },
  { type: 'syscall', module: 'ipld', name: 'block_open', errorNumber: ErrorNumber.NotFound },
  { type: 'log', actor: 200n, message: 'a <b> & "c"\n' },
  { ...call(201n), parameters: undefined },
  { type: 'invoke', actor: 201n, code: CODE },
  { type: 'gas', name: 'wasm_exec', milligas: 250 },
  { type: 'return', exitCode: 33, value: { codec: 0x55, data: Uint8Array.of(1, 2) } },
  call(202n),
  { type: 'error', number: ErrorNumber.NotFound, message: 'no actor' },
  { type: 'event', emitter: 200n, entries: 2 },
  { type: 'error', number: 'out-of-gas', message: 'out of gas' },
  { type: 'caches', blocks: undefined, nodes: { hits: 3, misses: 1 }, code: { hits: 2, misses: 0 } },
  {
    ...{ type: 'caches', nodes: { hits: 0, misses: 0 }, code: { hits: 0, misses: 0 } },
    blocks: { hits: 5, misses: 6 },
  },
  {
    ...{ type: 'stack', actor: 200n, code: CODE },
    frames: [
      { functionName: 'e', line: 2, column: 345, nameAt: { line: 2, column: 300 } },
      { functionName: undefined, line: 2, column: 7 },
    ],
  },
]

function treeOf(events: readonly TraceEvent[]): CallTree {
  const tree = new CallTree()
  for (const event of events) tree.listener(event)
  return tree
}

const textOf = (events: readonly TraceEvent[]): string =>
  `${[traceHeader({ network: 'test' }), ...events.map(formatTraceEvent)].join('\n')}\n`

describe('a trace as JSON lines', () => {
  it('is read as it was written', () => {
    const { events, version } = parseTrace(textOf(EVENTS))
    expect(version).toBe(1)
    // Gas may be a number or a bigint, and is read as the latter.
    const expected = EVENTS.map((event) =>
      event.type === 'gas' ? { ...event, milligas: BigInt(event.milligas) } : event,
    )
    expect(events).toEqual(expected)
  })

  it('has the lines that its documentation shows', () => {
    expect(traceHeader()).toBe('{"format":"troupe-trace","version":1}')
    expect(formatTraceEvent(EVENTS[0] as TraceEvent)).toBe(
      '{"type":"gas","name":"OnChainMessage","milligas":"1500"}',
    )
    expect(formatTraceEvent(EVENTS[6] as TraceEvent)).toBe(
      '{"type":"call","from":"100","to":"00c901","method":"9223372036854775808","value":"5","parameters":null,"gasLimit":"10000000000","readOnly":false}',
    )
    expect(formatTraceEvent(EVENTS[14] as TraceEvent)).toBe(
      '{"type":"caches","blocks":null,"nodes":{"hits":3,"misses":1},"code":{"hits":2,"misses":0}}',
    )
    expect(formatTraceEvent(EVENTS[16] as TraceEvent)).toBe(
      `{"type":"stack","actor":"200","code":"${CODE}","frames":[{"functionName":"e","line":2,"column":345,"nameAt":{"line":2,"column":300}},{"line":2,"column":7}]}`,
    )
    expect(formatTraceEvent(EVENTS[2] as TraceEvent)).toBe(`{"type":"invoke","actor":"200","code":"${CODE}"}`)
  })

  it('may have fields and types that a later writer adds', () => {
    const text = `${traceHeader({ later: 'x' })}\n{"type":"thought","about":"you"}\n{"type":"log","actor":"1","message":"m","mood":3}`
    expect(parseTrace(text).events).toEqual([{ type: 'log', actor: 1n, message: 'm' }])
  })

  it.each([
    ['trace/malformed', ''],
    ['trace/malformed', '[]'],
    ['trace/malformed', '{"format":"other","version":1}'],
    ['trace/unsupported-version', '{"format":"troupe-trace","version":2}'],
    ['trace/malformed', `${traceHeader()}\n{`],
    ['trace/malformed', `${traceHeader()}\n{"type":"log","actor":1,"message":"m"}`],
    ['trace/malformed', `${traceHeader()}\n{"type":"log","actor":"1e3","message":"m"}`],
    ['trace/malformed', `${traceHeader()}\n{"type":"invoke","actor":"1","code":"bafy"}`],
    ['trace/malformed', `${traceHeader()}\n{"type":"return","exitCode":0,"value":{"codec":1,"data":"0"}}`],
    ...['{}', '[null]', '[{"line":1}]', '[{"line":1,"column":1,"functionName":1}]'].map(
      (frames): [string, string] => [
        'trace/malformed',
        `${traceHeader()}\n{"type":"stack","actor":"1","code":"${CODE}","frames":${frames}}`,
      ],
    ),
    [
      'trace/malformed',
      `${traceHeader()}\n{"type":"stack","actor":"1","code":"${CODE}","frames":[{"line":1,"column":1,"nameAt":{}}]}`,
    ],
    ['trace/malformed', `${traceHeader()}\n{"type":"caches","blocks":null,"nodes":null,"code":{}}`],
    [
      'trace/malformed',
      `${traceHeader()}\n{"type":"caches","blocks":null,"nodes":{"hits":1,"misses":-1},"code":{"hits":0,"misses":0}}`,
    ],
    ['trace/malformed', `${traceHeader()}\n${formatTraceEvent(call(1n)).replace('"00', '"09')}`],
  ])('is refused with %s where it is not right (case %#)', (expected, text) => {
    expect(() => parseTrace(text)).toThrow(code(expected))
  })

  it('never ends in anything but a trace or a coded error', () => {
    const lines = EVENTS.map(formatTraceEvent)
    fc.assert(
      fc.property(fc.nat(lines.length - 1), fc.nat(400), fc.string(), (index, at, text) => {
        const line = lines[index] ?? ''
        const mutated = line.slice(0, at % line.length) + text + line.slice((at % line.length) + text.length)
        try {
          parseTrace(`${traceHeader()}\n${mutated}`)
        } catch (error) {
          expect(error).toMatchObject({ code: 'trace/malformed' })
        }
      }),
      { seed: 11, numRuns: 500 },
    )
  })
})

describe('a profile of gas', () => {
  const tree = treeOf(EVENTS)
  const profile = gasProfile(tree)

  it('has all gas, by call and by kind', () => {
    const [root] = tree.roots
    expect(profile.total).toBe(1500n + (root === undefined ? 0n : totalGas(root)))
    expect(profile.children.map(({ kind, name, total }) => [kind, name, total])).toEqual([
      ['charge', 'OnChainMessage', 1500n],
      ['call', 'f0200 method 9223372036854775808', 4250n],
    ])
  })

  it('opens in speedscope: every frame that is opened is closed, in order', () => {
    const file = toSpeedscope(profile, 'a message')
    const open: number[] = []
    let last = 0
    for (const { type, frame, at } of file.profiles[0].events) {
      expect(at).toBeGreaterThanOrEqual(last)
      last = at
      if (type === 'O') open.push(frame)
      else expect(open.pop()).toBe(frame)
    }
    expect(open).toEqual([])
    expect(file.profiles[0].endValue).toBe(5.75)
    expect(new Set(file.shared.frames.map(({ name }) => name)).size).toBe(file.shared.frames.length)
  })

  it('is drawn, with whatever an actor calls itself made harmless', () => {
    const svg = renderFlamegraph(
      gasProfile(tree, () => '<script>alert("&")</script>\u0000'),
      { title: 'a < b' },
    )
    expect(svg).not.toContain('<script>')
    expect(svg).toContain('&lt;script&gt;alert(&quot;&amp;&quot;)&lt;/script&gt;\ufffd')
    expect(svg).toContain('a &lt; b')
    // The call without gas has no width.
    expect(svg.match(/<g /g)).toHaveLength(6)
  })

  it('of nothing is drawn too', () => {
    expect(renderFlamegraph(gasProfile(new CallTree()))).toContain('0 gas')
    expect(toSpeedscope(gasProfile(new CallTree()), 'nothing').profiles[0].endValue).toBe(0)
  })
})
