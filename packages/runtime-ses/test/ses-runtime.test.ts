import {
  ChargeName,
  type CodeRefusal,
  ExitCode,
  GasTracker,
  NV18,
  NV28,
  OutOfGas,
  ProtocolFatal,
  type TraceEvent,
  withActorUpgrades,
} from '@troupe/hypervisor'
import { cidOf, DAG_CBOR, RAW } from '@troupe/ipld'
import { CODE_HEADER } from '@troupe/runtime-ses'
import { describe, expect, it } from 'vitest'
import { HOST_STACK_SHARE, PREPARATION_LIMIT } from '../src/engine/limits.ts'
import { BYTE_PRICE, FRESH_BYTE_PRICE, imagePrice, WAITING_MEMORY } from '../src/engine/prices.ts'
import { MARKING_CODE, MARKS } from './support/marks.ts'
import { codeOf, crypto, RULES, runtime, sesNetwork, TEST_IMAGE } from './support/ses-network.ts'

const NOTHING = `({ 2() {} })`

describe('an invocation of a hardened actor', () => {
  it('begins with the image of the actor, whatever the one before did', async () => {
    const { send } = await sesNetwork([
      `(() => { let calls = 0; const seen = new Map(); return { 2() { calls++; seen.set(calls, new Uint8Array(1000)); globalThis.left = calls;
        return { codec: 0x55, data: new Uint8Array([calls, seen.size]) } } } })()`,
    ])
    const receipts = [1, 2, 3].map(() => send().receipt)
    expect(receipts[0]).toMatchObject({ exitCode: 0, returnData: Uint8Array.of(1, 1) })
    expect(receipts[1]).toEqual(receipts[0])
    expect(receipts[2]).toEqual(receipts[0])
  })

  it('does so after one that ran out of gas or stack, or whose memory grew', async () => {
    const { send } = await sesNetwork([
      `(() => { let last; return {
        2() { return { codec: 0x55, data: new Uint8Array([last === undefined ? 1 : 2]) } },
        3() { for (;;) last = [last]; },
        4() { const f = () => f(); try { f() } catch (error) { last = error; throw error } },
        5() { last = new Uint8Array(2_000_000).fill(7) } } })()`,
    ])
    const { receipt } = send()
    const ends = [3n, 4n, 5n].map((method) => {
      const { exitCode } = send({ method, gasLimit: 200_000_000n }).receipt
      expect(send().receipt).toEqual(receipt)
      return exitCode
    })
    expect(ends).toEqual([ExitCode.SYS_OUT_OF_GAS, ExitCode.USR_UNSPECIFIED, 0])
  })

  it('is charged for every instruction of the engine, for the image, and the same each time', async () => {
    const { send } = await sesNetwork([
      `({ 2() {}, 3() { for (let i = 0; i < 100; i++); }, 4() { for (let i = 0; i < 200; i++); } })`,
    ])
    const [none, hundred, twoHundred] = [2n, 3n, 4n].map((method) => send({ method }).receipt.gasUsed) as [
      bigint,
      bigint,
      bigint,
    ]
    // Golden: whoever changes the engine, its limits or how it is metered, changes these.
    expect([none, hundred - none, twoHundred - hundred]).toEqual([10_355_767n, 222_832n, 220_800n])
  })

  it('is charged for each byte that it copies or fills in bulk', async () => {
    const { send } = await sesNetwork([
      `(() => { const bytes = new Uint8Array(100_000); return { 2: (host, { data }) => { const length = data[0] * 1000; bytes.copyWithin(0, 1, 1 + length) }, 3: (host, { data }) => { const length = data[0] * 1000; bytes.fill(1, 0, length) } } })()`,
    ])
    for (const method of [2n, 3n]) {
      const [ten, sixty] = [10, 60].map((length) => send({ method, params: Uint8Array.of(length) }).receipt)
      expect(Number(sixty?.gasUsed) - Number(ten?.gasUsed)).toBe((50_000 * BYTE_PRICE) / 1000)
    }
  })

  it('is charged for each byte by which its memory grows, and at first for all that it has', async () => {
    const { send } = await sesNetwork([`({ 2: (host, { data }) => { new Uint8Array(data[0] * 655_360) } })`])
    const page = (65_536 * FRESH_BYTE_PRICE) / 1000
    const [none, some, more] = [0, 2, 4].map((length) => {
      const charged: Record<string, number> = {}
      const trace = (event: TraceEvent): void => {
        if (event.type === 'gas')
          charged[event.name] = (charged[event.name] ?? 0) + Number(event.milligas) / 1000
      }
      expect(send({ params: Uint8Array.of(length), trace }).receipt.exitCode).toBe(0)
      const image = ((charged[ChargeName.WASM_MEMORY_INIT] as number) * FRESH_BYTE_PRICE) / BYTE_PRICE
      const grown = charged[ChargeName.WASM_MEMORY_GROW]
      return grown === undefined ? 0 : (grown - image) / page
    }) as [number, number, number]
    // A mebibyte of the heap is free.
    expect([none, some, more]).toEqual([0, 4, 24])
  })

  it('is charged for a new engine where the calls that it is made from hold 256 MiB', async () => {
    const { send } = await sesNetwork([
      `({ 2(host, { data }) { if (data[0] > 0) host.send({ to: new Uint8Array([0, 101]), method: 2n, parameters: { codec: 0x55, data: new Uint8Array([data[0] - 1]) }, value: 0n, gasLimit: undefined, readOnly: false, locksSender: false }) } })`,
    ])
    const images: number[] = []
    const trace = (event: TraceEvent): void => {
      if (event.type === 'gas' && event.name === ChargeName.WASM_MEMORY_INIT)
        images.push(Number(event.milligas))
    }
    expect(send({ params: Uint8Array.of(14), trace }).receipt.exitCode).toBe(0)
    const length = (images[0] as number) / BYTE_PRICE
    const waiting = Math.ceil(WAITING_MEMORY / (length + HOST_STACK_SHARE))
    expect(images).toEqual([
      ...Array(waiting).fill(length * BYTE_PRICE),
      ...Array(15 - waiting).fill(length * FRESH_BYTE_PRICE),
    ])
    expect(imagePrice(length, WAITING_MEMORY - 1)).toBe(length * BYTE_PRICE)
    expect(imagePrice(length, WAITING_MEMORY)).toBe(length * FRESH_BYTE_PRICE)
  })

  it('runs all that promises have queued, in their order, before it ends', async () => {
    const { send } = await sesNetwork([
      `({ async 2() { const order = []; const later = (n) => Promise.resolve().then(() => order.push(n));
        await Promise.all([later(1), later(2).then(() => later(4)), later(3)]); return { codec: 0x55, data: Uint8Array.from(order) } } })`,
    ])
    expect(send().receipt.returnData).toEqual(Uint8Array.of(1, 2, 3, 4))
  })

  it('fails where its result is still pending, and says so', async () => {
    const { send } = await sesNetwork([`({ 2: () => new Promise(() => {}) })`])
    const { receipt, failure } = send()
    expect(receipt.exitCode).toBe(ExitCode.USR_ASSERTION_FAILED)
    expect(failure?.message).toContain('still pending')
  })

  it('has no clock, no chance and no host', async () => {
    const { send } = await sesNetwork([
      `({ 2: () => { const refusals = [() => Date.now(), () => new Date(), () => Math.random()].map((run) => { try { run(); return 0 } catch { return 1 } });
        const absent = ['console', 'performance', 'setTimeout', 'fetch', 'WeakRef', 'FinalizationRegistry', 'SharedArrayBuffer', 'Atomics', 'host', 'navigator', 'std', 'os', 'queueMicrotask', 'print', 'gc'];
        return { codec: 0x55, data: Uint8Array.from([...refusals, ...absent.map((name) => name in globalThis ? 1 : 0)]) } } })`,
    ])
    expect([...send().receipt.returnData]).toEqual([1, 1, 1, ...Array(15).fill(0)])
  })

  it('compares a bigint below zero with a number of another size as the engine does, not as the language has it', async () => {
    const comparisons =
      '-1n < -0.5, -1n < -3e9, -1n < -2, -1n < -1.5, -1n < BigInt(-3e9), 1n < 3e9, 0n > -0.5'
    const { send } = await sesNetwork([
      `({ 2() { const is = [${comparisons}]; return { codec: 0x55, data: new Uint8Array(is.map(Number)) } } })`,
    ])
    expect(send().receipt.returnData).toEqual(Uint8Array.of(0, 1, 0, 0, 0, 1, 1))
  })

  it('takes what memory its heap may have, and then sees an error that it can catch', async () => {
    const { send } = await sesNetwork([
      `({ 2() { const all = []; try { for (;;) all.push(new Uint8Array(20_000_000)) } catch (error) { const { length } = all; all.length = 0; return { codec: 0x55, data: new Uint8Array([length]) } } } })`,
    ])
    expect(send().receipt).toMatchObject({ exitCode: 0, returnData: Uint8Array.of(3) })
  })

  it('has 192 KiB of the stack, and then sees an error that it can catch, at the same depth everywhere', async () => {
    const { send } = await sesNetwork([
      `({ 2() { let depth = 0; const down = () => { depth++; down(); }; try { down() } catch (error) { return { codec: 0x55, data: new Uint8Array([error instanceof RangeError ? 1 : 0, depth >> 8, depth & 255]) } } } })`,
    ])
    expect([...send().receipt.returnData]).toEqual([1, 815 >> 8, 815 & 255])
  })

  it('of the upgrade runs what the code has for it', async () => {
    const rules = withActorUpgrades(RULES)
    const old = `({ 2: (host, parameters) => { const { exitCode, block } = host.upgrade(parameters.data, undefined); return { codec: 0x55, data: new Uint8Array([exitCode, block?.data[0] ?? 0]) } } })`
    const { send, codes, network } = await sesNetwork(
      [
        old,
        `({ 2: () => ({ codec: 0x55, data: new Uint8Array([77]) }), upgrade: (host, parameters, info) => ({ codec: 0x55, data: new Uint8Array([info.data.length]) }) })`,
      ],
      { rules },
    )
    const code = codes[1] as (typeof codes)[number]
    const { receipt } = send({ params: code.bytes })
    expect(receipt.exitCode).toBe(0)
    expect(network.machine.state.getActor(101n)?.code.toString()).toBe(code.toString())
    expect(send().receipt.returnData).toEqual(Uint8Array.of(77))
  })

  it('is exact', async () => {
    const { send } = await sesNetwork([NOTHING])
    expect(send().fidelity).toEqual({ level: 'exact', reasons: [] })
  })
})

describe('the runtime for hardened actors', () => {
  const libraries = (): undefined => undefined
  const cidOfCode = (code: Uint8Array) => cidOf(crypto, RAW, code)
  const validate = (code: Uint8Array, gas?: GasTracker): 'accepted' | CodeRefusal | undefined =>
    runtime.validate(cidOfCode(code), code, RULES, libraries, gas)
  const refusal = (methods: string): unknown => {
    const verdict = validate(codeOf(methods))
    return typeof verdict === 'object' ? verdict.code : verdict
  }

  it('takes no code of another kind', () => {
    for (const code of [new Uint8Array(), new TextEncoder().encode('({})'), codeOf('').subarray(1)]) {
      expect(runtime.load(cidOfCode(code), () => code, RULES)).toBeUndefined()
      expect(validate(code)).toBeUndefined()
    }
    const code = codeOf(NOTHING)
    expect(runtime.load(cidOf(crypto, DAG_CBOR, code), () => code, RULES)).toBeUndefined()
  })

  it('lets nobody install where there is no code of users', () => {
    const code = codeOf(NOTHING)
    expect(runtime.validate(cidOfCode(code), code, NV28, libraries)).toBeUndefined()
  })

  it('has nothing for rules whose syscalls are others', () => {
    const code = codeOf(NOTHING)
    expect(() => runtime.load(cidOfCode(code), () => code, NV18)).toThrow(
      expect.objectContaining({ code: 'ses/unsupported-rules' }),
    )
  })

  it('accepts what gives an actor', () => {
    expect(refusal(NOTHING)).toBe('accepted')
  })

  it.each([
    ['is no JavaScript', `({ 2( }`, 'actor/syntax'],
    ['throws', `throw Error('at once')`, 'actor/threw'],
    ['gives no actor', `7`, 'actor/no-default-export'],
    ['never ends', `for (;;);`, 'actor/too-slow'],
    ['has a zero', `({ 2: '\0' })`, 'actor/not-text'],
    ['ends the engine', '['.repeat(20_000), 'actor/trap'],
    [
      'leaves no memory',
      // The SDK asks for it when it has no more to evaluate, and is about to say what there is.
      `let all; const fill = (size) => { try { for (;;) all = { all, data: new Uint8Array(size) } } catch {} };
        ({ get isReentrant() {
          for (const size of [1e7, 1e6, 1e5, 1e4, 1e3, 100, 1]) fill(size);
          for (let i = 0; i < 100; i++) try { for (;;) all = { all } } catch {}
          return true } })`,
      'actor/exhausted',
    ],
  ])('refuses what %s', (_, methods, code) => {
    expect(refusal(methods)).toBe(code)
  })

  it('refuses what is not UTF-8', () => {
    const code = codeOf(`({ 2: '    ' })`)
    code[code.length - 6] = 0xff
    expect(validate(code)).toMatchObject({ code: 'actor/not-text' })
  })

  it('fails, as every host does, where it is to load what it would refuse', () => {
    const code = codeOf(`throw Error('at once')`)
    expect(() => runtime.load(cidOfCode(code), () => code, RULES)).toThrow(ProtocolFatal)
  })

  it('charges whoever installs a code for running it, the same whether it has run before', () => {
    const code = codeOf(`({ 2: 'charged' })`)
    const gas = [1, 2].map(() => {
      const tracker = new GasTracker(PREPARATION_LIMIT)
      expect(validate(code, tracker)).toBe('accepted')
      return tracker.used
    })
    expect(gas[0]).toBe(gas[1])
    expect(gas[0]).toBeGreaterThan(1_000_000n)
    const enough = new GasTracker(gas[0] as bigint)
    expect(validate(code, enough)).toBe('accepted')
    expect(() => validate(code, new GasTracker((gas[0] as bigint) - 1n))).toThrow(OutOfGas)
  })

  it('runs a code no longer than whoever installs it pays for', () => {
    const code = codeOf(`for (;;) 'unpaid';`)
    const poor = new GasTracker(1_000_000n)
    expect(() => validate(code, poor)).toThrow(OutOfGas)
    expect(poor.available).toBe(0n)
    const rich = new GasTracker(2n * PREPARATION_LIMIT)
    expect(validate(code, rich)).toMatchObject({ code: 'actor/too-slow' })
    expect(rich.used).toBe(PREPARATION_LIMIT)
  })

  it('makes of a code what every host makes of it, browsers included', () => {
    const code = new TextEncoder().encode(MARKING_CODE)
    const gas = new GasTracker(PREPARATION_LIMIT)
    expect(validate(code, gas)).toBe('accepted')
    const image = runtime.codeImageCid(cidOfCode(code), code, RULES)?.toString()
    expect({ first: runtime.imageCid(RULES).toString(), code: image, gas: gas.used }).toEqual(MARKS)
  })

  it('names the image of a code, the same whatever ran before', async () => {
    const code = codeOf(`({ 2: 'named' })`)
    const name = () => runtime.codeImageCid(cidOfCode(code), code, RULES)?.toString()
    const first = name()
    expect(first).toMatch(/^bafy2bza/)
    expect(first).not.toBe(TEST_IMAGE)
    const { send } = await sesNetwork([`({ 2() { new Uint8Array(100_000).fill(9) } })`])
    send()
    expect(name()).toBe(first)
    const other = codeOf(`7`)
    expect(runtime.codeImageCid(cidOfCode(other), other, RULES)).toBeUndefined()
  })

  it('knows hardened code by its first line', () => {
    expect(CODE_HEADER).toMatch(/^\/\/ [\x20-\x7e]+\n$/)
  })
})
