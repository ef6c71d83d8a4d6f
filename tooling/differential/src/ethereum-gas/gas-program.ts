/** @module Random code whose gas depends on all that Ethereum's prices depend on. It puts what gas is left into storage, where any difference stays. */
import { Assembler, deployCode } from '../evm/assembler.ts'
import { PROGRAM_INPUT, randomKey, randomWord } from '../evm/random-program.ts'
import type { Random } from '../plays/random.ts'

/** Whom programs meet. */
export interface Company {
  readonly contracts: readonly bigint[]
  /** Accounts, precompiles, and addresses of nobody. */
  readonly others: readonly bigint[]
}

const BIG = (1n << 256n) - 1n
const SCRATCH = 0x400
/** An instruction from Osaka on. */
const CLZ = 0x1e
/** Those of Osaka, and some that there are none of. */
const PRECOMPILES = 0x13

/** Statements that leave the stack as it was, and now and then an end that fails. Nothing is done where the input is too short, and calls give a shorter one: no chain of calls is endless. */
export function gasProgram(random: Random, company: Company): Uint8Array {
  const code = new Assembler()
  code.push(PROGRAM_INPUT).op('CALLDATASIZE', 'LT').pushLabel('end').op('JUMPI')
  for (let left = 1 + random.below(9); left > 0; left--) statement(code, random, company)
  if (random.chance(12)) failure(code, random)
  if (random.chance(60)) code.push(random.below(200), random.below(64)).op('RETURN')
  return code.label('end').op('STOP').finish()
}

/** Code of a constructor: it does something, and then makes a contract or fails. */
export function gasInitcode(random: Random, company: Company): Uint8Array {
  const code = new Assembler()
  for (let left = random.below(3); left > 0; left--) simpleStatement(code, random, company)
  random.pick<() => void>([
    () => code.raw(deployCode(random.bytes(random.below(60)).fill(0x5b))),
    () => code.push(random.below(3000), 0).op('RETURN'),
    () => code.push(random.below(60), 0).op('REVERT'),
    () => code.push(random.pick(company.others)).op('SELFDESTRUCT'),
    () => code.push(0xef, 0).op('MSTORE8').push(1, 0).op('RETURN'),
    () => code.push(24_577, 0).op('RETURN'),
    () => code.op('INVALID'),
    () => code.op('STOP'),
  ])()
  return code.finish()
}

function statement(code: Assembler, random: Random, company: Company): void {
  random.weighted<() => void>([
    [60, () => simpleStatement(code, random, company)],
    [22, () => call(code, random, company)],
    [10, () => precompile(code, random)],
    [8, () => create(code, random, company)],
  ])()
}

function simpleStatement(code: Assembler, random: Random, { contracts, others }: Company): void {
  random.weighted<() => void>([
    [20, () => code.push(randomWord(random), BigInt(random.below(6))).op('SSTORE')],
    [4, () => code.push(randomWord(random), randomKey(random)).op('SSTORE')],
    [8, () => code.push(BigInt(random.below(6))).op('SLOAD', 'POP')],
    [
      8,
      () =>
        code
          .op('GAS')
          .push(BigInt(random.below(6)))
          .op('SSTORE'),
    ],
    [4, () => code.push(randomWord(random), random.below(4)).op('TSTORE')],
    [
      3,
      () =>
        code
          .push(random.below(4))
          .op('TLOAD')
          .push(BigInt(random.below(6)))
          .op('SSTORE'),
    ],
    [5, () => log(code, random)],
    [4, () => keep(code.push(random.below(300), random.below(3000)).op('KECCAK256'), random)],
    [4, () => keep(code.push(randomWord(random), randomWord(random)).op('EXP'), random)],
    [1, () => keep(code.push(randomWord(random)).raw([CLZ]), random)],
    [4, () => code.push(randomWord(random), random.below(20_000)).op('MSTORE')],
    [3, () => code.push(random.below(500), random.below(900), random.below(900)).op('MCOPY')],
    [3, () => copy(code, random)],
    [4, () => keep(code.push(random.pick([...contracts, ...others])).op('BALANCE'), random)],
    [4, () => keep(code.push(random.pick([...contracts, ...others])).op('EXTCODESIZE'), random)],
    [4, () => keep(code.push(random.pick(contracts)).op('EXTCODEHASH'), random)],
    [3, () => foreignCopy(code, random, random.pick([...contracts, ...others]))],
    [2, () => keep(code.op(random.pick(['SELFBALANCE', 'BASEFEE', 'BLOBBASEFEE', 'GASPRICE'])), random)],
    [1, () => keep(code.push(random.below(40)).op('BLOCKHASH'), random)],
  ])()
}

function keep(code: Assembler, random: Random): void {
  code.push(32 * random.below(6)).op('MSTORE')
}

function log(code: Assembler, random: Random): void {
  const topics = random.below(5)
  for (let left = topics; left > 0; left--) code.push(randomWord(random))
  code.push(random.below(300), random.below(100)).op(`LOG${topics}`)
}

function copy(code: Assembler, random: Random): void {
  code.push(random.below(400), random.below(100), random.below(900))
  code.op(random.pick(['CALLDATACOPY', 'CODECOPY']))
}

function foreignCopy(code: Assembler, random: Random, address: bigint): void {
  code.push(random.below(200), random.below(20), random.below(500), address).op('EXTCODECOPY')
}

function call(code: Assembler, random: Random, { contracts, others }: Company): void {
  const address = random.pick(random.chance(75) ? contracts : others)
  const kind = random.pick(['CALL', 'CALL', 'STATICCALL', 'DELEGATECALL', 'CALLCODE'])
  code.push(PROGRAM_INPUT).op('CALLDATASIZE', 'SUB').push(PROGRAM_INPUT, SCRATCH).op('CALLDATACOPY')
  code.push(random.below(64), random.below(300)).push(PROGRAM_INPUT).op('CALLDATASIZE', 'SUB').push(SCRATCH)
  const value = random.chance(60) ? 0n : random.chance(90) ? BigInt(random.below(2000)) : 1n << 90n
  if (kind.startsWith('CALL')) code.push(value)
  code.push(address, random.pick<bigint | number>([0, 100, 700, 2300, 5000, 25_000, 60_000, BIG, BIG, BIG]))
  code.op(kind)
  keep(code, random)
  if (random.chance(20)) code.op('RETURNDATASIZE').push(0, 0).op('RETURNDATACOPY')
}

function precompile(code: Assembler, random: Random): void {
  const words = Array.from({ length: random.below(7) }, () => BigInt(random.below(40)))
  for (const [index, word] of words.entries()) code.push(word, SCRATCH + 32 * index).op('MSTORE')
  code.push(64, 0, 32 * words.length, SCRATCH)
  const kind = random.pick(['CALL', 'STATICCALL', 'DELEGATECALL'])
  if (kind === 'CALL') code.push(random.chance(80) ? 0 : 3)
  const gas = random.pick<bigint | number>([0, 50, 700, 3000, 50_000, BIG, BIG])
  code.push(random.chance(90) ? 1 + random.below(PRECOMPILES) : 0x100, gas).op(kind)
  keep(code, random)
  if (random.chance(50)) code.op('RETURNDATASIZE').push(0, 0).op('RETURNDATACOPY')
}

function create(code: Assembler, random: Random, company: Company): void {
  const initcode = gasInitcode(random, company)
  for (let at = 0; at < initcode.length; at += 32) {
    const word = new Uint8Array(32)
    word.set(initcode.subarray(at, at + 32))
    code.push(BigInt(`0x${Buffer.from(word).toString('hex')}`), SCRATCH + at).op('MSTORE')
  }
  const value = random.chance(60) ? 0 : random.below(500)
  const size = random.chance(95) ? initcode.length : 49_153
  if (random.chance(50)) code.push(size, SCRATCH, value).op('CREATE')
  else code.push(random.below(3), size, SCRATCH, value).op('CREATE2')
  keep(code, random)
}

function failure(code: Assembler, random: Random): void {
  random.pick<() => void>([
    () => code.push(random.below(100), random.below(64)).op('REVERT'),
    () => code.op('INVALID'),
    () => code.raw([0x0c]),
    () => code.op('ADD', 'ADD'),
    () => code.push(1).op('JUMP'),
    () => code.push(2, BIG).op('MSTORE'),
    () => code.push(2, 1n << 31n).op('MSTORE'),
    () => code.push(1000, 0, 0).op('RETURNDATACOPY'),
    () => code.label('again').push(1).pushLabel('again').op('JUMP'),
  ])()
}
