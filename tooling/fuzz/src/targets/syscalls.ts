import { resultSize } from '@troupe/container'
import {
  ErrorNumber,
  idAddress,
  NV15,
  NV17,
  NV18,
  NV20,
  NV21,
  NV28,
  type ParameterKind,
  type RuleSet,
  SYSCALLS_2,
  SYSCALLS_3,
  SYSCALLS_4,
  type Syscall,
} from '@troupe/hypervisor'
import { BLAKE2B_256, CBOR, CborWriter, type Cid, cidOf, DAG_CBOR, RAW, SHA2_256 } from '@troupe/ipld'
import fc from 'fast-check'
import { importOf } from '../imports.ts'
import { specialInt32, specialInteger } from '../mutate.ts'
import { CALLEE, createStage, type Stage } from '../stage.ts'
import { attempt, claim, openTarget, type Target } from '../target.ts'
import { i32, i64, writeModule } from '../wasm-writer.ts'
import { sampleAddresses } from './codecs.ts'

/** One call of a case. */
interface Call {
  readonly syscall: string
  /** The Wasm values, the out-pointer first. */
  readonly values: readonly (number | bigint)[]
}

/** A range of the module's memory. */
interface Range {
  readonly offset: number
  readonly length: number
}

/** What stands in memory. */
type Thing = 'bytes' | 'cid' | 'address'
type Places = Readonly<Record<Thing, readonly Range[]>>

const RULES: readonly (readonly [RuleSet, readonly Syscall[]])[] = [
  [NV15, SYSCALLS_2],
  [NV17, SYSCALLS_2],
  [NV18, SYSCALLS_3],
  [NV20, SYSCALLS_3],
  [NV21, SYSCALLS_4],
  [NV28, SYSCALLS_4],
]
const GAS_LIMIT = 2_000_000_000n
const PAGE = 65_536
/** Bytes of the memory that a module starts with; the rest is zero. */
const DATA_LENGTH = 2048
const KNOWN_NUMBERS: ReadonlySet<number> = new Set([0, ...Object.values(ErrorNumber)])
/** Where nothing is that another part of a case needs. */
const SCRATCH = 60_000

/** Every syscall with hostile offsets, lengths, handles, flags and numbers; what it is not to write to stays as it is. */
export const syscalls: Target = {
  name: 'syscalls',
  open: async () => {
    const stages = await Promise.all(RULES.map(([rules]) => createStage(rules)))
    const { memory, places } = layOut((stages[0] as Stage).crypto)
    const inputs = fc.nat(RULES.length - 1).chain((stage) =>
      fc.record({
        stage: fc.constant(stage),
        calls: fc.array(callOf((RULES[stage] as (typeof RULES)[0])[1], places), {
          minLength: 1,
          maxLength: 4,
        }),
      }),
    )
    return openTarget(inputs, ({ stage, calls }) => {
      const [, table] = RULES[stage] as (typeof RULES)[0]
      const rows = calls.map(({ syscall }) => table.find((row) => nameOf(row) === syscall) as Syscall)
      const code = writeCalls(calls, rows, table, memory)
      const numbers: number[] = []
      const ended = attempt(() =>
        (stages[stage] as Stage).run(code, GAS_LIMIT, (event) => {
          if (event.type === 'syscall') numbers.push(event.errorNumber)
        }),
      )
      claim(
        numbers.every((number) => KNOWN_NUMBERS.has(number)),
        `syscalls end with known error numbers (${numbers})`,
      )
      // A typed failure of the host: what the stage does not have, such as consensus faults.
      if (!('value' in ended)) return
      const { exitCode, returnData } = ended.value.receipt
      if (exitCode === 0 && returnData.length === PAGE) checkMemory(memory, returnData, calls, rows)
    })
  },
}

const nameOf = ({ module, name }: Syscall): string => `${module}.${name}`

/** A memory full of things that syscalls take, and where they are. */
function layOut(crypto: Stage['crypto']): { memory: Uint8Array; places: Places } {
  const cids = [
    cidOf(crypto, DAG_CBOR, Uint8Array.of(0x80)),
    cidOf(crypto, RAW, new TextEncoder().encode('script:account')),
    cidOf(crypto, RAW, new TextEncoder().encode('script:echo')),
    cidOf(crypto, RAW, Uint8Array.of(9)),
  ] as [Cid, Cid, ...Cid[]]
  const w = (): CborWriter => new CborWriter()
  const noise = crypto.blake2b(Uint8Array.of(1), 32)
  const ids = [100n, 101n, 102n, 999n].map(idAddress)
  const things: readonly (readonly [Thing, Uint8Array])[] = [
    ['bytes', new TextEncoder().encode('text, and as good as any bytes')],
    ...cids.map(({ bytes }) => ['cid', bytes] as const),
    ...[...sampleAddresses(crypto), ...ids, CALLEE].map(({ bytes }) => ['address', bytes] as const),
    ['bytes', w().array(1).array(4).uint(3).text('key').uint(RAW).bytes(noise).finish()],
    ['bytes', w().array(1).array(2).uint(2048).cid(cids[0]).finish()],
    ['bytes', w().array(5).int(3).cid(cids[0]).cid(cids[0]).cid(cids[0]).bytes(noise).finish()],
    ['bytes', w().array(2).cid(cids[0]).cid(cids[1]).finish()],
    ['bytes', new Uint8Array(65).fill(1)],
  ]
  const memory = new Uint8Array(PAGE)
  // A pattern in which a byte that changed is seen.
  for (let i = 0; i < DATA_LENGTH; i++) memory[i] = (i * 7 + (i >> 8)) & 0xff
  const places: Record<Thing, Range[]> = { bytes: [], cid: [], address: [] }
  let at = 16
  for (const [thing, bytes] of things) {
    memory.set(bytes, at)
    places[thing].push({ offset: at, length: bytes.length })
    at += bytes.length + 8
  }
  return { memory, places }
}

function callOf(table: readonly Syscall[], places: Places): fc.Arbitrary<Call> {
  const anywhere = Object.values(places).flat()
  const offset = fc.oneof(
    fc.constantFrom(...anywhere).map((range) => range.offset),
    fc.constantFrom(0, SCRATCH, PAGE - 1, PAGE - 4, PAGE - 32, PAGE, PAGE + 1),
    specialInt32,
  )
  const length = fc.oneof(fc.nat(128), fc.constantFrom(PAGE, PAGE - SCRATCH), specialInt32)
  /** Mostly where such a thing is, else where another is, else anywhere. */
  const rangeOf = (thing: Thing): fc.Arbitrary<number[]> =>
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...places[thing]).map((one) => [one.offset, one.length]) },
      { weight: 1, arbitrary: fc.constantFrom(...anywhere).map((one) => [one.offset, one.length]) },
      { weight: 1, arbitrary: fc.tuple(offset, length) },
    )
  const [address, range] = [rangeOf('address'), rangeOf('bytes')]
  const out = fc.oneof(
    { weight: 3, arbitrary: fc.tuple(fc.integer({ min: SCRATCH, max: PAGE }), fc.nat(200)) },
    { weight: 1, arbitrary: fc.tuple(offset, length) },
  )
  const small = fc.oneof(fc.nat(40), specialInt32)
  const big = fc.oneof(
    fc.constantFrom(RAW, CBOR, DAG_CBOR, BLAKE2B_256, SHA2_256, 0x1b, 0x1053, 100, 101, 102).map(BigInt),
    fc.nat(40).map(BigInt),
    specialInteger,
  )
  const kinds: Readonly<Record<ParameterKind, fc.Arbitrary<readonly (number | bigint)[]>>> = {
    u32: small.map((value) => [value]),
    i32: small.map((value) => [value]),
    u64: big.map((value) => [value]),
    i64: big.map((value) => [value]),
    cid: rangeOf('cid').map(([value]) => [value as number]),
    address,
    optionalAddress: address,
    bytes: range,
    lenientBytes: range,
    bytes32: offset.map((value) => [value]),
    bytes65: offset.map((value) => [value]),
    bytes96: offset.map((value) => [value]),
    at: offset.map((value) => [value]),
    eventEntries: fc.tuple(offset, fc.oneof(fc.nat(3), specialInt32)),
    text: range,
    out,
    outAt: offset.map((value) => [value]),
  }
  return fc
    .constantFrom(...table)
    .chain((row) =>
      fc
        .tuple(
          resultSize(row.result) > 0 ? out.map(([at]) => [at as number]) : fc.constant([]),
          ...row.parameters.map(([, kind]) => kinds[kind]),
        )
        .map((values) => ({ syscall: nameOf(row), values: values.flat() })),
    )
}

/** Creates a block, makes the calls, and returns the whole memory. */
function writeCalls(
  calls: readonly Call[],
  rows: readonly Syscall[],
  table: readonly Syscall[],
  memory: Uint8Array,
): Uint8Array {
  const create = table.find((row) => nameOf(row) === 'ipld.block_create') as Syscall
  const imports = [create, ...rows].map(importOf)
  // Generation 2 knows one codec; from generation 4 on its blocks must be what the codec says.
  const codec = table === SYSCALLS_2 ? DAG_CBOR : RAW
  const block = (offset: number, length: number): number[] => [
    ...i32(0),
    ...i64(BigInt(codec)),
    ...i32(offset),
    ...i32(length),
    0x10,
    0,
    0x1a,
  ]
  const code = [
    // The data of a block is copied before its handle is written at 0.
    ...block(16, 5),
    ...calls.flatMap(({ values }, i) => [
      ...values.flatMap((value) => (typeof value === 'bigint' ? i64(value) : i32(value))),
      0x10,
      i + 1,
      0x1a,
    ]),
    ...block(0, PAGE),
    ...[...i32(0), 0x28, 2, 0],
  ]
  return writeModule(imports, [], code, memory.subarray(0, DATA_LENGTH))
}

/** Compares memory with what it was, but for the places that the calls may write to. */
function checkMemory(
  before: Uint8Array,
  after: Uint8Array,
  calls: readonly Call[],
  rows: readonly Syscall[],
): void {
  const allowed: Range[] = [{ offset: 0, length: 4 }]
  calls.forEach(({ values }, i) => {
    const row = rows[i] as Syscall
    const { params } = importOf(row)
    let at = 0
    const size = resultSize(row.result)
    if (size > 0) allowed.push({ offset: (values[at++] as number) >>> 0, length: size })
    for (const [, kind] of row.parameters) {
      const [offset, length] = [Number(values[at]) >>> 0, Number(values[at + 1]) >>> 0]
      if (kind === 'out') allowed.push({ offset, length })
      // As many bytes as there are seals: the layout has none of more.
      if (kind === 'outAt') allowed.push({ offset, length: 64 })
      at += WIDE.has(kind) ? 2 : 1
    }
    claim(at === params.length, 'a call passes what its syscall takes')
  })
  const isAllowed = (at: number): boolean =>
    allowed.some(({ offset, length }) => at >= offset && at < offset + length)
  const wrong = after.findIndex((byte, at) => byte !== before[at] && !isAllowed(at))
  claim(wrong === -1, `memory outside of what a syscall was given stays as it is (byte ${wrong} changed)`)
}

/** Kinds that take two Wasm values: offset and length. */
const WIDE: ReadonlySet<ParameterKind> = new Set([
  'address',
  'optionalAddress',
  'bytes',
  'lenientBytes',
  'eventEntries',
  'text',
  'out',
])
