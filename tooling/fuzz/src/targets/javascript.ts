import { loadCrypto } from '@troupe/crypto'
import { encodeIpld, type IpldValue, parseCid } from '@troupe/ipld'
import { CODE_HEADER } from '@troupe/runtime-ses'
import fc from 'fast-check'
import { formatInput } from '../format-input.ts'
import { type CallOutcome, EnginePair, type JavaScriptCall } from '../javascript/engine-pair.ts'
import { program } from '../javascript/programs.ts'
import { SUBJECT } from '../javascript/subject.ts'
import { mutated } from '../mutate.ts'
import { claim, openTarget, type Target } from '../target.ts'

const LIMIT_MS = 60_000
const CODE = parseCid('bafkqaaa')

const smallBytes = fc.uint8Array({ maxLength: 9 })
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n })

/** Values in every form that they have in CBOR, and in some that are none. */
const { value } = fc.letrec<{ value: IpldValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(null, true, false, 0n, CODE),
    int64,
    fc.string({ unit: 'grapheme', maxLength: 10 }),
    smallBytes,
    fc.record({ '@int': smallBytes }),
    fc
      .tuple(
        fc.constantFrom(100n, 101n, 102n, 7n),
        fc.constantFrom('public', 'admin', 'later'),
        fc.constantFrom(null, 0n, 1n),
      )
      .map((target) => ({ '@ref': [...target, null] })),
    fc.constantFrom<IpldValue>(
      { '@tag': ['copySet', ['b', 'a']] },
      { '@tag': ['copyMap', { keys: ['k'], values: [1n] }] },
    ),
    fc
      .tuple(fc.constantFrom('copySet', 'copyBag', 'future', 'x'), tie('value'))
      .map((tag) => ({ '@tag': tag })),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', 'b', '', '@@c', 'length', '__proto__', 'toString'), tie('value'), {
      maxKeys: 4,
    }),
  ),
}))

/** What the exported methods are given, where it is what they take. */
const ARGUMENTS: Readonly<Record<string, fc.Arbitrary<readonly IpldValue[]>>> = {
  Echo: fc.array(value, { maxLength: 3 }),
  Keep: fc.tuple(value),
  Put: fc.tuple(value, value),
  Take: fc.tuple(value),
  Emit: fc.tuple(value),
  Strict: fc.tuple(fc.nat().map(BigInt), fc.string({ maxLength: 9 }), fc.array(value, { maxLength: 2 })),
  Relay: fc.tuple(fc.constantFrom(102n, 101n, 100n, 999n), value),
  Admin_reset: fc.tuple(fc.constantFrom(0n, 1n)),
  Troupe_delegate: fc.tuple(fc.constant(0n), fc.constantFrom(100n, 102n), fc.constantFrom(null, ['reset'])),
  Troupe_revoke: fc.tuple(fc.constantFrom(0n, 1n)),
  Troupe_upgrade: fc.tuple(fc.constant(0n), fc.constant(CODE.bytes)),
  Nothing: fc.constant([]),
}

/** The list `[1.5, -0]`, which has no other way in. */
const FLOATS = Uint8Array.of(0x82, 0xfb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0xfb, 0x80, 0, 0, 0, 0, 0, 0, 0)

const call: fc.Arbitrary<JavaScriptCall> = fc.constantFrom(...Object.keys(ARGUMENTS)).chain((method) =>
  fc.record({
    method: fc.constant(method),
    params: (ARGUMENTS[method] as fc.Arbitrary<readonly IpldValue[]>)
      .map(encodeIpld)
      .chain((good) => fc.oneof({ weight: 3, arbitrary: fc.constant(good) }, mutated([good, FLOATS], 1))),
    value:
      method === 'Echo'
        ? fc.constantFrom(0n, 5n)
        : fc.oneof({ weight: 9, arbitrary: fc.constant(0n) }, fc.constant(5n)),
  }),
)
const run: fc.Arbitrary<JavaScriptCall> = program.map((source) => ({
  method: 'Run',
  params: encodeIpld([source]),
  value: 0n,
}))

/** What an actor's source may be, to be spoilt. */
const SCRIPTS = [
  SUBJECT,
  `(function (require, exports) { const { defineActor, M } = require('@troupe/sdk-js');
  exports.default = defineActor('A', { facets: { public: M.interface('A', { f: M.call().returns() }) }, methods: { public: { f() {} } } }); })`,
  '(function (require, exports) { exports.default = 7 })',
]

/** Calls of an actor, good and bad ones, programs that it runs, and scripts that are to be installed: the engine in Wasm answers, and V8 answers the same. */
export const javascript: Target = {
  name: 'javascript',
  open: async () => {
    const engines = await EnginePair.open(SUBJECT, await loadCrypto())
    const script = mutated(SCRIPTS.map((text) => new TextEncoder().encode(CODE_HEADER + text)))
    const inputs = fc.oneof(
      { weight: 8, arbitrary: fc.record({ calls: fc.array(call, { minLength: 1, maxLength: 5 }) }) },
      { weight: 8, arbitrary: fc.record({ calls: fc.tuple(run) }) },
      { weight: 1, arbitrary: fc.record({ script }) },
    )
    return openTarget(
      inputs,
      (input) => {
        if ('script' in input) agree(engines.validate(input.script), 'a script is code for both')
        else
          for (const outcomes of engines.call(input.calls))
            agree(outcomes.map(comparable), 'a call comes to the same in both')
      },
      LIMIT_MS,
    )
  },
}

/** Texts of errors are the engines' own, but for the SDK's codes before them. */
function comparable({ message, ...outcome }: CallOutcome): object {
  return { ...outcome, code: /^[a-z]+\/[a-z-]+/.exec(message ?? '')?.[0] }
}

function agree([wasm, v8]: readonly unknown[], property: string): void {
  const [ours, theirs] = [formatInput(wasm), formatInput(v8)]
  claim(ours === theirs, `${property}: ${ours} in Wasm, ${theirs} in V8`)
}
