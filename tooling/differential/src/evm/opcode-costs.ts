import { writeAbi } from './abi.ts'
import { Assembler, deployCode } from './assembler.ts'
import type { GasBench } from './gas-bench.ts'

/** Repetitions of what is measured, in two contracts: their difference leaves everything else out. */
const FEW = 40
const MANY = 80

/** Something that is done again and again, and leaves the stack as it was. */
export type Unit = (code: Assembler) => unknown

/** What one repetition of a unit costs, in milligas, the costs of its syscalls left out. @param setup done once before */
export function unitCost(bench: GasBench, unit: Unit, setup: Unit = () => {}): number {
  const [few, many] = [FEW, MANY].map((count) => {
    const code = new Assembler()
    // Both calls read all of the code, and one of them runs it.
    code.op('CALLDATASIZE', 'ISZERO').pushLabel('end').op('JUMPI')
    setup(code)
    for (let i = 0; i < count; i++) unit(code)
    const { address } = bench.deploy(deployCode(code.label('end').op('STOP').finish()))
    const idle = bench.call(address)
    const busy = bench.call(address, Uint8Array.of(1))
    if (busy.exitCode !== 0) throw new Error(`the measured code ended with exit code ${busy.exitCode}`)
    return busy.execution - idle.execution
  }) as [number, number]
  return (many - few) / (MANY - FEW)
}

/** What is measured, and by which name. */
export interface Measurement {
  readonly name: string
  readonly unit: Unit
  readonly setup?: Unit
}

const MASK = 0xffn << 152n
const BIG = (1n << 255n) + 12_345n
const NO_OPERANDS = [
  'ADDRESS',
  'ORIGIN',
  'CALLER',
  'CALLVALUE',
  'CALLDATASIZE',
  'CODESIZE',
  'GASPRICE',
  'COINBASE',
]
const MORE = [
  'TIMESTAMP',
  'NUMBER',
  'PREVRANDAO',
  'GASLIMIT',
  'CHAINID',
  'SELFBALANCE',
  'BASEFEE',
  'MSIZE',
  'PC',
  'GAS',
]
const BINARY = [
  'ADD',
  'MUL',
  'SUB',
  'LT',
  'SGT',
  'EQ',
  'AND',
  'XOR',
  'BYTE',
  'SHL',
  'SHR',
  'SAR',
  'SIGNEXTEND',
]
const DIVISIONS = ['DIV', 'SDIV', 'MOD', 'SMOD']
const OPERANDS: readonly (readonly [name: string, first: bigint, second: bigint])[] = [
  ['small', 200n, 7n],
  ['1e20 by 1e18', 10n ** 20n, 10n ** 18n],
  ['256 bits by 1e18', BIG, 10n ** 18n],
  ['256 bits by 120', BIG, 1n << 120n],
  ['256 bits by 200', BIG, 1n << 200n],
]

let labels = 0

/** Everything that the model of gas has a number for, and cases in between. */
export const MEASUREMENTS: readonly Measurement[] = [
  { name: 'JUMPDEST', unit: (code) => code.op('JUMPDEST') },
  ...[0, 1, 2, 4, 8, 9, 20, 32].map((size) => ({
    name: `PUSH${size}, POP`,
    unit: (code: Assembler) => code.push(size === 0 ? 0n : (1n << BigInt(8 * size)) - 1n).op('POP'),
  })),
  { name: 'DUP1, POP', unit: (code) => code.op('DUP1', 'POP'), setup: (code) => code.push(1) },
  { name: 'SWAP1', unit: (code) => code.op('SWAP1'), setup: (code) => code.push(1, 2) },
  ...['ISZERO', 'NOT', 'CLZ'].map((name) => ({
    name,
    unit: (code: Assembler) => code.op(name),
    setup: (code: Assembler) => code.push(1),
  })),
  ...[...NO_OPERANDS, ...MORE].map((name) => ({
    name: `${name}, POP`,
    unit: (code: Assembler) => code.op(name, 'POP'),
  })),
  ...BINARY.map((name) => ({ name, unit: (code: Assembler) => code.push(BIG, 12n).op(name, 'POP') })),
  ...DIVISIONS.flatMap((name) =>
    OPERANDS.map(([operands, first, second]) => ({
      name: `${name} of ${operands}`,
      unit: (code: Assembler) => code.push(second, first).op(name, 'POP'),
    })),
  ),
  ...[0n, 1n, 18n, 255n, 2n ** 64n - 1n].map((exponent) => ({
    name: `EXP by ${exponent}`,
    unit: (code: Assembler) => code.push(exponent, 10n).op('EXP', 'POP'),
  })),
  ...['ADDMOD', 'MULMOD'].map((name) => ({
    name,
    unit: (code: Assembler) => code.push(10n ** 18n, 5n ** 50n, 7n ** 60n).op(name, 'POP'),
  })),
  { name: 'CALLDATALOAD', unit: (code) => code.push(0).op('CALLDATALOAD', 'POP') },
  { name: 'MLOAD', unit: (code) => code.push(0).op('MLOAD', 'POP') },
  { name: 'MSTORE', unit: (code) => code.push(0, 0).op('MSTORE') },
  { name: 'MSTORE8', unit: (code) => code.push(0, 0).op('MSTORE8') },
  ...[32, 3200].flatMap((size) => [
    ...['CALLDATACOPY', 'CODECOPY', 'MCOPY'].map((name) => ({
      name: `${name} of ${size}`,
      unit: (code: Assembler) => code.push(size, 0, 0).op(name),
    })),
    { name: `KECCAK256 of ${size}`, unit: (code: Assembler) => code.push(size, 0).op('KECCAK256', 'POP') },
    { name: `LOG0 of ${size}`, unit: (code: Assembler) => code.push(size, 0).op('LOG0') },
  ]),
  { name: 'LOG4 of 32', unit: (code) => code.push(1, 2, 3, 4, 32, 0).op('LOG4') },
  { name: 'JUMP', unit: (code) => jump(code, 'JUMP') },
  { name: 'JUMPI', unit: (code) => jump(code.push(1), 'JUMPI') },
  { name: 'JUMPI that does not', unit: (code) => jump(code.push(0), 'JUMPI') },
  { name: 'SLOAD of zero', unit: (code) => code.push(0).op('SLOAD', 'POP') },
  {
    name: 'SLOAD',
    unit: (code) => code.push(0).op('SLOAD', 'POP'),
    setup: (code) => code.push(7, 0).op('SSTORE'),
  },
  {
    name: 'SLOAD of neighbours',
    unit: (code) => code.push(0).op('SLOAD', 'POP'),
    setup: (code) => code.push(7, 0).op('SSTORE').push(7, 1).op('SSTORE'),
  },
  { name: 'SSTORE', unit: (code) => code.push(7, 0).op('SSTORE') },
  { name: 'TSTORE', unit: (code) => code.push(7, 0).op('TSTORE') },
  { name: 'BALANCE', unit: (code) => code.push(MASK + 100n).op('BALANCE', 'POP') },
  { name: 'EXTCODESIZE of an account', unit: (code) => code.push(MASK + 100n).op('EXTCODESIZE', 'POP') },
  { name: 'EXTCODEHASH of an actor', unit: (code) => code.push(MASK + 10n).op('EXTCODEHASH', 'POP') },
  { name: 'BLOCKHASH', unit: (code) => code.push(99).op('BLOCKHASH', 'POP') },
  {
    name: 'CALL of an account',
    unit: (code) => code.push(0, 0, 0, 0, 0, MASK + 100n, 1n << 60n).op('CALL', 'POP'),
  },
  {
    name: 'CALL with input',
    unit: (code) => code.push(0, 0, 3200, 0, 0, MASK + 100n, 1n << 60n).op('CALL', 'POP'),
  },
  {
    name: 'CALL of nobody',
    unit: (code) => code.push(0, 0, 0, 0, 0, 1n << 80n, 1n << 60n).op('CALL', 'POP'),
  },
  { name: 'CALL of the identity', unit: (code) => code.push(0, 0, 32, 0, 0, 4, 1n << 60n).op('CALL', 'POP') },
  {
    name: 'DELEGATECALL of an account',
    unit: (code) => code.push(0, 0, 0, 0, MASK + 100n, 1n << 60n).op('DELEGATECALL', 'POP'),
  },
  { name: 'CREATE', unit: (code) => code.push(0, 0, 0).op('CREATE', 'POP') },
]

function jump(code: Assembler, name: string): void {
  const label = `label ${labels++}`
  code.pushLabel(label).op(name).label(label)
}

/** A call of a contract, all of which is measured. */
export interface WholeCall {
  readonly name: string
  readonly runtime: Uint8Array
  readonly input?: Uint8Array
  /** Called before. */
  readonly before?: Uint8Array
}

/** Reads or writes the words of its input: the first says which, 1 for reading keys, otherwise writing pairs of keys and words. */
const STORAGE_CODE: Uint8Array = new Assembler()
  .push(0)
  .op('CALLDATALOAD')
  .push(1)
  .op('EQ')
  .pushLabel('read')
  .op('JUMPI')
  .push(32)
  .label('write')
  .op('CALLDATASIZE', 'DUP2', 'LT', 'ISZERO')
  .pushLabel('end')
  .op('JUMPI', 'DUP1')
  .push(32)
  .op('ADD', 'CALLDATALOAD', 'DUP2', 'CALLDATALOAD', 'SSTORE')
  .push(64)
  .op('ADD')
  .pushLabel('write')
  .op('JUMP')
  .label('read')
  .push(32)
  .label('more')
  .op('CALLDATASIZE', 'DUP2', 'LT', 'ISZERO')
  .pushLabel('end')
  .op('JUMPI', 'DUP1', 'CALLDATALOAD', 'SLOAD', 'POP')
  .push(32)
  .op('ADD')
  .pushLabel('more')
  .op('JUMP')
  .label('end')
  .op('STOP')
  .finish()

const KEYS: readonly (readonly [name: string, key: (index: number) => bigint])[] = [
  ['neighbours', (index) => BigInt(index)],
  ['scattered', (index) => BigInt.asUintN(256, 7n ** 91n * BigInt(index + 1) ** 9n * 3n ** 160n)],
]

/** Whole calls: entry, code, input, output, memory and storage. */
export const WHOLE_CALLS: readonly WholeCall[] = [
  { name: 'nothing', runtime: Uint8Array.of(0) },
  { name: '10,000 bytes of code', runtime: new Uint8Array(10_000) },
  ...[32, 10_000].map((size) => ({
    name: `${size} bytes of input`,
    runtime: Uint8Array.of(0),
    input: new Uint8Array(size),
  })),
  ...[32, 10_000, 1_000_000].map((size) => ({
    name: `${size} bytes of output`,
    runtime: new Assembler().push(size, 0).op('RETURN').finish(),
  })),
  { name: 'a revert', runtime: new Assembler().push(32, 0).op('REVERT').finish() },
  {
    name: '4 MiB of memory',
    runtime: new Assembler()
      .push(0, 2 ** 22 - 32)
      .op('MSTORE')
      .finish(),
  },
  ...KEYS.flatMap(([name, key]) =>
    [1, 8, 40, 200].flatMap((count) => {
      const keys = Array.from({ length: count }, (_, index) => key(index))
      const pairs = writeAbi([2n, ...keys.flatMap((each) => [each, 5n])])
      return [
        { name: `writing ${count} ${name}`, runtime: STORAGE_CODE, input: pairs },
        {
          name: `reading one of ${count} ${name}`,
          runtime: STORAGE_CODE,
          before: pairs,
          input: writeAbi([1n, key(0)]),
        },
        {
          name: `changing one of ${count} ${name}`,
          runtime: STORAGE_CODE,
          before: pairs,
          input: writeAbi([2n, key(0), 6n]),
        },
        {
          name: `deleting one of ${count} ${name}`,
          runtime: STORAGE_CODE,
          before: pairs,
          input: writeAbi([2n, key(0), 0n]),
        },
        {
          name: `reading all of ${count} ${name}`,
          runtime: STORAGE_CODE,
          before: pairs,
          input: writeAbi([1n, ...keys]),
        },
      ]
    }),
  ),
]

/** What making a contract costs, and calling it, in milligas. */
export function wholeCost(
  bench: GasBench,
  { runtime, before, input = new Uint8Array() }: WholeCall,
): { readonly made: number; readonly called: number; readonly gasUsed: bigint } {
  const { address, measured } = bench.deploy(deployCode(runtime))
  if (before !== undefined) bench.call(address, before)
  const { execution, gasUsed } = bench.call(address, input)
  return { made: measured.execution, called: execution, gasUsed }
}
