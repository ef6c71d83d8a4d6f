/** @module Small contracts. */
import { Assembler, deployCode } from '@troupe/differential'
import { bytesOf, type Outcome, type Stage, type Staged, words } from './stage.ts'

/** Everything that is left. */
export const ALL = (1n << 64n) - 1n
/** Where caller programs find the input of a call. */
const HEAD = 96

/** Returns the word on top of the stack. */
export function returnTop(code: Assembler): Assembler {
  return code.push(0).op('MSTORE').push(32, 0).op('RETURN')
}

/** Code that returns what instructions leave on top of the stack. */
export function evaluating(build: (code: Assembler) => Assembler): Uint8Array {
  return deployCode(returnTop(build(new Assembler())).finish())
}

/** Code with functions by the first four bytes of the input; there is no other. */
export function dispatching(
  functions: Readonly<Record<number, (code: Assembler) => Assembler>>,
  construct: (code: Assembler) => Assembler = (code) => code,
): Uint8Array {
  const code = new Assembler().push(0).op('CALLDATALOAD').push(224).op('SHR')
  const entries = Object.entries(functions)
  for (const [selector] of entries)
    code.op('DUP1').push(Number(selector)).op('EQ').pushLabel(selector).op('JUMPI')
  code.push(0).op('DUP1', 'REVERT')
  for (const [selector, build] of entries) build(code.label(selector)).op('STOP')
  return constructing(construct, code.finish())
}

/** Code that does something before it makes a contract. */
export function constructing(construct: (code: Assembler) => Assembler, runtime: Uint8Array): Uint8Array {
  const head = construct(new Assembler()).finish()
  // PUSH2 size, DUP1, PUSH2 offset, PUSH0, CODECOPY, PUSH0, RETURN
  const at = head.length + 11
  const tail = [
    0x61,
    runtime.length >> 8,
    runtime.length & 0xff,
    0x80,
    0x61,
    at >> 8,
    at & 0xff,
    0x5f,
    0x39,
    0x5f,
    0xf3,
  ]
  return Uint8Array.from([...head, ...tail, ...runtime])
}

/** The first four bytes of an input, and words after them. */
export function select(selector: number, ...rest: readonly (bigint | number)[]): Uint8Array {
  return Uint8Array.from([...bytesOf(BigInt(selector), 4), ...words(...rest)])
}

/** How a program calls. */
export type Kind = 'CALL' | 'STATICCALL' | 'DELEGATECALL'

/**
 * A contract that makes one call. Input: gas, address and value as words, then the input of the call. Output: a byte, whether the call succeeded, then all that
 * it returned.
 */
export function caller(kind: Kind): Uint8Array {
  const code = new Assembler().push(HEAD).op('CALLDATASIZE', 'SUB').push(HEAD, 0).op('CALLDATACOPY')
  code.push(0, 0, HEAD).op('CALLDATASIZE', 'SUB').push(0)
  if (kind === 'CALL') code.push(64).op('CALLDATALOAD')
  code.push(32).op('CALLDATALOAD').push(0).op('CALLDATALOAD').op(kind)
  code.push(0).op('MSTORE8', 'RETURNDATASIZE').push(0, 1).op('RETURNDATACOPY')
  return deployCode(code.push(1).op('RETURNDATASIZE', 'ADD').push(0).op('RETURN').finish())
}

/** A call that a {@link caller} is asked for. */
export interface Asked {
  readonly to: bigint
  readonly input?: Uint8Array
  readonly gas?: bigint
  readonly value?: bigint
}

/** Has a contract make a call: whether that succeeded, and what it returned. */
export function ask(
  stage: Stage,
  contract: bigint,
  { to, input = new Uint8Array(), gas = ALL, value = 0n }: Asked,
  staged: Staged = {},
): Outcome & { readonly status: number | undefined; readonly returned: Uint8Array } {
  const outcome = stage.call(contract, words(gas, to, value, input), staged)
  return { ...outcome, status: outcome.output[0], returned: outcome.output.subarray(1) }
}
