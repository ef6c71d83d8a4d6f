import { Assembler, deployCode } from '@troupe/differential'
import { ethereumAddress, idAddress } from '@troupe/hypervisor'
import { CborReader, CborWriter } from '@troupe/ipld'
import { expect } from 'vitest'
import { onBothActors } from './networks.ts'
import { ALL, constructing, dispatching, evaluating, returnTop, select } from './programs.ts'
import { bytesOf, type Stage, WHO, wordOf, words } from './stage.ts'

const SYSTEM = 0n
const FORBIDDEN = 18
const REVERTED = 33
const GET_BYTECODE = 3n
const GET_BYTECODE_HASH = 4n
const GET_STORAGE_AT = 5n
const address = (contract: bigint): ReturnType<typeof ethereumAddress> =>
  ethereumAddress(bytesOf(contract, 20))
const nothing = new Uint8Array()

/** A word of a contract's storage, as the system actor may ask for it. */
function storageAt(
  stage: Stage,
  contract: bigint,
  key: bigint,
  from = SYSTEM,
): { exitCode: number; word: bigint } {
  const params = new CborWriter().array(1).bytes(words(key)).finish()
  const { exitCode, output } = stage.send(address(contract), GET_STORAGE_AT, params, { from })
  return { exitCode, word: wordOf(output) }
}

onBothActors('a contract', (play) => {
  play('tells where its code is, to the byte', (stage) => {
    const code = Uint8Array.of(0x60, 0x20, 0x36, 0x03, 0x60, 0x20, 0x5f, 0x37, 0xf3)
    const contract = stage.create(constructing((init) => init, code))
    const { exitCode, returnData } = stage.send(address(contract), GET_BYTECODE)
    expect(exitCode).toBe(0)
    const cid = new CborReader(returnData).cid()
    expect(stage.block(cid)).toEqual(code)
    const state = stage.state(contract)
    expect(String(state.bytecode)).toBe(String(cid))
    expect(state.hash).toEqual(stage.crypto.keccak256(code))
    expect(state).toMatchObject({ nonce: 1n, transient: undefined, tombstone: undefined })
  })

  play('without code has the hash of nothing', (stage) => {
    const contract = stage.create(nothing)
    const { returnData } = stage.send(address(contract), GET_BYTECODE_HASH)
    expect(new CborReader(returnData).bytes()).toEqual(stage.crypto.keccak256(nothing))
    expect(stage.call(contract)).toMatchObject({ exitCode: 0, output: nothing })
  })

  play('whose constructor reverts is not made, and the reason is told', (stage) => {
    const initcode = returnTop(new Assembler().push(0x42)).finish()
    const failed = stage.attemptToCreate(initcode.with(initcode.length - 1, 0xfd))
    expect([failed.exitCode, failed.output]).toEqual([REVERTED, words(0x42)])
  })

  play('shows its storage to the system actor and to nobody else', (stage) => {
    const contract = stage.create(
      constructing((code) => code.push(0xfffa, 0x8965).op('SSTORE'), Uint8Array.of(0xf3)),
    )
    expect(storageAt(stage, contract, 0x8965n)).toEqual({ exitCode: 0, word: 0xfffan })
    expect(storageAt(stage, contract, 0xaaaan)).toEqual({ exitCode: 0, word: 0n })
    expect(storageAt(stage, contract, 0x8965n, WHO.account).exitCode).toBe(FORBIDDEN)
  })

  play('may end with a PUSH32 of which all bytes are missing', (stage) => {
    const contract = stage.create(constructing((code) => code, Uint8Array.of(0x7f)))
    expect(stage.call(contract)).toMatchObject({ exitCode: 0, output: nothing })
  })

  play('calculates with what its constructor stored', (stage) => {
    const magic = (code: Parameters<typeof returnTop>[0]): typeof code => code.push(0).op('SLOAD')
    const contract = stage.create(
      dispatching(
        {
          0: (code) => returnTop(magic(code)),
          1: (code) => returnTop(magic(code.push(4).op('CALLDATALOAD')).op('ADD')),
          2: (code) => returnTop(magic(code.push(4).op('CALLDATALOAD')).op('MUL')),
        },
        (code) => code.push(0x42, 0).op('SSTORE'),
      ),
    )
    const call = (input: Uint8Array): bigint => wordOf(stage.call(contract, input).output)
    expect(call(select(0))).toBe(0x42n)
    expect(call(select(1, 1))).toBe(0x43n)
    expect(call(select(2, 2))).toBe(0x84n)
  })

  play('counts leading zeros (EIP-7939)', (stage) => {
    const contract = stage.create(evaluating((code) => code.push(0).op('CALLDATALOAD', 'CLZ')))
    const top = 1n << 255n
    for (const [word, zeros] of [
      [0n, 256n],
      [1n, 255n],
      [top >> 1n, 1n],
      [top - 1n, 1n],
      [top, 0n],
      [2n * top - 1n, 0n],
    ] as const)
      expect(wordOf(stage.call(contract, words(word)).output)).toBe(zeros)
  })

  play('copies memory that overlaps (EIP-5656)', (stage) => {
    const copying = evaluating((code) =>
      code.op('CALLDATASIZE').push(0, 0).op('CALLDATACOPY').push(32, 0, 8).op('MCOPY').push(8).op('MLOAD'),
    )
    const word = Uint8Array.from({ length: 32 }, (_, at) => at + 1)
    expect(stage.call(stage.create(copying), word).output).toEqual(word)
  })

  play('reverts with exit code 33 and its reason as a byte string', (stage) => {
    const contract = stage.create(
      dispatching({ 0: (code) => code.push(0xdeadbeefn, 0).op('MSTORE').push(4, 28).op('REVERT') }),
    )
    const { exitCode, returnData } = stage.call(contract, select(0))
    expect(exitCode).toBe(REVERTED)
    expect(returnData).toEqual(Uint8Array.of(0x44, 0xde, 0xad, 0xbe, 0xef))
  })

  play('keeps transient words for the message that wrote them', (stage) => {
    const contract = stage.create(
      dispatching({
        0: (code) => returnTop(code.push(4).op('CALLDATALOAD').push(7).op('TSTORE').push(7).op('TLOAD')),
        1: (code) => returnTop(code.push(7).op('TLOAD')),
      }),
    )
    expect(wordOf(stage.call(contract, select(0, 99)).output)).toBe(99n)
    // Two calls in one message: what the first wrote, the second finds.
    const code = new Assembler().push(99, 4).op('MSTORE')
    const call = (size: number): Assembler => code.push(32, 64, size, 0, 0, contract, ALL).op('CALL', 'POP')
    call(36).push(1, 3).op('MSTORE8')
    const both = stage.create(deployCode(call(4).push(32, 64).op('RETURN').finish()))
    expect(wordOf(stage.call(both).output)).toBe(99n)
    // What was written last is still in the state, by whom and in which message; to another message it is nothing.
    const { transient } = stage.state(contract)
    expect(transient?.lifespan.origin).toBe(WHO.account)
    expect(wordOf(stage.call(contract, select(1)).output)).toBe(0n)
    expect(wordOf(stage.call(contract, select(1), { from: WHO.ethereumAccount }).output)).toBe(0n)
    expect(stage.state(contract).transient?.lifespan).toEqual(transient?.lifespan)
  })

  play('is not called by a method number that is kept for the actor', (stage) => {
    const contract = stage.create(evaluating((code) => code.op('NUMBER')))
    expect(stage.send(address(contract), 0x42n).exitCode).toBe(22)
    expect(stage.send(idAddress(stage.id(contract)), 1023n).exitCode).toBe(22)
  })
})
