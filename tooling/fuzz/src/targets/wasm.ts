import { compileFixture } from '@troupe/fixtures'
import {
  NV17,
  NV20,
  NV28,
  type RuleSet,
  SYSCALLS_2,
  SYSCALLS_3,
  SYSCALLS_4,
  type Syscall,
} from '@troupe/hypervisor'
import fc from 'fast-check'
import { importOf } from '../imports.ts'
import { mutated, specialInt32, specialInteger } from '../mutate.ts'
import { smallestOfficialModules } from '../official-modules.ts'
import { createStage, type Stage } from '../stage.ts'
import { attempt, openTarget, type Target } from '../target.ts'
import { type Import, i32, i64, unsigned, writeModule } from '../wasm-writer.ts'

const RULES: readonly (readonly [RuleSet, readonly Syscall[]])[] = [
  [NV17, SYSCALLS_2],
  [NV20, SYSCALLS_3],
  [NV28, SYSCALLS_4],
]

/** Enough for a loop to run a while, and little enough for many cases. */
const GAS_LIMIT = 20_000_000n
const [I32, I64, F32, F64] = [0x7f, 0x7e, 0x7d, 0x7c]
/** Locals after the parameter, 0. */
const LOCALS = [I32, I64, F32, F64]
const EMPTY = 0x40
const OFFICIAL_MODULES = 3

/** Wasm: compiled actors, changed; and modules made up. Prepared or refused; what is prepared runs, and ends as the protocol says. */
export const wasm: Target = {
  name: 'wasm',
  open: async () => {
    const stages = await Promise.all(RULES.map(([rules]) => createStage(rules)))
    const crypto = (stages[0] as Stage).crypto
    const real = [
      ...(await Promise.all((['counter', 'relay', 'cron'] as const).map((name) => compileFixture(name)))),
      ...smallestOfficialModules(crypto, OFFICIAL_MODULES),
    ]
    const modules = RULES.map(([, syscalls]) => generated(syscalls.filter(isBounded).map(importOf)))
    const inputs = fc.nat(RULES.length - 1).chain((stage) => {
      const made = modules[stage] as fc.Arbitrary<Uint8Array>
      return fc.record({
        stage: fc.constant(stage),
        code: fc.oneof(
          { weight: 4, arbitrary: mutated(real.slice(0, 3)) },
          { weight: 1, arbitrary: mutated(real) },
          { weight: 4, arbitrary: made },
          { weight: 2, arbitrary: made.chain((code) => mutated([code], 2)) },
        ),
      })
    })
    return openTarget(inputs, ({ stage, code }) => {
      const on = stages[stage] as Stage
      const prepared = attempt(() => on.prepare(code))
      if ('value' in prepared) attempt(() => on.run(code, GAS_LIMIT))
    })
  },
}

/** Generation 2 lets actors charge a negative amount, and so go on for ever: it runs no code but that of the official actors. */
function isBounded({ module, name, parameters }: Syscall): boolean {
  return module !== 'gas' || name !== 'charge' || parameters.some(([, kind]) => kind === 'u64')
}

/** Modules that are valid but for rare accidents: statements that leave the stack as it was, one after the other and within one another. */
function generated(imports: readonly Import[]): fc.Arbitrary<Uint8Array> {
  return fc
    .array(statement(imports, 3), { maxLength: 12 })
    .map((code) => writeModule(imports, LOCALS, [...code.flat(), ...i32(0)]))
}

const float32 = fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bits) => [0x43, ...bits])
const float64 = fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bits) => [0x44, ...bits])
const int32 = fc.oneof(specialInt32, fc.nat(300)).map(i32)
const int64 = fc.oneof(specialInteger, fc.nat(300).map(BigInt)).map(i64)

/** `local.get`. */
const getLocal = (index: number): fc.Arbitrary<number[]> => fc.constant<number[]>([0x20, index])

/** Two operands, an operation of those from `first` to `last`, and the local that takes the result. */
const binary = (
  operand: fc.Arbitrary<number[]>,
  local: number,
  first: number,
  last: number,
): fc.Arbitrary<number[]> =>
  fc
    .tuple(operand, operand, fc.integer({ min: first, max: last }))
    .map(([a, b, operation]) => [...a, ...b, operation, 0x21, local])

function operands({ params }: Import): fc.Arbitrary<number[]> {
  return fc.tuple(...params.map((type) => (type === I64 ? int64 : int32))).map((values) => values.flat())
}

function statement(imports: readonly Import[], depth: number): fc.Arbitrary<number[]> {
  const simple = [
    binary(fc.oneof(int32, getLocal(1)), 1, 0x6a, 0x78),
    binary(fc.oneof(int64, getLocal(2)), 2, 0x7c, 0x8a),
    binary(fc.oneof(float32, getLocal(3)), 3, 0x92, 0x98),
    binary(fc.oneof(float64, getLocal(4)), 4, 0xa0, 0xa6),
    binary(int64, 1, 0x51, 0x5a),
    // Conversions, some of which trap.
    fc
      .tuple(float64, fc.constantFrom(0xaa, 0xab))
      .map(([value, operation]) => [...value, operation, 0x21, 1]),
    // Loads and stores, of any width and anywhere.
    fc
      .tuple(int32, fc.oneof(fc.nat(70_000), fc.constant(2 ** 32 - 1)))
      .map(([at, offset]) => [...at, 0x28, 0, ...unsigned(offset), 0x21, 1]),
    fc
      .tuple(int32, int64, fc.nat(70_000))
      .map(([at, value, offset]) => [...at, ...value, 0x37, 0, ...unsigned(offset)]),
    int32.map((pages) => [...pages, 0x40, 0, 0x21, 1]),
    fc.constantFrom<number[][]>(
      [0x00],
      [...i32(0), 0x0f],
      [...i32(0), 0x10, ...unsigned(imports.length), 0x1a],
    ),
    fc
      .nat(imports.length - 1)
      .chain((index) =>
        operands(imports[index] as Import).map((values) => [...values, 0x10, ...unsigned(index), 0x1a]),
      ),
  ]
  if (depth === 0) return fc.oneof(...simple)
  const within = fc.array(statement(imports, depth - 1), { maxLength: 4 }).map((code) => code.flat())
  return fc.oneof(
    { weight: 3, arbitrary: fc.oneof(...simple) },
    {
      weight: 1,
      arbitrary: fc.oneof(
        within.map((code) => [0x02, EMPTY, ...code, 0x0b]),
        fc
          .tuple(int32, within, within)
          .map(([test, yes, no]) => [...test, 0x04, EMPTY, ...yes, 0x05, ...no, 0x0b]),
        // Counts a local down to zero; without end where the code within sets it anew.
        within.map((code) => [0x03, EMPTY, ...code, 0x20, 1, ...i32(1), 0x6b, 0x22, 1, 0x0d, 0, 0x0b]),
      ),
    },
  )
}
