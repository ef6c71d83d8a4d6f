import { Assembler, deployCode } from '@troupe/differential'
import { ethereumAddress, idAddress } from '@troupe/hypervisor'
import { CborWriter } from '@troupe/ipld'
import { expect } from 'vitest'
import { onBothActors } from './networks.ts'
import { PARROT } from './parrot.ts'
import { ALL, ask, caller, evaluating } from './programs.ts'
import { bytesOf, ETHEREUM_ACCOUNT, INVOKE, masked, type Stage, WHO, wordOf, words } from './stage.ts'

const RAW = 0x55
const DAG_CBOR = 0x71
const GET_BYTECODE = 3n
const INVOKE_DELEGATE = 6n
/** What a transfer is given, by whatever name code asks for it. */
const TRANSFER_GAS = 10_000_000n
const none = new Uint8Array()

/** A contract that returns its input. */
function echo(stage: Stage): bigint {
  const code = new Assembler().op('CALLDATASIZE').push(0, 0).op('CALLDATACOPY', 'CALLDATASIZE').push(0)
  return stage.create(deployCode(code.op('RETURN').finish()))
}

onBothActors('a call', (play) => {
  play('is a message to InvokeEVM, with the input in a raw block and the gas that was asked for', (stage) => {
    const contract = stage.create(caller('CALL'))
    const to = echo(stage)
    const input = words(0x42)
    const { status, returned, sent } = ask(stage, contract, { to, input, gas: 0xffffffffn })
    expect([status, returned]).toEqual([1, input])
    expect(sent).toEqual([
      {
        ...{ to: ethereumAddress(bytesOf(to, 20)), method: INVOKE, value: 0n, readOnly: false },
        ...{ parameters: { codec: RAW, data: input }, gasLimit: 0xffffffffn },
      },
    ])
  })

  play('without input has no parameters', (stage) => {
    const contract = stage.create(caller('CALL'))
    const { status, returned, sent } = ask(stage, contract, { to: echo(stage) })
    expect([status, returned]).toEqual([1, none])
    expect(sent[0]?.parameters).toBeUndefined()
  })

  play('with value and no gas, or with 2300 gas and no value, is given enough for a transfer', (stage) => {
    const contract = stage.create(caller('CALL'), { value: 100n })
    const to = masked(WHO.parrot)
    const sent = (gas: bigint, value: bigint): unknown => {
      const outcome = ask(stage, contract, { to, gas, value })
      expect(outcome.status).toBe(1)
      return outcome.sent.map((call) => [call.to, call.method, call.value, call.gasLimit])
    }
    const recipient = idAddress(WHO.parrot)
    expect(sent(0n, 0x42n)).toEqual([[recipient, INVOKE, 0x42n, TRANSFER_GAS]])
    expect(sent(2300n, 0n)).toEqual([[recipient, INVOKE, 0n, TRANSFER_GAS]])
    expect(stage.balance(WHO.parrot)).toBe(0x42n)
    expect(stage.balance(stage.id(contract))).toBe(100n - 0x42n)
  })

  play('writes as much of what is returned as there is room for', (stage) => {
    // Input: size of the output region, whom to call, and how much memory to return.
    const code = new Assembler().push(0).op('CALLDATALOAD').push(0, 0, 0, 0, 32).op('CALLDATALOAD')
    code.push(ALL).op('CALL').push(64).op('CALLDATALOAD').push(0).op('RETURN')
    const contract = stage.create(deployCode(code.finish()))
    const filling = new Assembler()
    for (let at = 0; at < 2048; at += 32) filling.push((1n << 256n) - 1n, at).op('MSTORE')
    const other = stage.create(deployCode(filling.push(2048, 0).op('RETURN').finish()))
    for (const [room, size] of [
      [32, 64],
      [64, 64],
      [1024, 1025],
    ] as const) {
      const { output } = stage.call(contract, words(room, other, size))
      expect(output).toEqual(Uint8Array.from({ length: size }, (_, at) => (at < room ? 0xff : 0)))
    }
  })

  play(
    'by DELEGATECALL asks for the code, and runs it in the same contract with the same caller and value',
    (stage) => {
      const contract = stage.create(caller('DELEGATECALL'))
      const code = new Assembler()
        .op('CALLER')
        .push(0)
        .op('MSTORE', 'CALLVALUE')
        .push(32)
        .op('MSTORE', 'ADDRESS')
      const telling = code
        .push(64)
        .op('MSTORE')
        .push(0)
        .op('CALLDATALOAD')
        .push(96)
        .op('MSTORE')
        .push(128, 0)
        .op('RETURN')
      const to = stage.create(deployCode(telling.finish()))
      const staged = { from: WHO.ethereumAccount, value: 123n }
      const input = words(0x51)
      const { status, returned, sent } = ask(stage, contract, { to, input, gas: 0xffffffffn }, staged)
      expect([status, returned]).toEqual([1, words(ETHEREUM_ACCOUNT, 123, contract, 0x51)])
      const params = new CborWriter().array(4).cid(stage.state(to).bytecode).bytes(input)
      expect(sent).toEqual([
        {
          ...{ to: idAddress(stage.id(to)), method: GET_BYTECODE, value: 0n, readOnly: true },
          ...{ parameters: undefined, gasLimit: expect.any(BigInt) },
        },
        {
          ...{ to: idAddress(stage.id(contract)), method: INVOKE_DELEGATE, value: 0n, readOnly: false },
          parameters: {
            codec: DAG_CBOR,
            data: params.bytes(bytesOf(ETHEREUM_ACCOUNT, 20)).bytes(Uint8Array.of(0, 123)).finish(),
          },
          gasLimit: 0xffffffffn,
        },
      ])
    },
  )

  play('of another method number asks the code, and its answer is exit code and block', (stage) => {
    // handle_filecoin_method(method, codec, parameters): 1024 gives nothing, 1025 a block, 1026 exit code 42, 1027 both.
    const isOdd = (code: Assembler): Assembler => code.push(4).op('CALLDATALOAD').push(1).op('AND')
    const answer = new Assembler()
      .push(1025, 4)
      .op('CALLDATALOAD', 'GT')
      .push(42)
      .op('MUL')
      .push(0)
      .op('MSTORE')
    isOdd(answer).push(0x51).op('MUL').push(32).op('MSTORE').push(96, 64).op('MSTORE')
    isOdd(answer).push(6).op('MUL').push(96).op('MSTORE')
    answer
      .push(BigInt(`0x${Buffer.from('foobar').toString('hex')}`) << 208n, 128)
      .op('MSTORE')
      .push(160, 0)
      .op('RETURN')
    const contract = stage.create(deployCode(answer.finish()))
    const block = new TextEncoder().encode('foobar')
    const call = (method: bigint): unknown => {
      const { exitCode, returnData } = stage.send(ethereumAddress(bytesOf(contract, 20)), method)
      return [exitCode, returnData]
    }
    expect(call(1024n)).toEqual([0, none])
    expect(call(1025n)).toEqual([0, block])
    expect(call(1026n)).toEqual([42, none])
    expect(call(1027n)).toEqual([42, block])
  })

  play('of another method number gives the code the method, the codec and the parameters', (stage) => {
    const code = new Assembler()
      .push(96, 64)
      .op('MSTORE', 'CALLDATASIZE')
      .push(96)
      .op('MSTORE', 'CALLDATASIZE')
    const returning = code
      .push(0, 128)
      .op('CALLDATACOPY')
      .push(0x51, 32)
      .op('MSTORE')
      .push(320, 0)
      .op('RETURN')
    const contract = stage.create(deployCode(returning.finish()))
    const params = new CborWriter().array(1).bytes(Uint8Array.of(7)).finish()
    const { returnData } = stage.send(ethereumAddress(bytesOf(contract, 20)), PARROT.answer, params)
    // The selector of handle_filecoin_method(uint64,uint64,bytes).
    expect(returnData.subarray(0, 4).toHex()).toBe('868e10c4')
    const padded = Uint8Array.from({ length: 32 }, (_, at) => params[at] ?? 0)
    expect(returnData.subarray(4)).toEqual(words(PARROT.answer, 0x51, 96, params.length, padded))
  })

  play(
    'of nobody, of an account and of native code succeed or fail as there is something to call',
    (stage) => {
      const contract = stage.create(caller('CALL'))
      expect(ask(stage, contract, { to: masked(WHO.nobody), input: words(1) })).toMatchObject({ status: 1 })
      expect(ask(stage, contract, { to: ETHEREUM_ACCOUNT, input: words(1) })).toMatchObject({
        status: 1,
        returned: none,
      })
      const native = ask(stage, contract, {
        to: masked(WHO.parrot),
        input: new CborWriter().bytes(words(5)).finish(),
      })
      expect([native.status, wordOf(native.returned)]).toEqual([1, 5n])
      const delegate = stage.create(caller('DELEGATECALL'))
      expect(ask(stage, delegate, { to: masked(WHO.parrot) })).toMatchObject({ status: 0 })
      expect(ask(stage, delegate, { to: ETHEREUM_ACCOUNT })).toMatchObject({ status: 1, returned: none })
    },
  )

  play('by STATICCALL may read and not write, however deep', (stage) => {
    const writer = stage.create(deployCode(new Assembler().push(1, 0).op('SSTORE').finish()))
    const reader = stage.create(evaluating((code) => code.push(0).op('SLOAD')))
    const middle = stage.create(caller('CALL'))
    const delegating = stage.create(caller('DELEGATECALL'))
    const outer = stage.create(caller('STATICCALL'))
    const through = (between: bigint, to: bigint): number | undefined => {
      const { status, returned } = ask(stage, outer, { to: between, input: words(ALL, to, 0) })
      return status === 1 ? returned[0] : undefined
    }
    expect(ask(stage, outer, { to: reader })).toMatchObject({ status: 1, returned: words(0) })
    expect(ask(stage, outer, { to: writer })).toMatchObject({ status: 0 })
    expect([through(middle, reader), through(middle, writer)]).toEqual([1, 0])
    expect([through(delegating, reader), through(delegating, writer)]).toEqual([1, 0])
    expect(ask(stage, middle, { to: writer })).toMatchObject({ status: 1 })
  })
})
