/**
 * @module What the reference's own test actors find true of generation 4, found true here: the same calls in the same order, as scripts.
 *
 * Source: ref-fvm master testing/integration/tests/main.rs and testing/test_actors/actors; the actor is named with each test.
 */
import {
  Abort,
  type Address,
  actorAddress,
  delegatedAddress,
  ErrorNumber,
  ExitCode,
  type Kernel,
  NV21,
  NV28,
  type RuleSet,
  secp256k1Address,
} from '@troupe/hypervisor'
import { CBOR, type Cid, RAW } from '@troupe/ipld'
import { createTestNetwork, idOf, type Script, type TestNetwork } from '@troupe/testkit'
import { describe, expect, it } from 'vitest'
import { errorOf, NO_LIMIT, operation, send as sendTo } from '../call-manager/network.ts'
import { gasOf, invoke } from '../kernel/invoke.ts'
import { execute } from '../machine/message.ts'

const RICH = 10n ** 24n
const SELF = 101
const READ_ONLY = 1n
const BLAKE2B_256 = 0xb220n

const create = operation('ipld.blockCreate') as (
  k: Kernel,
  codec: bigint,
  data: Uint8Array,
) => { value: number }
const link = operation('ipld.blockLink') as (k: Kernel, id: number, hash: bigint, length: number) => Cid
const root = operation('self.root') as (k: Kernel) => Cid
const setRoot = operation('self.setRoot') as (k: Kernel, cid: Cid) => void
const destruct = operation('self.selfDestructOrBurn') as (k: Kernel, burn: number) => void
const balance = operation('self.currentBalance') as (k: Kernel) => { value: bigint }

const text = (value: string): Uint8Array => new TextEncoder().encode(value)
const put = (kernel: Kernel, value: string): Cid =>
  link(kernel, create(kernel, BigInt(RAW), text(value)).value, BLAKE2B_256, 32)

/** Sends without value; flags are 0 unless said. */
const send = (kernel: Kernel, to: Address, method = 0n, parameters = 0, value = 0n, flags = 0n) =>
  sendTo(kernel, to, method, parameters, 0n, value, NO_LIMIT, flags)

/** A network of account 100 and actor 101, whose methods are scripts. */
function network(
  rules: RuleSet,
  methods: Readonly<Record<string, Script>>,
  options: { balance?: bigint; nonce?: bigint } = {},
): Promise<TestNetwork> {
  return createTestNetwork({
    rules,
    actors: {
      100: { code: 'account', balance: RICH },
      [SELF]: { code: 'actor', balance: options.balance ?? 0n },
    },
    scripts: {
      actor: (kernel, parameters, info) => {
        const method = methods[String(kernel.context.method)]
        if (method === undefined) throw new Error(`no method ${kernel.context.method}`)
        return method(kernel, parameters, info)
      },
    },
  })
}

describe.each<[RuleSet]>([[NV21], [NV28]])('the reference’s test actors, at $name', (rules) => {
  it('fil-sself-actor: root, balance, and what is left of an actor that has deleted itself', async () => {
    expect.assertions(11)
    const funds = 10n ** 15n
    const net = await network(
      rules,
      {
        1: (kernel) => {
          expect(kernel.context.readOnly).toBe(false)
          expect(String(root(kernel))).toBe(String(kernel.calls.machine.emptyTuple))
          const cid = put(kernel, 'foo')
          setRoot(kernel, cid)
          expect(String(root(kernel))).toBe(String(cid))
          expect(balance(kernel)).toEqual({ value: funds })
          // The SDK calls this number unspent funds.
          expect(errorOf(() => destruct(kernel, 0))).toBe(ErrorNumber.IllegalOperation)
          destruct(kernel, 1)
          expect(errorOf(() => root(kernel))).toBe(ErrorNumber.IllegalOperation)
          expect(errorOf(() => setRoot(kernel, cid))).toBe(ErrorNumber.IllegalOperation)
          expect(balance(kernel)).toEqual({ value: 0n })
          expect(errorOf(() => destruct(kernel, 0))).toBeUndefined()
          return 0
        },
      },
      { balance: funds },
    )
    expect(execute(net, { method: 1n }).receipt.exitCode).toBe(0)
    expect(net.machine.state.getActor(BigInt(SELF))).toBeUndefined()
  })

  it('fil-create-actor: creates with and without a delegated address, of any protocol', async () => {
    expect.assertions(8)
    await invoke(
      rules,
      (syscall, _kernel, { crypto }) => {
        const key = secp256k1Address(crypto, new Uint8Array(65))
        const codeOf = (type: number): Cid => syscall('actor.getCodeCidForType', type) as Cid
        const [multisig, account, placeholder] = [codeOf(9), codeOf(4), codeOf(13)]
        syscall('actor.createActor', 1000n, multisig, undefined)
        expect(syscall('actor.lookupDelegatedAddress', 1000n)).toBeUndefined()
        expect(String(syscall('actor.getActorCodeCid', 1000n))).toBe(String(multisig))
        syscall('actor.createActor', 1001n, account, key)
        expect(syscall('actor.lookupDelegatedAddress', 1001n)).toMatchObject({ key: key.key })
        expect(String(syscall('actor.getActorCodeCid', 1001n))).toBe(String(account))
        expect(syscall('actor.createActor', 1002n, placeholder, undefined)).toBe('Forbidden')
        expect(syscall('actor.resolveAddress', actorAddress(crypto, new Uint8Array(65)))).toBe('NotFound')
        expect(syscall('actor.getActorCodeCid', 1919n)).toBe('NotFound')
      },
      { receiver: 1 },
    )
    await invoke(rules, (syscall, _kernel, { crypto }) => {
      const key = secp256k1Address(crypto, new Uint8Array(65))
      const refused = [9, 4].map((type) =>
        syscall(
          'actor.createActor',
          1000n,
          syscall('actor.getCodeCidForType', type),
          type === 4 ? key : undefined,
        ),
      )
      expect(refused).toEqual(['Forbidden', 'Forbidden'])
    })
  })

  it('fil-exit-data-actor: data comes with any exit code', async () => {
    const exit = operation('vm.exit')
    const data = Uint8Array.of(1, 2, 3, 3, 7)
    const method: Script = (kernel) =>
      exit(
        kernel,
        kernel.context.method <= 2n ? 0 : 0x42,
        kernel.blocks.put({ codec: CBOR, data }),
        undefined,
      )
    const net = await network(rules, { 1: method, 2: method, 3: method })
    for (const [i, exitCode] of [0, 0, 0x42].entries()) {
      const { receipt } = execute(net, { method: BigInt(i + 1), sequence: BigInt(i) })
      expect(receipt).toMatchObject({ exitCode, returnData: data })
    }
  })

  it('fil-address-actor: keys and f410 addresses make actors, other namespaces do not', async () => {
    const seen: unknown[] = []
    const resolve = operation('actor.resolveAddress') as (k: Kernel, address: Address) => { value: bigint }
    const lookup = operation('actor.lookupDelegatedAddress') as (k: Kernel, id: bigint) => Address | undefined
    const net = await network(rules, {
      2: (kernel) => {
        const key = secp256k1Address(kernel.calls.machine.crypto, new Uint8Array(65))
        seen.push(send(kernel, key).exitCode, lookup(kernel, resolve(kernel, key).value))
        return 0
      },
      3: (kernel) => {
        const address = delegatedAddress(10n, text('foobar'))
        const { exitCode } = send(kernel, address)
        seen.push(exitCode, lookup(kernel, resolve(kernel, address).value)?.key === address.key)
        return 0
      },
      4: (kernel) => {
        seen.push(errorOf(() => send(kernel, delegatedAddress(999n, text('foobar')))))
        return 0
      },
      5: (kernel) => {
        seen.push(lookup(kernel, 0n))
        return 0
      },
    })
    for (const [sequence, method] of [2n, 3n, 4n, 5n].entries())
      expect(execute(net, { method, sequence: BigInt(sequence) }).receipt.exitCode).toBe(0)
    expect(seen).toEqual([0, undefined, 0, true, ErrorNumber.NotFound, undefined])
  })

  it('fil-readonly-actor: reads, writes blocks, calls and aborts, but changes nothing', async () => {
    const seen: unknown[] = []
    const self = idOf(SELF)
    const emit = operation('event.emitEventParts')
    const event = [new Uint8Array(24), new Uint8Array(), new Uint8Array()]
    const given = (kernel: Kernel): number => create(kernel, BigInt(RAW), text('input')).value
    const answer = (kernel: Kernel, id: number): string =>
      new TextDecoder().decode(kernel.blocks.get(id).data)
    const net = await network(rules, {
      2: (kernel) => {
        const account = secp256k1Address(kernel.calls.machine.crypto, new Uint8Array(65))
        seen.push(
          kernel.context.readOnly,
          errorOf(() => send(kernel, account, 0n, 0, 0n, READ_ONLY)),
          send(kernel, account).exitCode,
          send(kernel, self, 3n, 0, 0n, READ_ONLY).exitCode,
        )
        return 0
      },
      3: (kernel) => {
        const account = secp256k1Address(kernel.calls.machine.crypto, new Uint8Array(65))
        seen.push(
          kernel.context.readOnly,
          errorOf(() => send(kernel, account, 0n, 0, 1n)),
        )
        seen.push(send(kernel, account).exitCode)
        const cid = put(kernel, 'foo')
        seen.push(
          errorOf(() => setRoot(kernel, cid)),
          String(root(kernel)),
        )
        const output = send(kernel, self, 4n, given(kernel))
        seen.push(output.exitCode, answer(kernel, output.returnId))
        seen.push(send(kernel, self, 5n).exitCode)
        const again = send(kernel, self, 4n, given(kernel), 0n, READ_ONLY)
        seen.push(again.exitCode, answer(kernel, again.returnId))
        seen.push(
          errorOf(() => emit(kernel, ...event)),
          errorOf(() => destruct(kernel, 1)),
        )
        return 0
      },
      4: (kernel, parameters) => {
        seen.push(kernel.context.readOnly, answer(kernel, parameters))
        return create(kernel, BigInt(RAW), text('output')).value
      },
      5: (kernel) => {
        seen.push(kernel.context.readOnly)
        throw new Abort(42, 'no')
      },
    })
    const { receipt } = execute(net, { method: 2n, value: 100n })
    expect(receipt).toMatchObject({ exitCode: 0, eventsRoot: null })
    const { ReadOnly } = ErrorNumber
    const called = [true, 'input', 0, 'output']
    expect(seen).toEqual([
      ...[true, ReadOnly, 0, ReadOnly, String(net.machine.emptyTuple)],
      ...called,
      ...[true, 42],
      ...called,
      ...[ReadOnly, ReadOnly],
      // What the outer call has seen is told when it ends.
      ...[false, ReadOnly, 0, 0],
    ])
  })

  it('fil-syscall-actor: what an actor is told of network and message', async () => {
    expect.assertions(4)
    await invoke(
      rules,
      (syscall, kernel) => {
        expect(syscall('network.context')).toMatchObject({
          epoch: 0n,
          timestamp: 0n,
          baseFee: 100n,
          chainId: 1n,
          networkVersion: rules.networkVersion,
        })
        expect(syscall('vm.messageContext')).toMatchObject({
          ...{ origin: 100n, nonce: 100n, caller: 100n, receiver: BigInt(SELF) },
          ...{ methodNumber: 1n, valueReceived: 0n, gasPremium: 0n, flags: 0n },
        })
        expect(syscall('actor.balanceOf', 9_191_919n)).toBe('NotFound')
        expect(syscall('actor.balanceOf', BigInt(SELF))).toEqual(balance(kernel))
      },
      {
        message: { method: 1n, sequence: 100n, gasPremium: 0n, gasFeeCap: 100n },
        actors: {
          100: { code: 'account', balance: RICH, sequence: 100n },
          101: { code: 'body', balance: 1000n },
        },
        machine: {
          context: { epoch: 0n, timestamp: 0n, baseFee: 100n, circulatingSupply: 0n, chainId: 1n },
        },
      },
    )
  })

  it('fil-ipld-actor: a block is read from anywhere, and the rest of the buffer is counted', async () => {
    expect.assertions(9)
    await invoke(rules, (syscall, kernel) => {
      const size = 10 * 1024
      const data = Uint8Array.from({ length: size }, (_, i) => i % 256)
      const { value: id } = syscall('ipld.blockCreate', BigInt(RAW), data) as { value: number }
      const read = (offset: number, buffer: Uint8Array): unknown =>
        syscall('ipld.blockRead', id, offset, buffer)
      const buffer = new Uint8Array(2 * size)
      expect(read(0, buffer)).toEqual({ value: -size })
      expect(buffer.subarray(0, size)).toEqual(data)
      const slice = new Uint8Array(10)
      expect(read(10, slice)).toEqual({ value: size - 20 })
      expect(slice).toEqual(data.subarray(10, 20))
      expect(read(size + 10, slice)).toEqual({ value: -20 })
      expect(gasOf(kernel, () => read(size + 10, slice))).toBe(0)
      expect(read(2 ** 31, new Uint8Array(0))).toBe('IllegalArgument')
      expect(read(2 ** 31 - 11, new Uint8Array(20))).toBe('IllegalArgument')
      expect(read(2 ** 31 - 11, new Uint8Array(10))).toEqual({ value: size - (2 ** 31 - 1) })
    })
  })

  it('fil-hello-world-actor: an abort is the message’s exit code', async () => {
    const net = await network(rules, {
      1: () => {
        throw new Abort(ExitCode.USR_ILLEGAL_ARGUMENT, 'hello')
      },
    })
    expect(execute(net, { method: 1n }).receipt.exitCode).toBe(16)
  })
})
