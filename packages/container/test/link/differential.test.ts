import { Container, ContainerError, dialectOf, parseModule, type WasmModule } from '@troupe/container'
import { type LibraryRules, NV28, type Syscall, USER_ACTOR_RULES, withUserActors } from '@troupe/hypervisor'
import { describe, expect, it } from 'vitest'
import { linkActor } from '../../src/link/link.ts'
import { validateModule } from '../../src/validate/validate.ts'
import { asLibrary, Installed } from '../support/libraries.ts'
import { random, randomModule } from '../support/random-module.ts'
import { NEW } from '../support/rules.ts'
import { transformedRunner } from '../support/run-instrumented.ts'
import { HEADER, name, section, vector, wasm } from '../support/wasm-builder.ts'
import { wat } from '../support/wat.ts'

const PLENTY = 200_000_000n
/** What the actor around the library pays: a local, and a call with the stack limiter around it. */
const WAY = 56_000n
const LIBRARIES = USER_ACTOR_RULES.libraries as LibraryRules
/** The function that random modules import, as a syscall. */
const HOST: Syscall = {
  module: 'host',
  name: 'f',
  operation: 'debug.enabled',
  parameters: [['value', 'i32']],
  result: 'none',
}
const dialect = dialectOf(NEW.wasm)
// The frames of the actor around the library take some of it.
const RULES = { ...NEW, wasm: { ...NEW.wasm, stackLimit: 100_000 } }

/** A random module as a library: it imports its memory and table instead of having them, and has no start function. */
function randomLibrary(module: Uint8Array): Uint8Array<ArrayBuffer> {
  const sections: number[][] = []
  for (let offset = HEADER.length; offset < module.length; ) {
    const id = module[offset] as number
    let size = 0
    let length = 1
    for (let shift = 0; ; shift += 7, length++) {
      const byte = module[offset + length] as number
      size |= (byte & 0x7f) << shift
      if (byte < 0x80) break
    }
    const start = offset + length + 1
    const content = [...module.subarray(start, start + size)]
    const environment = (text: string, ...rest: number[]): number[] => [
      ...name('env'),
      ...name(text),
      ...rest,
    ]
    if (id === 2)
      sections.push(
        section(2, [
          (content[0] as number) + 2,
          ...environment('memory', 2, 0, 0),
          ...content.slice(1),
          ...environment('__indirect_function_table', 1, 0x70, 0, 0),
        ]),
      )
    else if (id === 7) sections.push(section(7, vector([[...name('invoke'), 0, 1]])))
    else if (id !== 4 && id !== 5 && id !== 8) sections.push(section(id, content))
    offset = start + size
  }
  return asLibrary(wasm(...sections))
}

/** An actor that does nothing but call the library, with so much of everything before it that its indices take more bytes. */
function actorOf(library: string, { memory, table }: WasmModule): Uint8Array<ArrayBuffer> {
  return wat(`(module
    (import "${library}" "invoke" (func $invoke (param i32) (result i32)))
    ${'(type (func (param f32 f32))) '.repeat(130)}
    (memory (export "memory") ${memory?.minimum} ${memory?.maximum}) (table (export "table") ${table?.minimum} ${table?.maximum} funcref)
    ${'(global i64 (i64.const 3)) '.repeat(130)} ${'(func) '.repeat(130)}
    ${'(elem func) '.repeat(3)} ${'(data "own") '.repeat(2)}
    (func (export "invoke") (param i32) (result i32) (call $invoke (local.get 0))))`)
}

describe('a random module as a library', () => {
  it('does what it does on its own, for the same gas but for the way to it', () => {
    const ends = { return: 0, trap: 0, 'out-of-gas': 0 }
    let called = 0
    for (let seed = 0; seed < 48; seed++) {
      const bytes = randomModule(seed, { extended: true })
      const alone = parseModule(bytes, dialect)
      if (alone.start !== undefined) continue
      const installed = new Installed()
      const actor = actorOf(installed.add(randomLibrary(bytes)), alone)
      const linked = parseModule(
        linkActor(parseModule(actor, dialect), installed.find, LIBRARIES, dialect),
        dialect,
      )
      validateModule(linked)
      let run: ReturnType<typeof transformedRunner>
      try {
        run = transformedRunner(alone, RULES)
      } catch (error) {
        // What the reference's instrumentation refuses, it refuses of libraries too.
        expect(() => transformedRunner(linked, RULES), `seed ${seed}`).toThrow(
          expect.objectContaining({ code: (error as ContainerError).code }),
        )
        continue
      }
      const runLinked = transformedRunner(linked, RULES)
      const used = PLENTY - (run(PLENTY).gas ?? 0n)
      for (const limit of [PLENTY, used, used - 1n, used / 2n, used / 7n]) {
        const expected = run(limit)
        expect(runLinked(limit + WAY), `seed ${seed}, ${limit} milligas`).toEqual(expected)
        ends[expected.end]++
        called += expected.calls.length
      }
    }
    for (const end of ['return', 'trap', 'out-of-gas'] as const) expect(ends[end]).toBeGreaterThan(10)
    expect(called).toBeGreaterThan(100)
  })
})

describe('a library with bytes that are changed', () => {
  it('is refused, or what it is linked into is valid', () => {
    const rules = withUserActors(NV28)
    const container = new Container()
    const counts = { refused: 0, linked: 0, unlinked: 0 }
    const roll = random(7)
    const refusal = (run: () => void): boolean => {
      try {
        run()
        return false
      } catch (error) {
        expect(error).toBeInstanceOf(ContainerError)
        expect((error as ContainerError).code).toMatch(/^module\//)
        return true
      }
    }
    for (let seed = 0; seed < 400; seed++) {
      const bytes = randomModule(seed % 20, { extended: true })
      const alone = parseModule(bytes, dialect)
      const code = randomLibrary(bytes)
      for (let changes = roll(3); changes >= 0; changes--) code[8 + roll(code.length - 8)] = roll(256)
      const installed = new Installed()
      // The function that the random modules import is no syscall.
      const check = (): void =>
        container.checkLibrary(
          code,
          { ...rules, syscalls: [...rules.syscalls, HOST] },
          USER_ACTOR_RULES,
          installed.find,
        )
      if (refusal(check)) {
        counts.refused++
        continue
      }
      const actor = parseModule(actorOf(installed.add(code), alone), dialect)
      let linked: Uint8Array = new Uint8Array()
      if (refusal(() => (linked = linkActor(actor, installed.find, LIBRARIES, dialect)))) {
        counts.unlinked++
        continue
      }
      const module = parseModule(linked, dialect)
      validateModule(module)
      transformedRunner(module, RULES)
      counts.linked++
    }
    expect(counts.refused).toBeGreaterThan(100)
    expect(counts.linked).toBeGreaterThan(50)
  })
})
