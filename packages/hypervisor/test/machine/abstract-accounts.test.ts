import {
  Abort,
  AUTHENTICATE_MESSAGE,
  CallTree,
  decodeMessage,
  delegatedAddress,
  ErrorNumber,
  Executor,
  ExitCode,
  encodeMessage,
  type Kernel,
  Machine,
  type Message,
  type MessageResult,
  NV18,
  NV28,
  OPERATIONS,
  ProtocolFatal,
  rulesOf,
  SUPPORTED_NETWORK_VERSIONS,
  SyscallError,
  withAbstractAccounts,
} from '@troupe/hypervisor'
import { CBOR, CborReader, DAG_CBOR, RAW } from '@troupe/ipld'
import { createTestNetwork, idOf, type Script, type TestActor, type TestNetwork } from '@troupe/testkit'
import { describe, expect, it } from 'vitest'
import { LENGTH, messageOf } from './message.ts'

const NAMESPACE = 11n
const MAXIMUM = 5_000_000n
const rules = withAbstractAccounts(NV28, {
  maximumValidationGas: MAXIMUM,
  namespaces: new Map([[NAMESPACE, { manager: 'keys', account: 'keyaccount' }]]),
})
const RICH = 10n ** 24n
const SIGNATURE = Uint8Array.of(7, 7)

/** The parameters of `AuthenticateMessage`. */
function asked(kernel: Kernel, parameters: number): { signature: Uint8Array; message: Message } {
  const block = kernel.blocks.get(parameters)
  expect(block.codec).toBe(CBOR)
  const reader = new CborReader(block.data)
  reader.tuple(2)
  const [signature, message] = [reader.bytes().slice(), reader.bytes().slice()]
  reader.end()
  return { signature, message: decodeMessage(message) }
}

const answer = (kernel: Kernel, bytes: readonly number[], codec: number = CBOR): number =>
  kernel.blocks.put({ codec, data: Uint8Array.from(bytes) })

const yes = (kernel: Kernel): number => answer(kernel, [0xf5])

/** An account that accepts as `authenticate` says, and does nothing else. */
const account =
  (authenticate: Script): Script =>
  (kernel, parameters, info) =>
    kernel.context.method === AUTHENTICATE_MESSAGE ? authenticate(kernel, parameters, info) : 0

/** Accepts signatures that are 7, 7. */
const password: Script = (kernel, parameters) => {
  const { signature } = asked(kernel, parameters)
  return answer(kernel, [signature.length === 2 && signature.every((byte) => byte === 7) ? 0xf5 : 0xf4])
}

function network(
  authenticate: Script = password,
  actors: Record<string, TestActor> = {},
  of = rules,
): Promise<TestNetwork> {
  return createTestNetwork({
    rules: of,
    actors: {
      100: { code: 'account', balance: RICH },
      101: { code: 'target', balance: 1n },
      200: { code: 'wallet', balance: RICH },
      ...actors,
    },
    scripts: { wallet: account(authenticate), keyaccount: account(authenticate) },
  })
}

const fromWallet: Partial<Message> = { from: idOf(200) }

function run(
  { machine }: TestNetwork,
  fields: Partial<Message> = fromWallet,
  signature: Uint8Array | undefined = SIGNATURE,
  trace?: CallTree,
): MessageResult {
  const options = { length: LENGTH, signature, ...(trace === undefined ? {} : { trace: trace.listener }) }
  return new Executor(machine).execute(messageOf(fields), options)
}

/** That a message is refused as one of no account, and leaves nothing behind. */
function expectRefused(net: TestNetwork, result: MessageResult, actor = 200n): void {
  expect(result.receipt).toEqual({
    exitCode: ExitCode.SYS_SENDER_INVALID,
    returnData: new Uint8Array(),
    gasUsed: 0n,
    eventsRoot: null,
  })
  expect(result.fees).toEqual({
    ...{ baseFeeBurn: 0n, overEstimationBurn: 0n, minerTip: 0n, refund: 0n, gasBurned: 0n, gasRefund: 0n },
    minerPenalty: 100n * messageOf().gasLimit,
  })
  expect(result.events).toEqual([])
  expect(net.machine.state.getActor(actor)).toMatchObject({ sequence: 0n, balance: RICH })
  expect(net.machine.flush()).toEqual(net.root)
}

describe('an actor whose code accepts a message', () => {
  it('is its sender, and pays for being asked', async () => {
    const net = await network()
    const trace = new CallTree()
    const { receipt, fees, fidelity } = run(net, { ...fromWallet, value: 5n, method: 0n }, SIGNATURE, trace)
    expect(receipt.exitCode).toBe(ExitCode.OK)
    expect(net.machine.state.getActor(101n)?.balance).toBe(6n)
    const sender = net.machine.state.getActor(200n)
    expect(sender?.sequence).toBe(1n)
    expect(RICH - (sender?.balance ?? 0n)).toBe(
      5n + fees.baseFeeBurn + fees.overEstimationBurn + fees.minerTip,
    )
    expect(fidelity.level).toBe('simulated')

    const plain = run(net, { from: idOf(100), value: 5n, method: 0n })
    expect(receipt.gasUsed).toBeGreaterThan(plain.receipt.gasUsed)
    expect(trace.roots.map(({ call, actor }) => [call.from, call.method, actor])).toEqual([
      [0n, AUTHENTICATE_MESSAGE, 200n],
      [200n, 0n, 101n],
    ])
  })

  it('is shown the signature and the message, by the system, and may not write', async () => {
    let seen: ReturnType<typeof asked> | undefined
    let context: Kernel['context'] | undefined
    const net = await network((kernel, parameters) => {
      seen = asked(kernel, parameters)
      context = kernel.context
      return yes(kernel)
    })
    const message = messageOf({ ...fromWallet, params: Uint8Array.of(1, 2), value: 3n })
    expect(run(net, message).receipt.exitCode).toBe(0)
    expect(seen).toEqual({ signature: SIGNATURE, message })
    expect(encodeMessage(seen?.message as Message)).toEqual(encodeMessage(message))
    expect(context).toMatchObject({ caller: 0n, receiver: 200n, readOnly: true, valueReceived: 0n })
  })

  it('can judge what the message does', async () => {
    const net = await network((kernel, parameters) =>
      answer(kernel, [asked(kernel, parameters).message.value <= 10n ? 0xf5 : 0xf4]),
    )
    expectRefused(net, run(net, { ...fromWallet, value: 11n }))
    expect(run(net, { ...fromWallet, value: 10n }).receipt.exitCode).toBe(0)
  })

  it('sends one message after the other, and none twice', async () => {
    const net = await network()
    expect(run(net).receipt.exitCode).toBe(0)
    expect(run(net).receipt.exitCode).toBe(ExitCode.SYS_SENDER_STATE_INVALID)
    expect(run(net, { ...fromWallet, sequence: 1n }).receipt.exitCode).toBe(0)
    expect(net.machine.state.getActor(200n)?.sequence).toBe(2n)
  })

  it('is not asked where the sequence number or the balance forbids the message', async () => {
    let questions = 0
    const net = await network((kernel) => {
      questions++
      return yes(kernel)
    })
    for (const fields of [{ sequence: 1n }, { gasFeeCap: RICH }])
      expect(run(net, { ...fromWallet, ...fields }).receipt.exitCode).toBe(ExitCode.SYS_SENDER_STATE_INVALID)
    expect(questions).toBe(0)
  })

  it('may delete itself by its message, and its refund is burnt', async () => {
    const selfDestruct = OPERATIONS['self.selfDestructOrBurn'] as (kernel: Kernel, burn: number) => void
    const net = await createTestNetwork({
      rules,
      actors: { 200: { code: 'wallet', balance: RICH } },
      scripts: {
        wallet: (kernel) => {
          if (kernel.context.method === AUTHENTICATE_MESSAGE) return yes(kernel)
          selfDestruct(kernel, 1)
          return 0
        },
      },
    })
    const { receipt, fees } = run(net, { ...fromWallet, to: idOf(200) })
    expect(receipt.exitCode).toBe(0)
    expect(fees.refund).toBeGreaterThan(0n)
    expect(net.machine.state.getActor(200n)).toBeUndefined()
    expect(net.machine.state.getActor(99n)?.balance).toBe(RICH - fees.minerTip)
  })

  it('keeps its sequence number and its fee where the message itself fails', async () => {
    const net = await createTestNetwork({
      rules,
      actors: { 200: { code: 'wallet', balance: RICH }, 101: { code: 'target' } },
      scripts: {
        wallet: account(yes),
        target: () => {
          throw new Abort(ExitCode.USR_FORBIDDEN, 'no')
        },
      },
    })
    const result = run(net)
    expect(result.receipt.exitCode).toBe(ExitCode.USR_FORBIDDEN)
    expect(result.failure?.backtrace?.frames.map(({ actor }) => actor)).toEqual([101n])
    expect(net.machine.state.getActor(200n)?.sequence).toBe(1n)
  })
})

describe('an actor whose code does not accept a message', () => {
  const failures: readonly (readonly [string, Script])[] = [
    ['says no', (kernel) => answer(kernel, [0xf4])],
    ['returns nothing', () => 0],
    ['returns true and more', (kernel) => answer(kernel, [0xf5, 0xf5])],
    ['returns 1', (kernel) => answer(kernel, [1])],
    ['returns bytes that are not CBOR', (kernel) => answer(kernel, [0xf5], RAW)],
    ['returns a block that does not exist', () => 77],
    [
      'aborts',
      () => {
        throw new Abort(ExitCode.USR_ILLEGAL_ARGUMENT, 'the signature is wrong')
      },
    ],
    [
      'aborts, and says yes all the same',
      (kernel) => {
        throw new Abort(ExitCode.USR_FORBIDDEN, 'no', yes(kernel))
      },
    ],
    [
      'traps',
      () => {
        throw new Abort(ExitCode.SYS_ILLEGAL_INSTRUCTION, 'unreachable')
      },
    ],
    [
      'cannot be run',
      () => {
        throw new ProtocolFatal('no such code')
      },
    ],
    [
      'never ends',
      (kernel) => {
        for (;;) kernel.gas.charge('wasm_exec', 1_000_000)
      },
    ],
  ]
  it.each(failures)('sends nothing: it %s', async (_, script) => {
    const net = await network(script)
    const result = run(net)
    expectRefused(net, result)
    expect(result.failure).toBeDefined()
  })

  it('sends nothing without a signature', async () => {
    const net = await network(yes)
    expectRefused(net, new Executor(net.machine).execute(messageOf(fromWallet), { length: LENGTH }))
  })

  it('changes nothing, whatever it tries', async () => {
    const refusals: ErrorNumber[] = []
    const attempt = (run: () => unknown): void => {
      try {
        run()
      } catch (error) {
        if (!(error instanceof SyscallError)) throw error
        refusals.push(error.number)
      }
    }
    const op = (name: string) => OPERATIONS[name] as (kernel: Kernel, ...rest: unknown[]) => never
    const net = await network((kernel) => {
      const { head } = kernel.calls.machine.state.getActor(200n) as { head: unknown }
      attempt(() => op('self.setRoot')(kernel, head))
      attempt(() => op('self.selfDestructOrBurn')(kernel, 0))
      attempt(() =>
        op('event.emitEventParts')(kernel, new Uint8Array(16), Uint8Array.of(1), Uint8Array.of(2)),
      )
      attempt(() => op('send.send')(kernel, idOf(101), 0n, 0, 0n, 1n, 2n ** 64n - 1n, 0n))
      return answer(kernel, [0xf4])
    })
    expectRefused(net, run(net))
    expect(refusals).toEqual(Array.from({ length: 4 }, () => ErrorNumber.ReadOnly))
  })

  it('is every actor that knows nothing of messages, the system and placeholders too', async () => {
    const net = await network(password, {
      300: { code: 'target', balance: RICH },
      301: { code: 'placeholder', balance: RICH, delegatedAddress: delegatedAddress(12n, SIGNATURE) },
      302: {
        ...{ code: 'placeholder', balance: RICH, sequence: 1n },
        delegatedAddress: delegatedAddress(NAMESPACE, SIGNATURE),
      },
    })
    for (const id of [0, 1, 300, 301, 302])
      expect(run(net, { from: idOf(id), gasFeeCap: 0n }).receipt.exitCode).not.toBe(0)
    for (const id of [300, 301, 302])
      expect(run(net, { from: idOf(id) }).receipt.exitCode).toBe(ExitCode.SYS_SENDER_INVALID)
    expect(net.machine.flush()).toEqual(net.root)
  })

  it('is no concern of accounts, whose signatures others have verified', async () => {
    const net = await network(() => {
      throw new Error('nobody is asked')
    })
    expect(run(net, { from: idOf(100) }, undefined).receipt.exitCode).toBe(0)
  })
})

describe('the gas of being asked', () => {
  /** Uses gas until so many milligas are left under the limit in force, and says yes. */
  const leaving =
    (rest: bigint): Script =>
    (kernel) => {
      const handle = yes(kernel)
      kernel.gas.chargeWide('wasm_exec', kernel.gas.available - rest)
      return handle
    }
  /** What the return of `true` costs. */
  const RETURN = BigInt(NV28.prices.onChainReturnValue(1))

  it('has a bound that it may reach and not pass', async () => {
    let available = 0n
    const probe = await network((kernel) => {
      available = kernel.gas.available
      return yes(kernel)
    })
    run(probe)
    expect(available).toBeLessThanOrEqual(MAXIMUM * 1000n)
    expect(available).toBeGreaterThan((MAXIMUM - 1_000_000n) * 1000n)

    const [atBound, beyond] = [await network(leaving(RETURN)), await network(leaving(RETURN - 1n))]
    expect(run(atBound).receipt.exitCode).toBe(0)
    expectRefused(beyond, run(beyond))
  })

  it('is gas of the message', async () => {
    const [cheap, dear] = [await network(yes), await network(leaving(RETURN))]
    const [less, more] = [run(cheap).receipt.gasUsed, run(dear).receipt.gasUsed]
    expect(more).toBeGreaterThan(MAXIMUM)
    expect(less).toBeLessThan(MAXIMUM)
  })

  it('is not more than the message has', async () => {
    const used = run(await network(yes)).receipt.gasUsed
    // The call of the receiver would be paid for by the last of it.
    const tight = await network(yes)
    expect(run(tight, { ...fromWallet, gasLimit: used }).receipt.exitCode).toBe(0)
    const inclusion = BigInt(Math.ceil(NV28.prices.onChainMessage(LENGTH) / 1000))
    const none = await network(yes)
    const result = run(none, { ...fromWallet, gasLimit: inclusion })
    expect(result.receipt).toMatchObject({ exitCode: ExitCode.SYS_SENDER_INVALID, gasUsed: 0n })
    expect(result.fees.minerPenalty).toBe(100n * inclusion)
    expect(none.machine.flush()).toEqual(none.root)
    const short = await network(yes)
    expect(run(short, { ...fromWallet, gasLimit: inclusion - 1n }).receipt.exitCode).toBe(
      ExitCode.SYS_OUT_OF_GAS,
    )
  })
})

describe('a namespace of the rules', () => {
  const address = delegatedAddress(NAMESPACE, new Uint8Array(32).fill(3))

  it('has placeholders, which become its accounts by their first message', async () => {
    const net = await network()
    const { machine } = net
    expect(run(net, { from: idOf(100), to: address, method: 0n, value: RICH / 2n }).receipt.exitCode).toBe(0)
    const id = machine.state.lookupId(address) as bigint
    expect(machine.state.getActor(id)).toMatchObject({
      code: net.codeOf('placeholder'),
      delegatedAddress: address,
    })
    const wrong = run(net, { from: address }, Uint8Array.of(1))
    expect(wrong.receipt.exitCode).toBe(ExitCode.SYS_SENDER_INVALID)
    expect(machine.state.getActor(id)?.code).toEqual(net.codeOf('placeholder'))

    expect(run(net, { from: address }).receipt.exitCode).toBe(0)
    expect(machine.state.getActor(id)).toMatchObject({ code: net.codeOf('keyaccount'), sequence: 1n })
    expect(run(net, { from: address, sequence: 1n }).receipt.exitCode).toBe(0)
    machine.flush()
  })

  it('is one of those named, and Ethereum’s stays as it is', async () => {
    const net = await network()
    const send = (to: Message['to'], sequence: bigint) =>
      run(net, { from: idOf(100), to, sequence, method: 0n, value: RICH / 4n }).receipt.exitCode
    expect(send(delegatedAddress(12n, SIGNATURE), 0n)).toBe(ExitCode.SYS_INVALID_RECEIVER)
    const ethereum = delegatedAddress(10n, new Uint8Array(20).fill(9))
    expect(send(ethereum, 1n)).toBe(0)
    expect(run(net, { from: ethereum }, undefined).receipt.exitCode).toBe(0)
    const id = net.machine.state.lookupId(ethereum) as bigint
    expect(net.machine.state.getActor(id)?.code).toEqual(net.codeOf('ethaccount'))
  })

  it('needs its actors in the manifest', async () => {
    const exact = await network(password, {}, NV28)
    const { blocks, crypto, root } = exact
    const { context, externs } = exact.machine
    expect(() => Machine.create({ rules, blocks, crypto, root, context, externs, runtimes: [] })).toThrow(
      expect.objectContaining({ code: 'manifest/malformed' }),
    )
  })
})

describe('asking before a message is executed', () => {
  it('gives the answer of the code, at any sequence number, and changes nothing', async () => {
    const net = await network()
    const executor = new Executor(net.machine)
    const message = messageOf({ ...fromWallet, sequence: 3n })
    expect(executor.authenticate(message, { length: LENGTH, signature: SIGNATURE })).toBeUndefined()
    expect(executor.authenticate(message, { length: LENGTH, signature: Uint8Array.of(1) })).toBeDefined()
    expect(executor.authenticate(message, { length: LENGTH })).toBeDefined()
    expect(executor.authenticate(messageOf(), { length: LENGTH })).toBeUndefined()
    expect(executor.authenticate(messageOf({ from: idOf(999) }), { length: LENGTH })).toBeDefined()
    const poor = messageOf({ ...fromWallet, gasLimit: 1n })
    expect(executor.authenticate(poor, { length: LENGTH, signature: SIGNATURE })).toBeDefined()
    expect(net.machine.flush()).toEqual(net.root)
  })
})

describe('rules of Filecoin’s networks', () => {
  it('have no such accounts', async () => {
    for (const version of SUPPORTED_NETWORK_VERSIONS) {
      const exact = rulesOf(version)
      expect(exact.abstractAccounts).toBeUndefined()
      const net = await network(yes, {}, exact)
      expect(run(net).receipt.exitCode).toBe(ExitCode.SYS_SENDER_INVALID)
      expect(net.machine.state.getActor(200n)?.sequence).toBe(0n)
    }
    const net = await network(yes, {}, NV28)
    const to = delegatedAddress(NAMESPACE, SIGNATURE)
    const sent = run(net, { from: idOf(100), to, method: 0n, value: 1n })
    expect(sent.receipt.exitCode).toBe(ExitCode.SYS_INVALID_RECEIVER)
  })

  it('of generation 3 can be made to have them', async () => {
    const net = await network((kernel) => answer(kernel, [0xf5], DAG_CBOR), {}, withAbstractAccounts(NV18))
    expect(run(net).receipt.exitCode).toBe(0)
    expect(withAbstractAccounts(NV18).name).toBe('nv18+abstract-accounts')
  })
})
