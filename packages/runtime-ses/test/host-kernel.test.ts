import { type DebugOutput, ErrorNumber, ExitCode, idAddress, type TraceEvent } from '@troupe/hypervisor'
import { BLAKE2B_256, cidOf, DAG_CBOR, RAW } from '@troupe/ipld'
import type { SendOptions } from '@troupe/testkit'
import { describe, expect, it } from 'vitest'
import { crypto, RULES, sesNetwork } from './support/ses-network.ts'

/** Helpers that the actors of these tests have: an answer of text, and one of the number of a failure. */
const HELPERS = `
  const text = (value) => ({ codec: 0x55, data: Uint8Array.from(JSON.stringify(value, (key, each) =>
    typeof each === 'bigint' ? String(each) : each instanceof Uint8Array ? [...each] : each), (c) => c.charCodeAt(0)) });
  const failure = (run) => { try { run(); return undefined } catch (error) { return error.errorNumber } };
`

/** What an actor answers that runs a body with the host's kernel and the parameters. */
async function answer(body: string, options: SendOptions = {}): Promise<unknown> {
  const { send } = await sesNetwork([
    `(() => { ${HELPERS} return { 2: (host, parameters) => text((() => { ${body} })()) } })()`,
  ])
  const { receipt, failure } = send(options)
  expect([receipt.exitCode, failure?.message]).toEqual([0, undefined])
  return JSON.parse(new TextDecoder().decode(receipt.returnData))
}

describe('what an actor has of the kernel', () => {
  it('is its message', async () => {
    expect(await answer('return host.message()', { value: 2n ** 64n + 7n })).toEqual({
      origin: '100',
      nonce: '0',
      caller: '100',
      receiver: '101',
      method: '2',
      value: String(2n ** 64n + 7n),
      gasPremium: '0',
      flags: '0',
    })
  })

  it('is its network', async () => {
    const network = { epoch: '100', timestamp: '3000', baseFee: '100', chainId: '0', networkVersion: 28 }
    expect(await answer('return host.network()')).toEqual(network)
    expect(await answer('return host.circulatingSupply()')).toBe(String(10n ** 27n))
  })

  it('is its parameters, of any size and codec', async () => {
    const params = Uint8Array.from({ length: 70_000 }, (_, i) => i)
    const seen = 'return [parameters.codec, parameters.data.length, parameters.data[69_999]]'
    expect(await answer(seen, { params })).toEqual([0x51, 70_000, 69_999 & 0xff])
    expect(await answer('return parameters === undefined', { params: new Uint8Array() })).toBe(true)
  })

  it('are blocks and its state', async () => {
    const block = Uint8Array.of(0x81, 0x07)
    const cid = cidOf(crypto, DAG_CBOR, block)
    const body = `const cid = host.putBlock(0x71, new Uint8Array([0x81, 7])); host.setRoot(cid);
      return [cid, host.root(), host.openBlock(cid), failure(() => host.openBlock(new Uint8Array(38).fill(1))), failure(() => host.openBlock(new Uint8Array(200)))]`
    expect(await answer(body)).toEqual([
      [...cid.bytes],
      [...cid.bytes],
      { codec: 0x71, data: [0x81, 7] },
      ErrorNumber.NotFound,
      ErrorNumber.IllegalArgument,
    ])
  })

  it('are balances and addresses', async () => {
    const body = `return [host.balance(), host.balanceOf(101n), host.resolveAddress(new Uint8Array([0, 100])), failure(() => host.resolveAddress(new Uint8Array([9]))),
      host.delegatedAddress(101n) === undefined, host.nextActorAddress().length, host.codeCid(100n).length, host.builtinType(host.codeCid(100n)), host.builtinType(host.codeCid(101n)),
      host.builtinCode(4).length]`
    expect(await answer(body)).toEqual([
      '1000',
      '1000',
      '100',
      ErrorNumber.IllegalArgument,
      true,
      21,
      38,
      4,
      0,
      38,
    ])
  })

  it('is cryptography', async () => {
    const body = `const data = new Uint8Array([1, 2, 3]);
      return [host.hash(0xb220, data), host.hash(0x12, data).length, failure(() => host.hash(0x99, data)), host.verifySignature(1, new Uint8Array(65), new Uint8Array([1, ...new Uint8Array(20)]), data),
        failure(() => host.recoverPublicKey(new Uint8Array(31), new Uint8Array(65))), host.verifyBlsAggregate(new Uint8Array(96), [new Uint8Array(48)], [data]),
        failure(() => host.verifyBlsAggregate(new Uint8Array(96), [new Uint8Array(48)], []))]`
    expect(await answer(body)).toEqual([
      [...crypto.blake2b(Uint8Array.of(1, 2, 3), 32)],
      32,
      ErrorNumber.IllegalArgument,
      false,
      ErrorNumber.IllegalArgument,
      false,
      ErrorNumber.IllegalArgument,
    ])
    expect(BLAKE2B_256).toBe(0xb220)
  })

  it('is randomness and what tipsets there were', async () => {
    const body = `return [host.chainRandomness(99n).length, host.beaconRandomness(99n).length, host.tipsetCid(99n).length]`
    expect(await answer(body)).toEqual([32, 32, 38])
  })

  it('is gas, which goes down', async () => {
    const [before, after] = (await answer('return [host.gasAvailable(), host.gasAvailable()]')) as [
      string,
      string,
    ]
    expect(BigInt(before)).toBeLessThan(10_000_000_000n)
    expect(BigInt(after)).toBeLessThan(BigInt(before))
  })

  it('are events', async () => {
    const { send } = await sesNetwork([
      `({ 2: (host) => host.emitEvent([{ flags: 3n, key: 'wer \\u00e4\\ud83d\\ude00', codec: 0x55, value: new Uint8Array([7, 8]) }, { flags: 0n, key: 'k', codec: 0x51, value: new Uint8Array([1]) }]) })`,
    ])
    const { events } = send()
    expect(events.map(({ emitter, entries }) => [emitter, entries])).toEqual([
      [
        101n,
        [
          { flags: 3n, key: 'wer ä😀', codec: 0x55n, value: Uint8Array.of(7, 8) },
          { flags: 0n, key: 'k', codec: 0x51n, value: Uint8Array.of(1) },
        ],
      ],
    ])
  })

  it('is a log, which costs the same whether anybody listens or not, and fails for nobody', async () => {
    const lines: string[] = []
    const debug: DebugOutput = {
      log: (_, message) => lines.push(message),
      storeArtifact: () => expect.unreachable(),
    }
    const script = `({ 2: (host) => { for (const text of ['so \\u00e4', 'half \\ud83c', '\\0', '']) host.log('warn', text) } })`
    const quiet = (await sesNetwork([script])).send().receipt
    const loud = (await sesNetwork([script], { debug })).send().receipt
    expect(quiet.exitCode).toBe(0)
    expect(loud).toEqual(quiet)
    expect(lines).toEqual(['warn: so ä', 'warn: half \ufffd', 'warn: \0', 'warn: '])
  })

  it('is an end with an exit code, a message and a block, which nothing in the actor sees', async () => {
    const { send } = await sesNetwork([
      `({ 2: (host) => { try { host.abort(33, 'so \\u00e4', { codec: 0x55, data: new Uint8Array([5]) }) } catch { host.setRoot(host.putBlock(0x71, new Uint8Array([0xf6]))) } finally { for (;;); } } })`,
    ])
    const { receipt, failure } = send()
    expect(receipt).toMatchObject({ exitCode: 33, returnData: Uint8Array.of(5) })
    expect(failure?.message).toBe('so ä')
  })

  it('is no end with an exit code of the system', async () => {
    const { send } = await sesNetwork([`({ 2: (host) => host.abort(7, '', undefined) })`])
    expect(send().receipt.exitCode).toBe(ExitCode.SYS_ILLEGAL_EXIT_CODE)
  })

  it('is deleting itself', async () => {
    const { send, network } = await sesNetwork([
      `({ 2: (host) => { try { host.selfDestruct(false) } catch (error) { host.selfDestruct(error.errorNumber === 2) } } })`,
    ])
    expect(send().receipt.exitCode).toBe(0)
    expect(network.machine.state.getActor(101n)).toBeUndefined()
  })

  it('lacks what the network does not have', async () => {
    expect(await answer(`return failure(() => host.upgrade(host.root(), undefined))`)).toBe(
      ErrorNumber.IllegalOperation,
    )
  })
})

describe('a syscall of a hardened actor', () => {
  it('is charged and traced as one of a native actor', async () => {
    const { send } = await sesNetwork([`({ 2: (host) => { host.balance(); host.root() } })`])
    const events: TraceEvent[] = []
    send({ trace: (event) => events.push(event) })
    expect(
      events.filter(({ type }) => type === 'syscall').map((event) => 'name' in event && event.name),
    ).toEqual(['current_balance', 'root'])
    const charges = events.flatMap((event) => (event.type === 'gas' ? [event.name] : []))
    expect(charges.filter((name) => name === 'OnSyscall')).toHaveLength(2)
    expect(charges).toContain('OnActorGetRoot')
  })
})

describe('a call of a hardened actor', () => {
  const SEND = `const call = (host, more) => host.send({ to: new Uint8Array([0, 102]), method: 2n, parameters: undefined, value: 0n, gasLimit: undefined, readOnly: false, locksSender: false, ...more });`
  const caller = (body: string): string =>
    `(() => { ${HELPERS} ${SEND} return { 2: (host) => text((() => { ${body} })()) } })()`
  const answerOf = (data: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(data))
  const CHANGE = `host.setRoot(host.putBlock(0x71, new Uint8Array([0x81, 0xf6])))`

  it('takes parameters and value, and gives a block', async () => {
    const callee = `({ 2: (host, parameters) => ({ codec: 0x71, data: new Uint8Array([0x82, Number(host.message().value), parameters.data[0]]) }) })`
    const { send, network } = await sesNetwork([
      caller(`return call(host, { value: 9n, parameters: { codec: 0x55, data: new Uint8Array([3]) } })`),
      callee,
    ])
    expect(answerOf(send().receipt.returnData)).toEqual({
      exitCode: 0,
      block: { codec: DAG_CBOR, data: [0x82, 9, 3] },
    })
    expect(network.machine.state.getActor(102n)?.balance).toBe(1009n)
  })

  it('takes all back that a callee did which failed, and the caller goes on', async () => {
    const { send, network } = await sesNetwork([
      caller(`${CHANGE}; const { exitCode, block } = call(host, { value: 9n }); return [exitCode, block]`),
      `({ 2: (host) => { ${CHANGE}; throw Error('no') } })`,
    ])
    const head = network.machine.state.getActor(102n)?.head
    expect(answerOf(send().receipt.returnData)).toEqual([23, null])
    expect(network.machine.state.getActor(102n)).toMatchObject({ head, balance: 1000n })
    expect(network.machine.state.getActor(101n)?.head).not.toEqual(head)
  })

  it('is read-only for all below, where it is so', async () => {
    const { send } = await sesNetwork([
      caller(`return call(host, { readOnly: true })`),
      caller(
        `return [failure(() => ${CHANGE}), failure(() => call(host, { value: 1n })), host.message().flags]`,
      ),
    ])
    const { exitCode, block } = answerOf(send().receipt.returnData) as {
      exitCode: number
      block: { data: number[] }
    }
    expect(exitCode).toBe(0)
    expect(answerOf(Uint8Array.from(block.data))).toEqual([ErrorNumber.ReadOnly, ErrorNumber.ReadOnly, '1'])
  })

  it('has as much gas as it is given: the callee cannot see that it is used up, and the caller has the rest', async () => {
    const { send } = await sesNetwork([
      caller(`return [call(host, { gasLimit: 50_000_000n }).exitCode, host.gasAvailable() > 9_000_000_000n]`),
      `({ 2: async () => { for (;;) { try { await null; for (;;); } catch {} finally { continue } } } })`,
    ])
    expect(answerOf(send().receipt.returnData)).toEqual([ExitCode.SYS_OUT_OF_GAS, true])
  })

  it('goes to itself, in an engine of its own, as deep as there is memory', async () => {
    const itself = `(() => { ${HELPERS} ${SEND} let calls = 0; return { 2: (host, parameters) => { calls++;
      const depth = parameters === undefined ? 0 : parameters.data[0];
      if (depth === 12) return text([calls, depth]);
      return call(host, { to: new Uint8Array([0, 101]), parameters: { codec: 0x55, data: new Uint8Array([depth + 1]) } }).block } } })()`
    const { send } = await sesNetwork([itself])
    expect(answerOf(send().receipt.returnData)).toEqual([1, 12])
  })

  it('takes its image and 16 MiB of the memory that all calls of a message share', async () => {
    const itself = `({ 2: (host) => { const { exitCode, block } = host.send({ to: new Uint8Array([0, 101]), method: 2n, parameters: undefined, value: 0n, gasLimit: undefined, readOnly: false, locksSender: false });
      return exitCode === 0 ? { codec: 0x55, data: new Uint8Array([block.data[0] + 1]) } : { codec: 0x55, data: new Uint8Array([exitCode]) } } })`
    const MIB = 1024 * 1024
    const levels = async (bytes: number): Promise<number> => {
      const { send } = await sesNetwork([itself], { rules: { ...RULES, maximumMemoryBytes: bytes } })
      const { receipt } = send()
      // The innermost call gives the exit code of the one that is refused.
      return receipt.exitCode === 0
        ? (receipt.returnData[0] as number) - ExitCode.SYS_ILLEGAL_INSTRUCTION + 1
        : 0
    }
    expect(await levels(2 * 16 * MIB)).toBe(1)
    expect(await levels(3 * 22 * MIB)).toBe(3)
    expect(await levels(16 * MIB)).toBe(0)
  })

  it('cannot send more than there is, or to what is no address', async () => {
    const { send } = await sesNetwork([
      caller(`return [failure(() => call(host, { value: 2000n })), failure(() => call(host, { value: -1n })), failure(() => call(host, { value: 2n ** 128n })),
        failure(() => call(host, { to: new Uint8Array() })), call(host, { method: 99n }).exitCode]`),
      `({})`,
    ])
    expect(answerOf(send().receipt.returnData)).toEqual([
      ErrorNumber.InsufficientFunds,
      ErrorNumber.IllegalArgument,
      ErrorNumber.IllegalArgument,
      ErrorNumber.IllegalArgument,
      ExitCode.USR_UNHANDLED_MESSAGE,
    ])
  })

  it('refuses to be called back, where its code or the call says so', async () => {
    const back = `({ 2: (host) => ({ codec: 0x55, data: new Uint8Array([host.send({ to: new Uint8Array([0, 101]), method: 3n, parameters: undefined, value: 0n, gasLimit: undefined, readOnly: false, locksSender: false }).exitCode]) }) })`
    const locked = await sesNetwork([
      `({ isReentrant: false, 2: (host) => host.send({ to: new Uint8Array([0, 102]), method: 2n, parameters: undefined, value: 0n, gasLimit: undefined, readOnly: false, locksSender: false }).block, 3() {} })`,
      back,
    ])
    expect(locked.send().receipt.returnData).toEqual(Uint8Array.of(ExitCode.SYS_REENTRANT_CALL))
    const once = await sesNetwork([
      `({ 2: (host) => host.send({ to: new Uint8Array([0, 102]), method: 2n, parameters: undefined, value: 0n, gasLimit: undefined, readOnly: false, locksSender: true }).block, 3() {} })`,
      back,
    ])
    expect(once.send().receipt.returnData).toEqual(Uint8Array.of(ExitCode.SYS_REENTRANT_CALL))
  })

  it('is of accounts too', async () => {
    const { send } = await sesNetwork([
      caller(
        `return call(host, { to: ${JSON.stringify([...idAddress(100n).bytes])}.reduce((all, each, i) => (all[i] = each, all), new Uint8Array(2)), method: 0n, value: 1n })`,
      ),
    ])
    expect(answerOf(send().receipt.returnData)).toEqual({ exitCode: 0 })
    expect(RAW).toBe(0x55)
  })
})
