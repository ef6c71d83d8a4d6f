import { Assembler, deployCode } from '@troupe/differential'
import { ethereumAddress, idAddress } from '@troupe/hypervisor'
import { CborReader } from '@troupe/ipld'
import { expect } from 'vitest'
import { onBothActors } from './networks.ts'
import { ALL, ask, caller, dispatching, returnTop, select } from './programs.ts'
import { bytesOf, ETHEREUM_ACCOUNT, masked, type Outcome, type Stage, WHO, wordOf, words } from './stage.ts'

const EAM = idAddress(10n)
const CREATE = 2n
const CREATE2 = 3n
const SELFDESTRUCT_FAILED = 40
const SALT = 0x796573206d616e6921n
const none = new Uint8Array()
/** Bytes that make a contract of no code. */
const INITCODE: Uint8Array = Uint8Array.of(0x5f, 0x5f, 0xf3)

/** A contract that creates others, with what it is given after the selector as their code: 0 by CREATE, 1 by CREATE2; one attoFIL for each. */
function creator(stage: Stage, value: bigint): bigint {
  const create = (salt: bigint | undefined) => (code: Assembler) => {
    code.push(4).op('CALLDATASIZE', 'SUB').push(4, 0).op('CALLDATACOPY')
    if (salt !== undefined) code.push(salt)
    code.push(4).op('CALLDATASIZE', 'SUB').push(0, 1)
    return returnTop(code.op(salt === undefined ? 'CREATE' : 'CREATE2'))
  }
  return stage.create(dispatching({ 0: create(undefined), 1: create(SALT) }), { value })
}

function make(stage: Stage, contract: bigint, selector: number, initcode = INITCODE): Outcome {
  return stage.call(contract, Uint8Array.from([...select(selector), ...initcode]))
}

onBothActors('a contract that creates others', (play) => {
  play('asks the address manager, with code and a nonce that counts, and is told the address', (stage) => {
    const contract = creator(stage, 2n)
    for (const nonce of [1n, 2n]) {
      const { output, sent } = make(stage, contract, 0)
      expect(sent.map(({ to, method, value }) => [to, method, value])).toEqual([[EAM, CREATE, 1n]])
      const reader = new CborReader(sent[0]?.parameters?.data ?? none)
      reader.tuple(2)
      expect([reader.bytes(), BigInt(reader.uint())]).toEqual([INITCODE, nonce])
      expect(stage.balance(stage.id(wordOf(output)))).toBe(1n)
      // RLP of address and nonce, hashed.
      const rlp = Uint8Array.from([0xd6, 0x94, ...bytesOf(contract, 20), Number(nonce)])
      expect(wordOf(output)).toBe(wordOf(stage.crypto.keccak256(rlp).subarray(12)))
      expect(stage.state(contract).nonce).toBe(nonce + 1n)
    }
  })

  play('by CREATE2 gives a salt instead of the nonce, which counts all the same', (stage) => {
    const contract = creator(stage, 1n)
    const { output, sent } = make(stage, contract, 1)
    expect(sent.map(({ to, method, value }) => [to, method, value])).toEqual([[EAM, CREATE2, 1n]])
    const reader = new CborReader(sent[0]?.parameters?.data ?? none)
    reader.tuple(2)
    expect([reader.bytes(), reader.bytes()]).toEqual([INITCODE, words(SALT)])
    const { keccak256 } = stage.crypto
    const preimage = [0xff, ...bytesOf(contract, 20), ...words(SALT), ...keccak256(INITCODE)]
    expect(wordOf(output)).toBe(wordOf(keccak256(Uint8Array.from(preimage)).subarray(12)))
    expect(stage.state(contract).nonce).toBe(2n)
  })

  play('without funds for it asks nobody, and counts nothing', (stage) => {
    const contract = creator(stage, 0n)
    for (const selector of [0, 1]) {
      const { output, sent } = make(stage, contract, selector)
      expect([wordOf(output), sent]).toEqual([0n, []])
    }
    expect(stage.state(contract).nonce).toBe(1n)
  })

  play('is told zero where the constructor reverts, and what it reverted with', (stage) => {
    const code = new Assembler().push(32).op('CALLDATASIZE', 'SUB').push(32, 0).op('CALLDATACOPY')
    code.push(32).op('CALLDATASIZE', 'SUB').push(0, 0).op('CREATE').push(0).op('MSTORE', 'RETURNDATASIZE')
    code.push(0, 32).op('RETURNDATACOPY').push(32).op('RETURNDATASIZE', 'ADD').push(0).op('RETURN')
    const contract = stage.create(deployCode(code.finish()))
    const reverting = new Assembler().push(7, 0).op('MSTORE').push(32, 0).op('REVERT').finish()
    expect(stage.call(contract, words(0, reverting)).output).toEqual(words(0, 7))
    expect(stage.call(contract, words(0, new Assembler().op('INVALID').finish())).output).toEqual(words(0))
  })
})

/** A contract that destructs itself for whom it is told to, and returns 1 otherwise. */
const MORTAL: Uint8Array = dispatching({
  0: (code) => code.push(4).op('CALLDATALOAD', 'SELFDESTRUCT'),
  1: (code) => returnTop(code.push(1)),
})
/** Forwards calls to a contract, all of its input: twice the same, then another. */
const DIE = (beneficiary: bigint): Uint8Array => select(0, beneficiary)
const LIVE = select(1)

onBothActors('a contract that destructs itself', (play) => {
  play('pays out, is marked with the message, and is nothing from the next one on', (stage) => {
    const contract = stage.create(MORTAL, { value: 2n })
    const before = stage.balance(WHO.ethereumAccount) ?? 0n
    const { exitCode, output, sent } = stage.call(contract, DIE(ETHEREUM_ACCOUNT))
    expect([exitCode, output]).toEqual([0, none])
    expect(sent.map(({ to, method, value }) => [to, method, value])).toEqual([
      [ethereumAddress(bytesOf(ETHEREUM_ACCOUNT, 20)), 0n, 2n],
    ])
    expect(stage.balance(WHO.ethereumAccount)).toBe(before + 2n)
    const { tombstone } = stage.state(contract)
    expect(tombstone?.origin).toBe(WHO.account)
    expect(stage.call(contract, LIVE)).toMatchObject({ exitCode: 0, output: none })
    expect(stage.state(contract).tombstone).toEqual(tombstone)
  })

  play('answers until the message ends, and may do it again', (stage) => {
    const contract = stage.create(MORTAL, { value: 2n })
    // Has it destruct itself, asks it, sends it 3 attoFIL, and has it destruct itself again.
    const code = new Assembler().push(0).op('CALLDATALOAD').push(4).op('MSTORE')
    const call = (size: number, value: number): Assembler =>
      code.push(32, 64, size, 0, value, contract, ALL).op('CALL', 'POP')
    call(36, 0)
    code.push(1, 3).op('MSTORE8')
    call(4, 3)
    code.push(0, 3).op('MSTORE8')
    call(36, 0)
    const other = stage.create(deployCode(code.push(32, 64).op('RETURN').finish()), { value: 3n })
    const before = stage.balance(WHO.ethereumAccount) ?? 0n
    expect(wordOf(stage.call(other, words(ETHEREUM_ACCOUNT)).output)).toBe(1n)
    expect(stage.balance(WHO.ethereumAccount)).toBe(before + 5n)
    expect(stage.balance(stage.id(contract))).toBe(0n)
  })

  play('can be made again at its address once the message has ended, and not before', (stage) => {
    // Makes the contract, has it destruct itself, and makes it again: all in one message.
    const code = new Assembler().op('CALLDATASIZE').push(0, 0).op('CALLDATACOPY')
    const create = (): Assembler => code.push(SALT).op('CALLDATASIZE').push(0, 0).op('CREATE2')
    create().push(0x1000).op('MSTORE').push(0, 0x2000).op('MSTORE').op('ORIGIN').push(0x2004).op('MSTORE')
    code.push(0, 0, 36, 0x2000, 0).push(0x1000).op('MLOAD').push(ALL).op('CALL').push(0x1020).op('MSTORE')
    create().push(0x1040).op('MSTORE').push(96, 0x1000).op('RETURN')
    const factory = stage.create(deployCode(code.finish()))
    const { output } = stage.call(factory, MORTAL)
    const [made, died, again] = [0, 32, 64].map((at) => wordOf(output.subarray(at, at + 32)))
    expect([died, again]).toEqual([1n, 0n])
    expect(stage.state(made as bigint).tombstone).toBeDefined()
    // In the next message the address is free: the same actor, with a new state.
    const id = stage.id(made as bigint)
    const { output: second } = stage.call(factory, MORTAL)
    expect(wordOf(second.subarray(0, 32))).toBe(made)
    expect(stage.id(made as bigint)).toBe(id)
  })

  play('lives again, with no mark, where it is made again', (stage) => {
    const contract = creator(stage, 2n)
    const made = wordOf(make(stage, contract, 1, MORTAL).output)
    stage.call(made, DIE(ETHEREUM_ACCOUNT))
    expect(stage.call(made, LIVE).output).toEqual(none)
    expect(wordOf(make(stage, contract, 1, MORTAL).output)).toBe(made)
    expect(stage.state(made).tombstone).toBeUndefined()
    expect(wordOf(stage.call(made, LIVE).output)).toBe(1n)
    // While it lives, there is no room for another.
    expect(wordOf(make(stage, contract, 1, MORTAL).output)).toBe(0n)
  })

  play('for nobody fails, with exit code 40, and lives', (stage) => {
    const contract = stage.create(MORTAL, { value: 2n })
    expect(stage.call(contract, DIE(masked(WHO.nobody))).exitCode).toBe(SELFDESTRUCT_FAILED)
    expect(stage.state(contract).tombstone).toBeUndefined()
    expect(stage.balance(stage.id(contract))).toBe(2n)
    const through = stage.create(caller('CALL'))
    expect(ask(stage, through, { to: contract, input: DIE(masked(WHO.nobody)) }).status).toBe(0)
  })
})
