import {
  Abort,
  ErrorNumber,
  Executor,
  ExitCode,
  INSTALL_ACTOR,
  idAddress,
  type Kernel,
  LocalExterns,
  loadInitState,
  loadInstalledActors,
  Machine,
  type MessageResult,
  NV28,
  type RuleSet,
  SYSCALLS_4,
  storeInitState,
  storeInstalledActors,
  type TraceEvent,
  USER_ACTOR_RULES,
  withActorUpgrades,
  withUserActors,
} from '@troupe/hypervisor'
import { type Cid, cidOf, RAW } from '@troupe/ipld'
import {
  createTestNetwork,
  idOf,
  type Script,
  ScriptedRuntime,
  type TestNetwork,
  type TestNetworkOptions,
} from '@troupe/testkit'
import { describe, expect, it } from 'vitest'
import { errorOf, NO_LIMIT, operation, send } from '../call-manager/network.ts'
import { messageOf } from '../machine/message.ts'

const rules = withUserActors(NV28)
const INSTALL = 4n
const EXEC = 2n
const REFUSED = 20
const install = operation('actor.installActor') as (kernel: Kernel, code: Cid) => void
const create = operation('actor.createActor') as (kernel: Kernel, id: bigint, code: Cid) => void

/** Links code as the init actor does. */
function link(kernel: Kernel, code: Uint8Array, codec = RAW): Cid {
  const { value } = (operation('ipld.blockCreate') as (...parameters: unknown[]) => { value: number })(
    kernel,
    BigInt(codec),
    code,
  )
  return (operation('ipld.blockLink') as (...parameters: unknown[]) => Cid)(kernel, value, 0xb220n, 32)
}

/** Installs and lists code, as builtin-actors experimental/fvm-m2 actors/init/src/lib.rs (`install`) does. */
function installCode(kernel: Kernel, bytes: Uint8Array): Cid {
  const { state, blocks } = kernel.calls.machine
  const code = link(kernel, bytes)
  install(kernel, code)
  const init = state.getActor(1n)
  if (init === undefined) throw new Error('no init actor')
  const before = loadInitState(state.store, init.head, true)
  const list = [...loadInstalledActors(state.store, before.installedActors as Cid), code]
  const head = storeInitState(state.store, {
    ...before,
    installedActors: storeInstalledActors(state.store, list),
  })
  expect(blocks.has(head)).toBe(true)
  state.setActor(1n, { ...init, head })
  return code
}

/** A network whose init actor installs (method 4) the code named in its parameters, or creates actor 1000 of it and constructs it (method 2). */
async function network(options: Partial<TestNetworkOptions> = {}): Promise<TestNetwork> {
  const made: TestNetwork = await createTestNetwork({
    rules,
    actors: { 100: { code: 'account', balance: 10n ** 30n } },
    ...options,
    scripts: {
      user: (kernel) => kernel.blocks.put({ codec: RAW, data: Uint8Array.of(Number(kernel.context.method)) }),
      init: (kernel, parameters) => {
        const name = new TextDecoder().decode(kernel.blocks.get(parameters).data)
        const code = ScriptedRuntime.code(name)
        if (kernel.context.method === INSTALL) {
          const number = errorOf(() => installCode(kernel, code))
          return kernel.blocks.put({ codec: RAW, data: Uint8Array.of(number ?? 0) })
        }
        const cid = cidOf(made.crypto, RAW, code)
        const created = errorOf(() => create(kernel, 1000n, cid)) ?? 0
        if (created === 0) send(kernel, idOf(1000), 1n, 0, 0n, 0n, NO_LIMIT, 0n)
        return kernel.blocks.put({ codec: RAW, data: Uint8Array.of(created) })
      },
      ...options.scripts,
    },
  })
  return made
}

const sequences = new WeakMap<Machine, bigint>()
function run(
  machine: Machine,
  to: bigint,
  method: bigint,
  text = 'user',
  trace?: (event: TraceEvent) => void,
): MessageResult {
  const sequence = sequences.get(machine) ?? machine.state.getActor(100n)?.sequence ?? 0n
  sequences.set(machine, sequence + 1n)
  const message = messageOf({ to: idAddress(to), method, sequence, params: new TextEncoder().encode(text) })
  return new Executor(machine).execute(message, { length: 100, ...(trace === undefined ? {} : { trace }) })
}
const returned = ({ receipt }: MessageResult): unknown => [receipt.exitCode, ...receipt.returnData]

// ref-fvm master testing/integration/tests/main.rs has no test of `m2-native`; the flow is that of builtin-actors experimental/fvm-m2 actors/init.
describe('user code', () => {
  it('can be created and called once it is installed, and not before', async () => {
    const { machine } = await network()
    expect(returned(run(machine, 1n, EXEC))).toEqual([0, ErrorNumber.NotFound])
    expect(returned(run(machine, 1n, INSTALL))).toEqual([0, 0])
    expect(returned(run(machine, 1n, EXEC))).toEqual([0, 0])
    expect(returned(run(machine, 1000n, 7n))).toEqual([0, 7])
  })

  it('can be installed and called in one message', async () => {
    const { machine, crypto } = await network({
      scripts: {
        both: () => 0,
        init: (kernel) => {
          create(kernel, 1000n, installCode(kernel, ScriptedRuntime.code('both')))
          const { exitCode } = send(kernel, idOf(1000), 1n, 0, 0n, 0n, NO_LIMIT, 0n)
          return kernel.blocks.put({ codec: RAW, data: Uint8Array.of(exitCode) })
        },
      },
    })
    expect(returned(run(machine, 1n, INSTALL))).toEqual([0, 0])
    expect(machine.blocks.has(cidOf(crypto, RAW, ScriptedRuntime.code('both')))).toBe(true)
  })

  it('stays with the state: flushed with it although no actor is of it, and found again', async () => {
    const { machine, blocks, crypto } = await network()
    const code = cidOf(crypto, RAW, ScriptedRuntime.code('user'))
    run(machine, 1n, INSTALL)
    expect(blocks.has(code)).toBe(false)
    const root = machine.flush()
    expect(blocks.get(code)).toEqual(ScriptedRuntime.code('user'))
    const later = Machine.create({
      rules,
      context: machine.context,
      blocks,
      root,
      crypto,
      externs: new LocalExterns(crypto, new Uint8Array(32)),
      runtimes: [
        new ScriptedRuntime({
          account: () => 0,
          user: () => 0,
          init: (kernel) => {
            create(kernel, 1000n, code)
            return 0
          },
        }),
      ],
    })
    expect(run(later, 1n, EXEC).receipt.exitCode).toBe(0)
    expect(run(later, 1000n, 2n).receipt.exitCode).toBe(0)
  })

  it('is not installed by a call that fails', async () => {
    const { machine, crypto } = await network({
      actors: { 100: { code: 'account', balance: 10n ** 30n }, 101: { code: 'relay' } },
      scripts: {
        relay: (kernel) => {
          const block = kernel.blocks.put({ codec: RAW, data: new TextEncoder().encode('user') })
          expect(send(kernel, idOf(1), INSTALL, block, 0n, 0n, NO_LIMIT, 0n).exitCode).toBe(0)
          throw new Abort(REFUSED, 'after all')
        },
      },
    })
    expect(run(machine, 101n, 2n).receipt.exitCode).toBe(REFUSED)
    expect(machine.blocks.has(cidOf(crypto, RAW, ScriptedRuntime.code('user')))).toBe(true)
    expect(returned(run(machine, 1n, EXEC))).toEqual([0, ErrorNumber.NotFound])
  })

  it('cannot be called, nor upgraded to, where it is not installed, and takes value all the same', async () => {
    let number: ErrorNumber | undefined
    const { machine, store } = await network({
      rules: withActorUpgrades(rules),
      actors: { 100: { code: 'account', balance: 10n ** 30n }, 101: { code: 'upgrading' } },
      scripts: {
        upgrading: (kernel) => {
          number = errorOf(() => operation('actor.upgradeActor')(kernel, strange, 0))
          return 0
        },
      },
    })
    const strange = store.putBlock(RAW, ScriptedRuntime.code('user'))
    machine.state.setActor(102n, { code: strange, head: machine.emptyTuple, sequence: 0n, balance: 0n })
    machine.commit()
    expect(run(machine, 102n, 2n).receipt.exitCode).toBe(ExitCode.SYS_INVALID_RECEIVER)
    expect(run(machine, 102n, 0n).receipt.exitCode).toBe(ExitCode.OK)
    expect(run(machine, 101n, 2n).receipt.exitCode).toBe(ExitCode.OK)
    expect(number).toBe(ErrorNumber.NotFound)
  })
})

describe('actor.install_actor', () => {
  const attempt = async (
    script: (kernel: Kernel) => unknown,
    options: Partial<TestNetworkOptions> & { readonly to?: bigint } = {},
  ): Promise<{ number: ErrorNumber | undefined; result: MessageResult; events: TraceEvent[] }> => {
    let number: ErrorNumber | undefined
    const events: TraceEvent[] = []
    const body: Script = (kernel) => {
      number = errorOf(() => script(kernel))
      return 0
    }
    const { machine } = await network({
      actors: { 100: { code: 'account', balance: 10n ** 30n }, 101: { code: 'other' } },
      ...options,
      scripts: { init: body, other: body },
    })
    const result = run(machine, options.to ?? 1n, INSTALL, 'user', (event) => events.push(event))
    return { number, result, events }
  }
  const code = ScriptedRuntime.code('other')

  it('is for the init actor only, and for networks with user actors', async () => {
    const script = (kernel: Kernel): void => install(kernel, link(kernel, code))
    expect((await attempt(script)).number).toBeUndefined()
    expect((await attempt(script, { to: 101n })).number).toBe(ErrorNumber.Forbidden)
    expect((await attempt(script, { rules: NV28 })).number).toBe(ErrorNumber.Forbidden)
    expect(NV28.syscalls).toBe(SYSCALLS_4)
    expect(SYSCALLS_4).not.toContain(INSTALL_ACTOR)
    expect(rules).toMatchObject({ name: 'nv28+user-actors', userActors: USER_ACTOR_RULES })
    expect(rules.syscalls.at(-1)).toBe(INSTALL_ACTOR)
  })

  it('is refused to readers, for what is no raw block, and for what the init actor has not linked', async () => {
    const numbers: (ErrorNumber | undefined)[] = []
    await attempt((kernel) => {
      if (kernel.context.readOnly) {
        numbers.push(errorOf(() => install(kernel, link(kernel, code))))
        return
      }
      send(kernel, idOf(1), INSTALL, 0, 0n, 0n, NO_LIMIT, 1n)
      numbers.push(errorOf(() => install(kernel, link(kernel, Uint8Array.of(0x80), 0x71))))
      numbers.push(errorOf(() => install(kernel, cidOf(kernel.calls.machine.crypto, RAW, code))))
    })
    expect(numbers).toEqual([ErrorNumber.ReadOnly, ErrorNumber.IllegalArgument, ErrorNumber.NotFound])
  })

  it('tells the actor that code is refused, and the trace and the backtrace why', async () => {
    for (const [bytes, refusal] of [
      [ScriptedRuntime.code('nobody'), { code: 'scripted/unknown', offset: 7 }],
      [Uint8Array.of(0, 1, 2), { code: 'machine/unknown-code', offset: undefined }],
    ] as const) {
      const { number, events } = await attempt((kernel) => install(kernel, link(kernel, bytes)))
      expect(number).toBe(ErrorNumber.IllegalArgument)
      expect(events).toContainEqual(
        expect.objectContaining({ type: 'install', refusal: expect.objectContaining(refusal) }),
      )
    }
    const { events } = await attempt((kernel) => install(kernel, link(kernel, code)))
    expect(events.filter(({ type }) => type === 'install')).toMatchObject([{ refusal: undefined }])
  })

  it('bounds the code, at the bound, and charges for it before it is looked at', async () => {
    const bounded = (maximumCodeSize: number): RuleSet => withUserActors(NV28, { maximumCodeSize })
    const script = (kernel: Kernel): void => install(kernel, link(kernel, code))
    const charge = { type: 'gas', name: 'OnInstallActor', milligas: code.length * 2_000_000 }
    const fits = await attempt(script, { rules: bounded(code.length) })
    expect(fits.number).toBeUndefined()
    const order = fits.events.filter(({ type }) => type === 'install' || type === 'gas')
    expect(order[order.findIndex(({ type }) => type === 'install') - 1]).toEqual(charge)
    const tooLarge = await attempt(script, { rules: bounded(code.length - 1) })
    expect(tooLarge.number).toBe(ErrorNumber.LimitExceeded)
    expect(tooLarge.events.filter(({ type }) => type === 'install')).toEqual([])
  })
})
