import type { Random } from '../plays/random.ts'
import { writeAbi } from './abi.ts'
import { Assembler } from './assembler.ts'

/** Whom a program may call, in Ethereum's form. */
export interface Surroundings {
  readonly contracts: readonly bigint[]
  /** Accounts, native actors, precompiles, and addresses of nobody. */
  readonly others: readonly bigint[]
  /** Code of a constructor. */
  readonly initcode: () => Uint8Array
}

const BIG = (1n << 256n) - 1n
/** Programs do nothing unless they are called with as many bytes; what they call gets as many fewer. So no chain of calls is endless. */
export const PROGRAM_INPUT = 32
const SCRATCH = 0x200

/** Random code, of statements that leave the stack as it was: most of it does not fail. */
export function randomProgram(random: Random, around: Surroundings): Uint8Array {
  const code = new Assembler()
  code.push(PROGRAM_INPUT).op('CALLDATASIZE', 'LT').pushLabel('end').op('JUMPI')
  for (let left = 1 + random.below(7); left > 0; left--) statement(code, random, around)
  if (random.chance(8)) failure(code, random)
  if (random.chance(60)) code.push(random.below(200), random.below(64)).op('RETURN')
  return code.label('end').op('STOP').finish()
}

/** A key of storage: most are few and near each other, as Solidity's. */
export function randomKey(random: Random): bigint {
  return random.weighted<() => bigint>([
    [50, () => BigInt(random.below(12))],
    [20, () => (0xabcdefn << 200n) + BigInt(random.below(40))],
    [10, () => BIG - BigInt(random.below(4))],
    [10, () => BigInt(random.below(4)) << BigInt(random.below(252))],
    [10, () => wordOf(random.bytes(32))],
  ])()
}

/** A word of storage, often zero. */
export function randomWord(random: Random): bigint {
  return random.weighted<() => bigint>([
    [25, () => 0n],
    [40, () => BigInt(random.below(300))],
    [10, () => BIG],
    [25, () => wordOf(random.bytes(1 + random.below(32)))],
  ])()
}

function statement(code: Assembler, random: Random, around: Surroundings): void {
  random.weighted<() => void>([
    [24, () => code.push(randomWord(random), randomKey(random)).op('SSTORE')],
    [6, () => code.push(randomKey(random)).op('SLOAD').push(randomKey(random)).op('SSTORE')],
    [6, () => keep(code.push(randomKey(random)).op('SLOAD'), random)],
    [6, () => code.push(randomWord(random), random.below(5)).op('TSTORE')],
    [4, () => code.push(random.below(5)).op('TLOAD').push(randomKey(random)).op('SSTORE')],
    [8, () => log(code, random)],
    [5, () => hash(code, random)],
    [4, () => environment(code, random)],
    [6, () => foreign(code, random, around)],
    [18, () => call(code, random, around)],
    [6, () => precompile(code, random)],
    [7, () => callActor(code, random, around)],
    [4, () => create(code, random, around)],
    [1, () => code.push(random.pick([...around.contracts, ...around.others])).op('SELFDESTRUCT')],
  ])()
}

/** Puts the top of the stack into memory, so that it is seen in what is returned or logged. */
function keep(code: Assembler, random: Random): void {
  code.push(32 * random.below(6)).op('MSTORE')
}

function failure(code: Assembler, random: Random): void {
  random.pick<() => void>([
    () => code.push(random.below(100), random.below(64)).op('REVERT'),
    () => code.op('INVALID'),
    () => code.raw([0x0c]),
    () => code.raw([0xf2]),
    () => code.op('ADD', 'ADD'),
    () => code.push(1).op('JUMP'),
    () => code.push(2, BIG).op('MSTORE'),
    () => code.push(1000, 0, 0).op('RETURNDATACOPY'),
    () => code.push(1, 0, 1n << 40n).op('RETURNDATACOPY'),
    () => code.label('again').push(1).pushLabel('again').op('JUMP'),
  ])()
}

function log(code: Assembler, random: Random): void {
  const topics = random.below(5)
  for (let i = 0; i < topics; i++) code.push(randomWord(random))
  code.push(random.chance(30) ? 0 : random.below(150), random.below(100)).op(`LOG${topics}`)
}

function hash(code: Assembler, random: Random): void {
  keep(code.push(random.below(150), random.below(100)).op('KECCAK256'), random)
}

function environment(code: Assembler, random: Random): void {
  const names = [
    'ADDRESS',
    'ORIGIN',
    'CALLER',
    'CALLVALUE',
    'CALLDATASIZE',
    'CODESIZE',
    'GASPRICE',
    'COINBASE',
  ]
  const more = [
    'TIMESTAMP',
    'NUMBER',
    'PREVRANDAO',
    'GASLIMIT',
    'CHAINID',
    'SELFBALANCE',
    'BASEFEE',
    'MSIZE',
    'PC',
  ]
  if (random.chance(20)) code.push(90 + random.below(60)).op('BLOCKHASH')
  else code.op(random.pick([...names, ...more, 'RETURNDATASIZE']))
  if (random.chance(50)) keep(code, random)
  else code.push(randomKey(random)).op('SSTORE')
}

function foreign(code: Assembler, random: Random, around: Surroundings): void {
  const address = random.pick([...around.contracts, ...around.others])
  if (random.chance(25))
    code.push(random.below(70), random.below(20), random.below(64), address).op('EXTCODECOPY')
  else keep(code.push(address).op(random.pick(['BALANCE', 'EXTCODESIZE', 'EXTCODEHASH'])), random)
}

/** Where inputs of calls lie: what the program was called with, but for the first bytes. */
function shrunkInput(code: Assembler): void {
  code.push(PROGRAM_INPUT).op('CALLDATASIZE', 'SUB')
  code.push(PROGRAM_INPUT, SCRATCH).op('CALLDATACOPY')
}

function call(code: Assembler, random: Random, { contracts, others }: Surroundings): void {
  const address = random.chance(75) && contracts.length > 0 ? random.pick(contracts) : random.pick(others)
  const kind = random.pick(['CALL', 'CALL', 'STATICCALL', 'DELEGATECALL'])
  shrunkInput(code)
  code.push(random.below(64), random.below(100)).push(PROGRAM_INPUT).op('CALLDATASIZE', 'SUB').push(SCRATCH)
  if (kind === 'CALL') code.push(random.chance(70) ? 0 : random.below(2000))
  // Without a limit of its own where there is code: what a limit does depends on gas, of which both sides have different amounts.
  const gas = others.includes(address) && random.chance(20) ? random.pick([0, 2300]) : BIG
  code.push(address, gas).op(kind)
  keep(code, random)
  if (random.chance(20)) code.op('RETURNDATASIZE').push(0, 0).op('RETURNDATACOPY')
  if (random.chance(10)) code.op('RETURNDATASIZE').push(randomKey(random)).op('SSTORE')
}

function precompile(code: Assembler, random: Random): void {
  const number = random.pick([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0x0b, 0x0d, 0x10, 0x12, 0xff, 0x100])
  const native = (0xfen << 152n) + BigInt(1 + random.below(8))
  const isNative = random.chance(50)
  const words = isNative
    ? [random.pick([0n, 1n, 10n, 99n, 100n, 1n << 70n])]
    : Array.from({ length: random.below(7) }, () => BigInt(random.below(40)))
  for (const [index, word] of words.entries()) code.push(word, SCRATCH + 32 * index).op('MSTORE')
  code.push(64, 0, 32 * words.length, SCRATCH)
  const kind = random.pick(['CALL', 'STATICCALL', 'DELEGATECALL'])
  if (kind === 'CALL') code.push(random.chance(80) ? 0 : 3)
  code.push(isNative ? native : number, BIG).op(kind)
  keep(code, random)
  if (random.chance(50)) code.op('RETURNDATASIZE').push(0, 0).op('RETURNDATACOPY')
}

/** Calls an actor by its method number, through the precompiles for that. */
function callActor(code: Assembler, random: Random, { contracts }: Surroundings): void {
  const byId = random.chance(60)
  const method = random.weighted<bigint>([
    [40, 0n],
    [30, 3_844_450_837n],
    [20, BigInt(1024 + random.below(100_000_000))],
    [5, BigInt(random.below(1024))],
    [5, 3_726_118_371n],
  ])
  const parameters = random.weighted<Uint8Array>([
    [50, new Uint8Array()],
    [30, Uint8Array.of(0x58, 64, ...random.bytes(64))],
    [20, random.bytes(random.below(40))],
  ])
  const codec = parameters.length > 0 ? (random.chance(90) ? 0x51n : 0x71n) : random.pick([0n, 0x51n])
  const id = BigInt(random.pick([0, 1, 10, 99, 100, 102, 103, 104, 105, 106, 107, 120, 9999]))
  const address =
    random.chance(60) && contracts.length > 0
      ? Uint8Array.of(4, 10, ...bytes20(random.pick(contracts)))
      : Uint8Array.of(0, random.pick([1, 10, 99, 100, 103]))
  const parametersAt = 6n * 32n
  const addressAt = parametersAt + 32n + 32n * BigInt(Math.ceil(parameters.length / 32))
  const flags = random.pick([0n, 0n, 0n, 1n, 2n])
  const value = random.chance(70) ? 0n : BigInt(random.below(50))
  const input = new Uint8Array([
    ...writeAbi(
      [method, value, flags, codec, parametersAt, byId ? id : addressAt, BigInt(parameters.length)],
      parameters,
    ),
    ...(byId ? [] : writeAbi([BigInt(address.length)], address)),
  ])
  putInMemory(code, input)
  const kind = random.chance(90) ? 'DELEGATECALL' : 'CALL'
  code.push(160, 0, input.length, SCRATCH)
  if (kind === 'CALL') code.push(0)
  code.push((0xfen << 152n) + (byId ? 5n : 3n), BIG).op(kind)
  keep(code, random)
}

function create(code: Assembler, random: Random, { initcode }: Surroundings): void {
  const init = initcode()
  putInMemory(code, init)
  const value = random.chance(60) ? 0 : random.below(500)
  if (random.chance(50)) code.push(init.length, SCRATCH, value).op('CREATE')
  else code.push(random.below(3), init.length, SCRATCH, value).op('CREATE2')
  keep(code, random)
}

function putInMemory(code: Assembler, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; at += 32) {
    const word = new Uint8Array(32)
    word.set(bytes.subarray(at, at + 32))
    code.push(wordOf(word), SCRATCH + at).op('MSTORE')
  }
}

function wordOf(bytes: Uint8Array): bigint {
  return bytes.reduce((word, byte) => (word << 8n) | BigInt(byte), 0n)
}

function bytes20(address: bigint): Uint8Array {
  return Uint8Array.from({ length: 20 }, (_, i) => Number((address >> BigInt(8 * (19 - i))) & 0xffn))
}
