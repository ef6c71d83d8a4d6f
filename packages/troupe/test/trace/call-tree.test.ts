import { CallTree } from '@troupe/hypervisor'
import { type Names, renderCallTree, reportCallTree } from 'troupe/trace'
import { describe, expect, it } from 'vitest'
import { close, MINER, NAMES, open, sample } from './sample-tree.ts'

describe('a call tree', () => {
  it('is drawn with gas aligned at the point, names, and what failed', () => {
    expect(renderCallTree(sample(), NAMES)).toEqual([
      '          gas          own  call',
      '1,147,007.404  720,563      message',
      '               720,563      │  OnChainMessage',
      '  426,444.404  420,444.4    └─ f0101 → f01000 storageminer.ChangePeerID  ok → 0x0000000000000000000000000000000000000000… (1200 B)',
      '               392,444.4       │  wasm_exec',
      '                28,000         │  OnSyscall',
      '                               │  log two\\u{a}lines \\u{1b}[31m',
      '    6,000        6,000         ├─ f099 Send (+1.5 FIL)  ok',
      '                 6,000         │     OnValueTransfer',
      '        0.004        0.004     └─ f05 method 77 (read-only)  ✗ USR_FORBIDDEN (18)',
      '                     0.004           wasm_exec',
    ])
  })

  it('says what runs each call, and what a call is, where anybody knows', () => {
    const names: Names = {
      ...NAMES,
      runtimeName: (code) => (code.equals(MINER) ? 'wasm' : 'native'),
      callName: ({ call }) => (call.method === 4n ? 'Shop.buy\n' : undefined),
    }
    const lines = renderCallTree(sample(), { ...names, charges: false, values: false })
    expect(lines.map((line) => line.slice(28))).toEqual([
      'runtime  call',
      '         message',
      'wasm     └─ f0101 → f01000 Shop.buy\\u{a}  ok, 1,200 B',
      '            │  log two\\u{a}lines \\u{1b}[31m',
      'native      ├─ f099 Send (+1.5 FIL)  ok',
      'native      └─ f05 method 77 (read-only)  ✗ USR_FORBIDDEN (18)',
    ])
    const [call] = reportCallTree(sample(), names).calls
    expect(call).toMatchObject({ runtime: 'wasm', callName: 'Shop.buy\n' })
    expect(call?.calls[1]?.runtime).toBe('native')
    expect(call?.calls[1]).not.toHaveProperty('callName')
  })

  it('leaves out the name of an exit code, what came back and the sender where the line would be too long, colours aside', () => {
    const draw = (columns: number, colours = false): string =>
      renderCallTree(sample(), { ...NAMES, charges: false, colours, columns }).at(-1) ?? ''
    const whole = draw(200)
    expect(whole).toMatch(/✗ USR_FORBIDDEN \(18\)$/)
    expect(draw(whole.length)).toBe(whole)
    expect(draw(whole.length, true)).toContain('USR_FORBIDDEN (18)')
    expect(draw(whole.length - 1)).toMatch(/✗ 18$/)
    expect(draw(whole.length - 1, true)).not.toContain('USR_FORBIDDEN')
    const [, , call] = renderCallTree(sample(), { ...NAMES, charges: false, columns: 80 })
    expect(call).toMatch(/f0101 → f01000 storageminer\.ChangePeerID {2}ok$/)
    const length = call?.length ?? 0
    const [, , shortest] = renderCallTree(sample(), { ...NAMES, charges: false, columns: length - 1 })
    expect(shortest).toMatch(/└─ f01000 storageminer\.ChangePeerID {2}ok$/)
    const tree = new CallTree()
    open(tree.listener)
    tree.listener({ type: 'error', number: 'out-of-gas', message: 'out of gas' })
    expect(renderCallTree(tree, { ...NAMES, columns: 20 }).at(-1)).toMatch(/ChangePeerID {2}✗ 7$/)
  })

  it('has no escape sequences without colours, and loses only them where they are taken out', () => {
    const plain = renderCallTree(sample(), NAMES)
    const coloured = renderCallTree(sample(), { ...NAMES, colours: true })
    expect(plain.join('')).not.toContain('\u001b')
    expect(coloured.join('')).toContain('\u001b')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
    expect(coloured.map((line) => line.replace(/\u001b\[\d+m/g, ''))).toEqual(plain)
  })

  it('says how a call ended that threw, and one that never ended', () => {
    const tree = new CallTree()
    open(tree.listener)
    open(tree.listener, { to: 7n })
    tree.listener({ type: 'error', number: 6, message: 'nobody\u202e there' })
    open(tree.listener, { to: 8n })
    tree.listener({ type: 'error', number: 'out-of-gas', message: 'out of gas' })
    const [, , ...lines] = renderCallTree(tree, { ...NAMES, charges: false })
    expect(lines.map((line) => line.trim())).toEqual([
      '0    0  └─ f0101 → f01000 storageminer.ChangePeerID  ✗ not finished',
      '0    0     ├─ f07 storageminer.ChangePeerID  ✗ NotFound: nobody\\u{202e} there',
      '0    0     └─ f08 storageminer.ChangePeerID  ✗ out of gas',
    ])
  })

  it('says where in its code a call failed, after the calls that it made', () => {
    const tree = new CallTree()
    open(tree.listener)
    open(tree.listener, { to: 7n })
    close(tree.listener)
    const frames = [
      { functionName: 'add\n', line: 2, column: 345 },
      { functionName: undefined, line: 2, column: 7 },
    ]
    tree.listener({ type: 'stack', actor: 1000n, code: MINER, frames })
    close(tree.listener, 23)
    expect(renderCallTree(tree, { ...NAMES, charges: false }).map((line) => line.slice(10))).toEqual([
      'call',
      'message',
      '└─ f0101 → f01000 storageminer.ChangePeerID  ✗ USR_UNSPECIFIED (23)',
      '   └─ f07 storageminer.ChangePeerID  ok',
      '      at add\\u{a} (code:2:345)',
      '      at code:2:7',
    ])
    expect(reportCallTree(tree, NAMES).calls[0]?.stack).toEqual({ frames })
  })

  it('counts the calls that it does not draw', () => {
    const tree = new CallTree()
    open(tree.listener)
    for (let i = 0; i < 5; i++) {
      open(tree.listener)
      open(tree.listener)
      tree.listener({ type: 'gas', name: 'wasm_exec', milligas: 1000 })
      close(tree.listener)
      close(tree.listener)
    }
    close(tree.listener)
    const many = renderCallTree(tree, { charges: false, maxCalls: 3 })
    const counts = many.flatMap((line) => /… (\d+) more/.exec(line)?.[1] ?? [])
    expect(counts).toEqual(['1', '1', '6'])
    expect(many).toHaveLength('head message root child child'.split(' ').length + counts.length)
    const deep = renderCallTree(tree, { charges: false, maxDepth: 1 })
    expect(deep.at(-1)).toMatch(/5 .*└─ … 10 more calls$/)
  })

  it('shows an address in place of an actor that was not found', () => {
    const tree = new CallTree()
    const to = { protocol: 3, id: undefined } as never
    tree.listener({
      type: 'call',
      from: 101n,
      to,
      method: 0n,
      value: 0n,
      parameters: undefined,
      gasLimit: 1n,
      readOnly: false,
    })
    tree.listener({ type: 'error', number: 6, message: 'nobody' })
    expect(renderCallTree(tree, { formatAddress: NAMES.formatAddress }).at(-1)).toContain(
      'f0101 → f3xxxxxxxxxx…xxxxxx method 0  ✗ NotFound',
    )
  })

  it('says below it what was in the read caches, where charges are shown', () => {
    const tree = sample()
    const nodes = { hits: 1200, misses: 34 }
    tree.listener({ type: 'caches', blocks: undefined, nodes, code: { hits: 2, misses: 0 } })
    expect(renderCallTree(tree, NAMES).at(-1)).toBe(
      'read caches: 1,200 of 1,234 nodes, 2 of 2 codes were there',
    )
    tree.listener({ type: 'caches', blocks: { hits: 9, misses: 11 }, nodes, code: { hits: 2, misses: 0 } })
    expect(renderCallTree(tree).at(-1)).toMatch(/2 of 2 codes, 9 of 20 blocks were there$/)
    expect(renderCallTree(tree, { charges: false }).join()).not.toContain('read caches')
  })
})
