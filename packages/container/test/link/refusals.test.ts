import { Container, ContainerError, isLibrary } from '@troupe/container'
import {
  type LibraryRules,
  NV28,
  USER_ACTOR_RULES,
  type UserActorRules,
  withUserActors,
} from '@troupe/hypervisor'
import { describe, expect, it } from 'vitest'
import { asLibrary, codeCid, dylink, Installed, library, type Needs } from '../support/libraries.ts'
import { section, wasm } from '../support/wasm-builder.ts'
import { wat } from '../support/wat.ts'

const MEMORY = '(import "env" "memory" (memory 0))'
const INVOKE = '(func (export "invoke") (param i32) (result i32) (i32.const 0))'
const ACTOR = `(memory (export "memory") 1) ${INVOKE}`

interface Options {
  readonly libraries?: Partial<LibraryRules>
  readonly bounds?: Partial<UserActorRules>
}

function attempt(
  run: (bounds: UserActorRules, container: Container) => unknown,
  options: Options,
): string | undefined {
  const libraries = { ...(USER_ACTOR_RULES.libraries as LibraryRules), ...options.libraries }
  try {
    run({ ...USER_ACTOR_RULES, libraries, ...options.bounds }, new Container())
    return undefined
  } catch (error) {
    if (error instanceof ContainerError) return error.code
    throw error
  }
}

const rulesOf = (bounds: UserActorRules): ReturnType<typeof withUserActors> => withUserActors(NV28, bounds)

/** Installs a library; gives the code of the error, if any. */
function installLibrary(
  code: Uint8Array,
  installed: Installed = new Installed(),
  options: Options = {},
): string | undefined {
  return attempt(
    (bounds, container) => container.checkLibrary(code, rulesOf(bounds), bounds, installed.find),
    options,
  )
}

/** Installs an actor, likewise. */
function installActor(text: string, installed: Installed, options: Options = {}): string | undefined {
  const code = wat(`(module ${text})`, { mutable_globals: true })
  return attempt(
    (bounds, container) => container.install(codeCid(code), code, rulesOf(bounds), bounds, installed.find),
    options,
  )
}

/** An actor of a library with the text. */
const withLibrary = (
  text: string,
  needs: Needs = {},
  actor = ACTOR,
  options: Options = {},
): string | undefined => {
  const installed = new Installed()
  const lib = installed.add(library(`${text} (func (export "f"))`, needs))
  return installActor(`(import "${lib}" "f" (func)) ${actor}`, installed, options)
}

describe('a library is refused', () => {
  it.each<[string, string, string]>([
    [
      'imports from the environment what no actor gives',
      '(import "env" "__heap_base" (global i32))',
      'module/library',
    ],
    ['imports a global offset table', '(import "GOT.mem" "x" (global (mut i32)))', 'module/library'],
    ['imports a memory by another name', '(import "env" "memory2" (memory 0))', 'module/library'],
    [
      'imports a memory base that can be set',
      '(import "env" "__memory_base" (global (mut i32)))',
      'module/library',
    ],
    ['imports a base of another type', '(import "env" "__table_base" (global i64))', 'module/library'],
    [
      'imports a stack pointer that cannot be set',
      '(import "env" "__stack_pointer" (global i32))',
      'module/library',
    ],
    [
      'imports a memory under the name of a global',
      '(import "env" "__memory_base" (memory 0))',
      'module/library',
    ],
    ['imports a prototype', '(import "env" "__proto__" (memory 0))', 'module/library'],
    [
      'imports the same twice',
      '(import "env" "__memory_base" (global i32)) (import "env" "__memory_base" (global i32))',
      'module/library',
    ],
    ['has a memory of its own', '(memory 1)', 'module/library'],
    ['has a table of its own', '(table 1 funcref)', 'module/library'],
    [
      'imports what is no syscall',
      '(import "env" "malloc" (func (param i32) (result i32)))',
      'module/interface',
    ],
    ['imports a syscall as another type', '(import "vm" "exit" (func))', 'module/interface'],
    [
      'imports a library that is not installed',
      `(import "lib:${codeCid(Uint8Array.of(1))}" "f" (func))`,
      'module/library',
    ],
    ['imports what is no CID', '(import "lib:bafy" "f" (func))', 'module/library'],
    ['is invalid', `${MEMORY} (func (i32.const 0))`, 'module/invalid'],
    [
      'cannot be instrumented',
      `${MEMORY} (func (drop (select (result i32) (i32.const 0) (i32.const 1) (i32.const 2))))`,
      'module/unsupported',
    ],
    [
      'reads its own globals in constants',
      '(global $g i32 (i32.const 0)) (global i32 (global.get $g))',
      'module/unsupported',
    ],
  ])('that %s', (_, text, code) => {
    expect(installLibrary(library(text))).toBe(code)
  })

  it('that imports two memories, or two tables', () => {
    for (const entry of [MEMORY, '(import "env" "__indirect_function_table" (table 0 funcref))']) {
      expect(installLibrary(library(`${entry} (func)`))).toBeUndefined()
      const module = wat(`(module ${entry})`)
      const content = [...module.subarray(11)]
      const twice = wasm(section(2, [2, ...content, ...content]))
      expect(installLibrary(asLibrary(twice))).toBe('module/unsupported')
    }
  })

  it('whose first section is broken, or wants others by name', () => {
    const rest = [...wat(`(module ${MEMORY} (func))`).subarray(8)]
    const of = (...first: number[]): Uint8Array<ArrayBuffer> => wasm(first, rest)
    expect(installLibrary(of(...dylink()))).toBeUndefined()
    expect(installLibrary(of(...dylink({ memoryAlignment: 16, tableAlignment: 16 })))).toBeUndefined()
    expect(installLibrary(of(...dylink({ memoryAlignment: 17 })))).toBe('module/limit')
    expect(installLibrary(of(...dylink({ tableAlignment: 17 })))).toBe('module/limit')
    // Subsections: needed libraries, one and none; unknown; one that is cut short.
    expect(installLibrary(of(...dylink({}, [2, 3, 1, 1, 0x61])))).toBe('module/library')
    expect(installLibrary(of(...dylink({}, [2, 1, 0])))).toBeUndefined()
    expect(installLibrary(of(...dylink({}, [9, 1, 0])))).toBeUndefined()
    expect(installLibrary(of(...dylink({}, [1, 1, 0])))).toBe('module/malformed')
    expect(installLibrary(of(...dylink({}, [3])))).toBe('module/malformed')
  })

  it('that is told from an actor by its first section', () => {
    const code = library(MEMORY)
    expect(isLibrary(code)).toBe(true)
    expect(isLibrary(wat(`(module ${ACTOR})`))).toBe(false)
    expect(isLibrary(Uint8Array.from([...code.subarray(0, 8), 0, 1, 0, ...code.subarray(8)]))).toBe(false)
    for (const bytes of [code.subarray(0, 9), code.subarray(0, 8), new Uint8Array(), Uint8Array.of(0, 0x61)])
      expect(isLibrary(bytes)).toBe(false)
    expect(installLibrary(wat(`(module ${ACTOR})`))).toBe('module/library')
  })

  it('where the rules leave libraries out, and in the bounds of any user’s code', () => {
    const code = library('(func) (func) (func (local i32 i32 i32))')
    expect(installLibrary(code, undefined, { bounds: { libraries: undefined } })).toBe('module/library')
    expect(
      installLibrary(code, undefined, { bounds: { maximumFunctions: 3, maximumLocals: 3 } }),
    ).toBeUndefined()
    expect(installLibrary(code, undefined, { bounds: { maximumFunctions: 2 } })).toBe('module/limit')
    expect(installLibrary(code, undefined, { bounds: { maximumLocals: 2 } })).toBe('module/limit')
  })
})

describe('an actor is refused', () => {
  const installed = new Installed()
  const lib = installed.add(
    library('(func (export "f") (param i32)) (global (export "g") i32 (i32.const 0))'),
  )

  it.each<[string, string]>([
    ['that is not installed', `(import "lib:${codeCid(Uint8Array.of(9))}" "f" (func))`],
    ['that lacks the function', `(import "${lib}" "nothing" (func))`],
    ['that has no function by the name', `(import "${lib}" "g" (func))`],
    ['that has it with other parameters', `(import "${lib}" "f" (func (param i64)))`],
    ['that has it with other results', `(import "${lib}" "f" (func (param i32) (result i32)))`],
    ['whose name is no CID', '(import "lib:x" "f" (func))'],
    [
      'whose name is another text of its CID',
      `(import "${lib.replace('lib:b', 'lib:B').toUpperCase().replace('LIB', 'lib')}" "f" (func))`,
    ],
  ])('that imports from a library %s', (_, text) => {
    expect(installActor(`${text} ${ACTOR}`, installed)).toBe('module/library')
  })

  it('that imports from what is an actor', () => {
    const actor = installed.add(wat(`(module ${ACTOR})`))
    expect(
      installActor(`(import "${actor}" "invoke" (func (param i32) (result i32))) ${ACTOR}`, installed),
    ).toBe('module/library')
  })

  it('that gives no stack pointer to a library which wants one', () => {
    const text = '(import "env" "__stack_pointer" (global (mut i32)))'
    const exporting = (global: string): string => `${ACTOR} (global (export "__stack_pointer") ${global})`
    expect(withLibrary(text)).toBe('module/interface')
    expect(withLibrary(text, {}, exporting('i32 (i32.const 0)'))).toBe('module/interface')
    expect(withLibrary(text, {}, exporting('(mut i64) (i64.const 0)'))).toBe('module/interface')
    expect(withLibrary(text, {}, exporting('(mut i32) (i32.const 0)'))).toBeUndefined()
  })

  it('that has no memory, or not as much as a library needs', () => {
    expect(withLibrary('', {}, INVOKE)).toBe('module/interface')
    const memory = (limits: string): string =>
      `(memory (export "memory") (export "__library_behind") ${limits}) ${INVOKE}`
    const needs = { memorySize: 65_536 }
    expect(withLibrary(MEMORY, needs, memory('1 2'))).toBeUndefined()
    expect(withLibrary(MEMORY, needs, memory('1 1'))).toBe('module/limit')
    expect(withLibrary('(import "env" "memory" (memory 2))', {}, memory('1 2'))).toBeUndefined()
    expect(withLibrary('(import "env" "memory" (memory 3))', {}, memory('1 2'))).toBe('module/limit')
    // An instance has 8192 pages at most, and a memory 65,536.
    expect(withLibrary(MEMORY, { memorySize: 8191 * 65_536 }, memory('1'))).toBeUndefined()
    expect(withLibrary(MEMORY, { memorySize: 8191 * 65_536 + 1 }, memory('1'))).toBe('module/limit')
    expect(withLibrary(MEMORY, { memorySize: 0xffff_ffff }, memory('1'))).toBe('module/limit')
  })

  it('that does not say where libraries have their memory, where they need any', () => {
    const needs = { memorySize: 1 }
    expect(withLibrary(MEMORY)).toBeUndefined()
    expect(withLibrary(MEMORY, needs)).toBe('module/interface')
    expect(withLibrary(MEMORY, needs, `${ACTOR} (func (export "__library_behind"))`)).toBeUndefined()
    const area = (base: string, size: string): string =>
      `${ACTOR} (global (export "__library_base") ${base}) (global (export "__library_size") ${size})`
    expect(withLibrary(MEMORY, needs, area('i32 (i32.const 8)', 'i32 (i32.const 1)'))).toBeUndefined()
    expect(withLibrary(MEMORY, needs, area('i32 (i32.const 8)', 'i32 (i32.const 0)'))).toBe('module/limit')
    expect(
      withLibrary(MEMORY, { memoryAlignment: 16 }, area('i32 (i32.const 8)', 'i32 (i32.const 0)')),
    ).toBeUndefined()
    // What can be set, or is no i32, says nothing.
    expect(withLibrary(MEMORY, needs, area('(mut i32) (i32.const 8)', 'i32 (i32.const 1)'))).toBe(
      'module/interface',
    )
    expect(withLibrary(MEMORY, needs, area('i32 (i32.const 8)', 'i64 (i64.const 1)'))).toBe(
      'module/interface',
    )
    expect(withLibrary(MEMORY, needs, area('i32 (i32.const -1)', 'i32 (i32.const 1)'))).toBe('module/limit')
  })

  it('that has not as many elements as a library needs', () => {
    const table = '(import "env" "__indirect_function_table" (table 0 funcref))'
    const actor = (limits: string): string => `(table ${limits} funcref) ${ACTOR}`
    expect(withLibrary(table, { tableSize: 2 }, actor('3 5'))).toBeUndefined()
    expect(withLibrary(table, { tableSize: 3 }, actor('3 5'))).toBe('module/limit')
    expect(withLibrary(table.replace('0', '6'), {}, actor('3 5'))).toBe('module/limit')
    // Twenty thousand, of which the first is nobody's.
    expect(withLibrary(table, { tableSize: 19_999 })).toBeUndefined()
    expect(withLibrary(table, { tableSize: 20_000 })).toBe('module/limit')
    expect(withLibrary(table, { tableSize: 0xffff_ffff })).toBe('module/limit')
  })

  it('that has more of anything with libraries than a module may have', () => {
    const segments = (count: number): string => '(data "") '.repeat(count)
    expect(withLibrary(`${MEMORY} ${segments(50_000)}`, {}, `${ACTOR} ${segments(50_000)}`)).toBeUndefined()
    expect(withLibrary(`${MEMORY} ${segments(50_000)}`, {}, `${ACTOR} ${segments(50_001)}`)).toBe(
      'module/limit',
    )
  })

  it('that has more functions with libraries than a code may have', () => {
    const count = (maximumFunctions: number): string | undefined =>
      withLibrary('(func) (func)', {}, ACTOR, { bounds: { maximumFunctions } })
    // The actor's, and three of the library; what is imported from it is one of them.
    expect(count(4)).toBeUndefined()
    expect(count(3)).toBe('module/limit')
  })
})

describe('libraries are bounded', () => {
  /** A library that imports others. */
  const importing = (names: readonly string[], salt: number): Uint8Array<ArrayBuffer> =>
    library(
      `${names.map((name) => `(import "${name}" "f" (func))`).join(' ')} (func (export "f")) ${'(func) '.repeat(salt)}`,
    )

  it('in their number, those of libraries counted, each once', () => {
    const installed = new Installed()
    const shared = installed.add(importing([], 0))
    const middle = [1, 2, 3].map((salt) => installed.add(importing([shared], salt)))
    const text = `${middle.map((name) => `(import "${name}" "f" (func))`).join(' ')} ${ACTOR}`
    const bounded = (maximumLibraries: number): Options => ({ libraries: { maximumLibraries } })
    expect(installActor(text, installed, bounded(4))).toBeUndefined()
    expect(installActor(text, installed, bounded(3))).toBe('module/limit')
    // A library counts itself.
    expect(installLibrary(importing(middle, 4), installed, bounded(5))).toBeUndefined()
    expect(installLibrary(importing(middle, 4), installed, bounded(4))).toBe('module/limit')
  })

  it('in how deep they go, by whichever way is the longest', () => {
    const installed = new Installed()
    const names = [installed.add(importing([], 0))]
    for (let depth = 2; depth <= 5; depth++)
      // Each imports all the others, the first one first, so that the short way is found first.
      names.push(installed.add(importing(names, depth)))
    const actor = (depth: number): string =>
      `(import "${names[0]}" "f" (func)) (import "${names[depth - 1]}" "f" (func)) ${ACTOR}`
    const { maximumDepth } = USER_ACTOR_RULES.libraries as LibraryRules
    expect(maximumDepth).toBe(4)
    expect(installActor(actor(4), installed)).toBeUndefined()
    expect(installActor(actor(5), installed)).toBe('module/limit')
    expect(installActor(actor(4), installed, { libraries: { maximumDepth: 3 } })).toBe('module/limit')
    // A library that no actor could import is none.
    expect(installLibrary(importing(names.slice(0, 3), 9), installed)).toBeUndefined()
    expect(installLibrary(importing(names.slice(0, 4), 9), installed)).toBe('module/limit')
    expect(installLibrary(importing([], 9), installed, { libraries: { maximumDepth: 0 } })).toBe(
      'module/limit',
    )
  })

  it('in the bytes of all that is linked', () => {
    const installed = new Installed()
    const code = importing([], 0)
    const text = `(import "${installed.add(code)}" "f" (func)) ${ACTOR}`
    const size = code.length + wat(`(module ${text})`).length
    expect(installActor(text, installed, { libraries: { maximumLinkedSize: size } })).toBeUndefined()
    expect(installActor(text, installed, { libraries: { maximumLinkedSize: size - 1 } })).toBe('module/limit')
    expect(installLibrary(code, installed, { libraries: { maximumLinkedSize: code.length } })).toBeUndefined()
    expect(installLibrary(code, installed, { libraries: { maximumLinkedSize: code.length - 1 } })).toBe(
      'module/limit',
    )
  })

  it('and never import themselves, whatever is found under their names', () => {
    const installed = new Installed()
    const [a, b] = [1, 2].map((byte) => codeCid(Uint8Array.of(byte))) as [
      ReturnType<typeof codeCid>,
      ReturnType<typeof codeCid>,
    ]
    installed.add(importing([`lib:${b}`], 0), a)
    installed.add(importing([`lib:${a}`], 1), b)
    expect(installActor(`(import "lib:${a}" "f" (func)) ${ACTOR}`, installed)).toBe('module/library')
  })
})
