import { Container, type ContainerError } from '@troupe/container'
import { loadCrypto } from '@troupe/crypto'
import { NV28, USER_ACTOR_RULES, type UserActorRules, withUserActors } from '@troupe/hypervisor'
import { cidOf, RAW } from '@troupe/ipld'
import { describe, expect, it } from 'vitest'
import { invokeGuest } from './support/invoke-guest.ts'
import { body, name, section, vector, wasm } from './support/wasm-builder.ts'
import { wat } from './support/wat.ts'

const crypto = await loadCrypto()
const rules = withUserActors(NV28)
const ACTOR = '(memory (export "memory") 1) (func (export "invoke") (param i32) (result i32) (i32.const 0))'

/** Installs an actor with more to it; gives the code of the error, if any. */
function install(more: string, bounds: Partial<UserActorRules> = {}, actor = ACTOR): string | undefined {
  return installed(wat(`(module ${more} ${actor})`), bounds)
}

function installed(bytes: Uint8Array, bounds: Partial<UserActorRules> = {}): string | undefined {
  try {
    new Container().install(cidOf(crypto, RAW, bytes), bytes, rules, { ...USER_ACTOR_RULES, ...bounds })
    return undefined
  } catch (error) {
    return (error as ContainerError).code
  }
}

describe("a user's code", () => {
  it('is bounded in functions, at the bound, imported ones counted', () => {
    const more = `(import "vm" "exit" (func (param i32 i32 i32 i32) (result i32))) ${'(func) '.repeat(5)}`
    expect(install(more, { maximumFunctions: 7 })).toBeUndefined()
    expect(install(more, { maximumFunctions: 6 })).toBe('module/limit')
    const { maximumFunctions } = USER_ACTOR_RULES
    expect(install('(func) '.repeat(maximumFunctions - 1))).toBeUndefined()
    expect(install('(func) '.repeat(maximumFunctions))).toBe('module/limit')
  })

  it('is bounded in locals and branches, at the bound', () => {
    const { maximumBranches, maximumLocals } = USER_ACTOR_RULES
    const locals = (count: number): string => `(func (param i32) (local ${'i32 '.repeat(count - 1)}))`
    expect(install(locals(maximumLocals))).toBeUndefined()
    expect(install(locals(maximumLocals + 1))).toBe('module/limit')
    const branches = (count: number): string => `(func (br_table ${'0 '.repeat(count)} 0 (i32.const 0)))`
    expect(install(branches(maximumBranches))).toBeUndefined()
    expect(install(branches(maximumBranches + 1))).toBe('module/limit')
  })

  it('is bounded in the size of a function, at the bound, where an engine still takes what it grows to', () => {
    const { maximumFunctionSize, maximumLocals } = USER_ACTOR_RULES
    // Instructions of one byte whose results are made canonical: nothing grows more.
    const roots = (size: number): Uint8Array<ArrayBuffer> => {
      const code = (count: number): number[] => [0x20, 0, ...new Array<number>(count).fill(0x9f), 0x1a]
      const locals = [
        [1, 0x7c],
        [maximumLocals - 1, 0x7f],
      ] as const
      // The length of a body of this size takes three bytes.
      const count = size - (body(locals, code(0x1_0000)).length - 3 - 0x1_0000)
      return wasm(
        section(
          1,
          vector([
            [0x60, 0, 0],
            [0x60, 1, 0x7f, 1, 0x7f],
          ]),
        ),
        section(3, vector([[0], [1]])),
        section(5, vector([[0, 1]])),
        section(
          7,
          vector([
            [...name('memory'), 2, 0],
            [...name('invoke'), 0, 1],
          ]),
        ),
        section(10, vector([body(locals, code(count)), body([], [0x41, 0])])),
      )
    }
    expect(installed(roots(maximumFunctionSize))).toBeUndefined()
    expect(installed(roots(maximumFunctionSize + 1))).toBe('module/limit')
  })

  it('is an actor: it imports syscalls only, exports its memory, and can be invoked', () => {
    const unknown = '(import "vm" "nothing" (func))'
    const otherType = '(import "vm" "exit" (func))'
    for (const more of [unknown, otherType]) expect(install(more)).toBe('module/interface')
    expect(install('(memory 1)', {}, ACTOR.slice(ACTOR.indexOf('(func')))).toBe('module/interface')
    expect(install('(func)', {}, '(memory (export "memory") 1)')).toBe('module/interface')
    expect(install('(func (export "invoke")) (memory (export "memory") 1)', {}, '')).toBe('module/interface')
  })

  it('is validated, and runs afterwards without being read again', () => {
    const bytes = wat(`(module ${ACTOR})`)
    const code = cidOf(crypto, RAW, bytes)
    const container = new Container()
    const guest = container.install(code, bytes, rules, USER_ACTOR_RULES)
    expect(container.find(code, rules)).toBe(guest)
    expect(container.find(code, NV28)).toBeUndefined()
    const invalid = bytes.slice()
    invalid[invalid.lastIndexOf(0x41)] = 0x42
    expect(() => container.install(code, invalid, rules, USER_ACTOR_RULES)).toThrow(
      expect.objectContaining({ code: 'module/invalid', offset: expect.any(Number) }),
    )
  })

  it('cannot use more of the stack than its height by many locals', async () => {
    const frames = (locals: number, depth: number): Uint8Array<ArrayBuffer> =>
      wat(`(module (memory (export "memory") 1)
        (func $f (param i32) (local ${'i64 '.repeat(locals)})
          (if (local.get 0) (then (call $f (i32.sub (local.get 0) (i32.const 1))))))
        (func (export "invoke") (param i32) (result i32) (call $f (i32.const ${depth})) (i32.const 0)))`)
    // Groups of locals cost one unit in the reference, whatever their length.
    const end = async (bytes: Uint8Array, ofRules = rules): Promise<string> =>
      (await invokeGuest(bytes, { rules: ofRules })).end.type
    expect(await end(frames(100, 100), NV28)).toBe('return')
    expect(await end(frames(100, 100))).toBe('abort')
    expect(await end(frames(100, 15))).toBe('return')
    expect(await end(frames(1, 100))).toBe('return')
  })
})
