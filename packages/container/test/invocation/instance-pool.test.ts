import type { Kernel } from '@troupe/hypervisor'
import { describe, expect, it } from 'vitest'
import { InstancePool } from '../../src/invocation/instance-pool.ts'
import { Invocation } from '../../src/invocation/invocation.ts'
import { MemoryImage } from '../../src/invocation/memory-image.ts'

declare const WebAssembly: {
  Memory: new (limits: { initial: number }) => { readonly buffer: ArrayBuffer; grow(pages: number): number }
}

const KERNEL = { rules: { gasMarkMovesOnCharge: false, wasm: {} }, memory: { used: 0 } } as unknown as Kernel

function instanceOf(pages: number): Invocation {
  const invocation = new Invocation(KERNEL)
  invocation.memory.attach(new WebAssembly.Memory({ initial: pages }))
  invocation.end()
  return invocation
}

describe('a pool of instances', () => {
  it('hands out what it was given by the same module, the last first, once', () => {
    const pool = new InstancePool()
    const [a, b] = [{}, {}]
    const [first, second, other] = [instanceOf(1), instanceOf(1), instanceOf(1)]
    pool.give(a, first)
    pool.give(b, other)
    pool.give(a, second)
    expect(pool.size).toBe(3)
    expect([pool.take(a), pool.take(a), pool.take(a)]).toEqual([second, first, undefined])
    expect([pool.take({}), pool.take(b), pool.size]).toEqual([undefined, other, 0])
  })

  it('has room for so many, and lets the one go that has waited longest', () => {
    const pool = new InstancePool(3)
    const modules = [{}, {}, {}, {}]
    for (const module of modules) pool.give(module, instanceOf(1))
    expect(modules.map((module) => pool.take(module) !== undefined)).toEqual([false, true, true, true])
  })

  it('has room for none at 0', () => {
    const pool = new InstancePool(0)
    pool.give(pool, instanceOf(1))
    expect([pool.size, pool.take(pool)]).toEqual([0, undefined])
  })

  it('has room for 64 instances and 32 MiB of memory, unless told otherwise', () => {
    const pool = new InstancePool()
    for (let i = 0; i < 70; i++) pool.give(pool, instanceOf(1))
    expect(pool.size).toBe(64)
    pool.give(pool, instanceOf(512 - 63))
    expect(pool.size).toBe(64)
    pool.give(pool, instanceOf(1))
    expect(pool.size).toBe(64)
    pool.give({}, instanceOf(2))
    expect(pool.size).toBe(63)
    pool.give({}, instanceOf(513))
    expect(pool.size).toBe(0)
  })
})

describe('the image of a memory', () => {
  it('gives back each byte, and zeros where there were zeros', () => {
    const memory = new WebAssembly.Memory({ initial: 3 })
    const bytes = new Uint8Array(memory.buffer)
    for (const at of [0, 1, 4095, 4096, 70_000, 3 * 65_536 - 1]) bytes[at] = at % 251
    const before = bytes.slice()
    const image = new MemoryImage(memory)
    bytes.fill(0xaa)
    image.restore(memory)
    expect(bytes).toEqual(before)
    bytes.set([1, 2, 3], 100)
    image.restore(memory)
    expect(bytes).toEqual(before)
  })

  it('is none of an empty memory', () => {
    const memory = new WebAssembly.Memory({ initial: 0 })
    new MemoryImage(memory).restore(memory)
    expect(memory.buffer.byteLength).toBe(0)
  })
})

describe('an invocation that has ended', () => {
  it('lets go of its kernel, and shows no memory', () => {
    const invocation = new Invocation(KERNEL)
    invocation.memory.attach(new WebAssembly.Memory({ initial: 1 }))
    invocation.memory.show()
    expect(invocation.memory.length).toBe(65_536)
    invocation.end()
    expect(invocation.memory.length).toBe(0)
    expect(() => invocation.kernel).toThrow(expect.objectContaining({ code: 'host/engine' }))
    expect(() => invocation.gas).toThrow(expect.objectContaining({ code: 'host/engine' }))
    invocation.begin(KERNEL, KERNEL)
    expect([invocation.kernel, invocation.memory.length]).toEqual([KERNEL, 0])
  })
})
