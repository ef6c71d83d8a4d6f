import { loadCrypto } from '@troupe/crypto'
import {
  ErrorNumber,
  Executor,
  ExitCode,
  type Kernel,
  LocalExterns,
  loadInitState,
  loadInstalledActors,
  Machine,
  type MessageResult,
  NV28,
  OPERATIONS,
  type RuleSet,
  SyscallError,
  storeInitState,
  storeInstalledActors,
  type TraceEvent,
  withUserActors,
} from '@troupe/hypervisor'
import { type Cid, cidOf, RAW } from '@troupe/ipld'
import { wasmRuntime } from '@troupe/runtime-wasm'
import { createTestNetwork, idOf, type TestNetwork } from '@troupe/testkit'
import { describe, expect, it } from 'vitest'
import { assemble } from './modules.ts'

const crypto = await loadCrypto()
const rules = withUserActors(NV28)
const operation = (name: string): ((kernel: Kernel, ...parameters: unknown[]) => never) =>
  OPERATIONS[name] as (kernel: Kernel, ...parameters: unknown[]) => never

/** Returns a block of the text `hello`. */
const SAYS_HELLO = assemble(`(module
  (import "ipld" "block_create" (func $create (param i32 i64 i32 i32) (result i32)))
  (memory (export "memory") 1) (data (i32.const 100) "hello")
  (func (export "invoke") (param i32) (result i32)
    (drop (call $create (i32.const 8) (i64.const 0x55) (i32.const 100) (i32.const 5)))
    (i32.load (i32.const 8))))`)

/** A network whose init actor installs its parameters as code, and creates an actor of it, 1000 and up. Gives the error number of the installation. */
async function network(rules: RuleSet): Promise<TestNetwork> {
  return createTestNetwork({
    rules,
    runtimes: [wasmRuntime()],
    actors: { 100: { code: 'account', balance: 10n ** 24n } },
    scripts: {
      init: (kernel, parameters) => {
        const { data } = kernel.blocks.get(parameters)
        const { value } = operation('ipld.blockCreate')(kernel, BigInt(RAW), data) as { value: number }
        const code: Cid = operation('ipld.blockLink')(kernel, value, 0xb220n, 32)
        let number = 0
        try {
          operation('actor.installActor')(kernel, code)
          const { state } = kernel.calls.machine
          const init = state.getActor(1n)
          if (init === undefined) throw new Error('no init actor')
          const before = loadInitState(state.store, init.head, true)
          const codes = [...loadInstalledActors(state.store, before.installedActors as Cid), code]
          const head = storeInitState(state.store, {
            ...before,
            nextId: before.nextId + 1n,
            installedActors: storeInstalledActors(state.store, codes),
          })
          state.setActor(1n, { ...init, head })
          operation('actor.createActor')(kernel, before.nextId, code)
        } catch (error) {
          if (!(error instanceof SyscallError)) throw error
          number = error.number
        }
        return kernel.blocks.put({ codec: RAW, data: Uint8Array.of(number) })
      },
    },
  })
}

let sequence = 0n
function send(
  { machine }: TestNetwork,
  to: number,
  params: Uint8Array,
  trace?: (event: TraceEvent) => void,
): MessageResult {
  return new Executor(machine).execute(
    {
      version: 0n,
      from: idOf(100),
      to: idOf(to),
      sequence: sequence++,
      value: 0n,
      gasLimit: 10_000_000_000n,
      gasFeeCap: 0n,
      gasPremium: 0n,
      method: 2n,
      params,
    },
    { length: 100 + params.length, ...(trace === undefined ? {} : { trace }) },
  )
}

describe('Wasm code that a user installs', () => {
  it('runs once it is created, in the same block and after a flush', async () => {
    sequence = 0n
    const made = await network(rules)
    const events: TraceEvent[] = []
    const { receipt } = send(made, 1, SAYS_HELLO, (event) => events.push(event))
    expect([receipt.exitCode, ...receipt.returnData]).toEqual([0, 0])
    expect(events).toContainEqual({
      type: 'gas',
      name: 'OnInstallActor',
      milligas: SAYS_HELLO.length * 2_000_000,
    })
    const hello = { exitCode: 0, returnData: new TextEncoder().encode('hello') }
    expect(send(made, 1000, new Uint8Array()).receipt).toMatchObject(hello)
    made.machine.flush()
    expect(made.blocks.has(cidOf(made.crypto, RAW, SAYS_HELLO))).toBe(true)
    expect(send(made, 1000, new Uint8Array()).receipt).toMatchObject(hello)
  })

  it('is refused with the rule that it breaks, and where', async () => {
    sequence = 0n
    const made = await network(rules)
    const refused: [Uint8Array, object][] = [
      [SAYS_HELLO.slice(0, -1), { code: 'module/malformed' }],
      [
        assemble('(module (func (param v128)))', { simd: true }),
        { code: 'module/unsupported', offset: expect.any(Number) },
      ],
      [
        assemble('(module (func (i32.const 0)))', {}, false),
        { code: 'module/invalid', offset: expect.any(Number) },
      ],
      [assemble('(module (func))'), { code: 'module/interface', offset: undefined }],
      [Uint8Array.of(0x60, 0x80), { code: 'machine/unknown-code', offset: undefined }],
    ]
    for (const [code, refusal] of refused) {
      const events: TraceEvent[] = []
      const { receipt } = send(made, 1, code, (event) => events.push(event))
      expect([receipt.exitCode, ...receipt.returnData]).toEqual([0, 1])
      expect(events).toContainEqual(
        expect.objectContaining({ type: 'install', refusal: expect.objectContaining(refusal) }),
      )
      expect(made.machine.state.getActor(1000n)).toBeUndefined()
    }
  })

  it('is taken by no rules without user actors', () => {
    const code = cidOf(crypto, RAW, SAYS_HELLO)
    expect(wasmRuntime().validate(code, SAYS_HELLO, NV28)).toBeUndefined()
    expect(wasmRuntime().validate(code, SAYS_HELLO, rules)).toBe('accepted')
  })
})

describe('a library that a user installs', () => {
  /** `dylink.0` with nothing needed, in front of a module. */
  const library = (text: string): Uint8Array<ArrayBuffer> => {
    const dylink = [0, 15, 8, ...new TextEncoder().encode('dylink.0'), 1, 4, 0, 0, 0, 0]
    const module = assemble(`(module ${text})`)
    return Uint8Array.from([...module.subarray(0, 8), ...dylink, ...module.subarray(8)])
  }
  const SEVEN = library('(func (export "seven") (result i32) (i32.const 7))')
  const importing = (code: Uint8Array): Uint8Array<ArrayBuffer> =>
    assemble(`(module
      (import "lib:${cidOf(crypto, RAW, code)}" "seven" (func $seven (result i32)))
      (import "ipld" "block_create" (func $create (param i32 i64 i32 i32) (result i32)))
      (memory (export "memory") 1)
      (func (export "invoke") (param i32) (result i32)
        (i32.store8 (i32.const 100) (call $seven))
        (drop (call $create (i32.const 8) (i64.const 0x55) (i32.const 100) (i32.const 1)))
        (i32.load (i32.const 8))))`)

  it('is linked to the actors that import it, and charged with them', async () => {
    sequence = 0n
    const made = await network(rules)
    const actor = importing(SEVEN)
    expect([...send(made, 1, actor).receipt.returnData]).toEqual([ErrorNumber.IllegalArgument])
    expect([...send(made, 1, SEVEN).receipt.returnData]).toEqual([0])
    const events: TraceEvent[] = []
    expect([...send(made, 1, actor, (event) => events.push(event)).receipt.returnData]).toEqual([0])
    const charges = events.filter((event) => event.type === 'gas' && event.name === 'OnInstallActor')
    expect(charges).toMatchObject([actor, SEVEN].map(({ length }) => ({ milligas: length * 2_000_000 })))
    const seven = { exitCode: 0, returnData: Uint8Array.of(7) }
    expect(send(made, 1001, new Uint8Array()).receipt).toMatchObject(seven)

    // Another node, with nothing but the flushed state.
    const root = made.machine.flush()
    const { blocks } = made
    const machine = Machine.create({
      rules,
      context: made.machine.context,
      blocks,
      root,
      crypto,
      externs: new LocalExterns(crypto, new Uint8Array(32)),
      runtimes: [wasmRuntime()],
    })
    expect(send({ ...made, machine }, 1001, new Uint8Array()).receipt).toMatchObject(seven)
  })

  it('is no actor, and does the caller no harm', async () => {
    sequence = 0n
    const made = await network(rules)
    send(made, 1, SEVEN)
    const { receipt } = send(made, 1000, new Uint8Array())
    expect(receipt.exitCode).toBe(ExitCode.SYS_INVALID_RECEIVER)
    expect(receipt.gasUsed).toBeLessThan(10_000_000n)
  })

  it('is refused where the rules leave libraries out', () => {
    const without = withUserActors(NV28, { libraries: undefined })
    const code = cidOf(crypto, RAW, SEVEN)
    expect(wasmRuntime().validate(code, SEVEN, without)).toMatchObject({ code: 'module/library' })
    expect(wasmRuntime().validate(code, SEVEN, rules)).toBe('accepted')
  })
})
