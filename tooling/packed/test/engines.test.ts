import { engines, FLOAT_OUTPUT, floatModule, floatProgram, spread } from '@troupe/packed'
import { describe, expect, it } from 'vitest'

declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Instance: new (
    module: object,
  ) => {
    exports: { memory: { buffer: ArrayBuffer }; invoke(parameters: number): number }
  }
}

describe('engines', () => {
  it('are this Node and the older ones, each with each compiler of V8', () => {
    const all = engines('/tools')
    const compilers = [[], ['--liftoff-only'], ['--no-liftoff']]
    expect(all.map(({ flags }) => flags)).toEqual([...compilers, ...compilers, ...compilers])
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
    expect(all.slice(0, 3).every(({ binary }) => binary === process.execPath)).toBe(true)
    expect(all.slice(3).map(({ name }) => name.slice(0, 7))).toEqual([
      ...['Node 22', 'Node 22', 'Node 22', 'Node 24', 'Node 24', 'Node 24'],
    ])
  })
})

describe('the program of NaNs', () => {
  it('sees NaNs that are not canonical where nothing makes them so', async () => {
    const { bytes, counts } = await floatModule()
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes))
    exports.invoke(0)
    const view = new DataView(exports.memory.buffer)
    const [singles, doubles] = counts
    const seen = new Set<string>()
    for (let i = 0; i < singles; i++) seen.add(view.getUint32(i * 4, true).toString(16))
    for (let i = 0; i < doubles; i++) seen.add(view.getBigUint64(singles * 4 + i * 8, true).toString(16))
    const canonical = FLOAT_OUTPUT.trim().split(' ')
    expect([...seen].filter((bits) => !canonical.includes(bits))).not.toEqual([])
    // Each is a NaN, whatever its bits.
    for (let i = 0; i < singles; i++) expect(view.getFloat32(i * 4, true)).toBeNaN()
    for (let i = 0; i < doubles; i++) expect(view.getFloat64(singles * 4 + i * 8, true)).toBeNaN()
  })

  it('has the module in it', async () => {
    const { bytes } = await floatModule()
    expect(await floatProgram()).toContain(Buffer.from(bytes).toString('base64'))
  })
})

describe('spread', () => {
  it('takes as many as asked for, from the first on, at even distances', () => {
    expect(spread([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 4)).toEqual([0, 2, 5, 7])
    expect(spread([0, 1, 2], 3)).toEqual([0, 1, 2])
  })

  it('takes all where there are fewer', () => {
    expect(spread([0, 1], 20)).toEqual([0, 1])
    expect(spread([], 20)).toEqual([])
  })
})
