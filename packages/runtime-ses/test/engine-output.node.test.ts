import { Embedding } from '@troupe/container'
import { Abort, type DebugOutput, NV28 } from '@troupe/hypervisor'
import {
  ENGINE_FUNCTIONS,
  embedEngine,
  engineImports,
  freeMeter,
  JsEngine,
  startEngine,
} from '@troupe/runtime-ses/engine'
import { nodeParts } from '@troupe/runtime-ses/node'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { EngineOutput } from '../src/engine/engine-output.ts'
import { OUTPUT_LIMIT } from '../src/engine/limits.ts'
import { store } from './support/image-store.ts'
import { crypto, RULES, sesNetwork } from './support/ses-network.ts'

/** `(module (memory 1) (func))`. */
const MODULE = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 4, 1, 0x60, 0, 0],
  ...[3, 2, 1, 0],
  ...[5, 3, 1, 0, 1],
  ...[10, 4, 1, 2, 0, 0x0b],
])

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

function outputOf(...parts: readonly string[]): string[] {
  const lines: string[] = []
  const output = new EngineOutput((line) => lines.push(line))
  for (const part of parts) output.write(bytes(part))
  output.end()
  return lines
}

describe('what an engine writes', () => {
  it('is taken line by line, however it comes', () => {
    expect(outputOf('Asser', 'tion failed\nnow', '\n\nlast ä')).toEqual(['Assertion failed', 'now', 'last ä'])
    expect(outputOf()).toEqual([])
  })

  it('is dropped beyond 4 KiB', () => {
    const line = `${'x'.repeat(1023)}\n`
    expect(outputOf(line, line, line, line.slice(1), 'yz', 'z')).toEqual([
      ...[line, line, line].map((each) => each.slice(0, -1)),
      line.slice(1, -1),
      'y',
    ])
    expect(outputOf('z'.repeat(OUTPUT_LIMIT + 1))).toEqual(['z'.repeat(OUTPUT_LIMIT)])
  })
})

describe('the file that the engine writes to', () => {
  /** A page of memory; `write` is what the engine imports. */
  function create() {
    const written: string[] = []
    const instance = new Embedding(() => MODULE, NV28, { functions: [] }).instantiate(() => ({}))
    instance.begin(freeMeter(NV28, 0n))
    const imports = engineImports(
      instance,
      () => 0,
      (part) => written.push(new TextDecoder().decode(part)),
    )
    const write = imports['wasi_snapshot_preview1']?.['fd_write'] as (...values: number[]) => number
    const { view } = instance.memory
    instance.memory.bytes.set(bytes('one, two'), 1000)
    const parts = [
      [1000, 5],
      [1005, 3],
    ] as const
    for (const [i, [offset, length]] of parts.entries()) {
      view.setUint32(i * 8, offset, true)
      view.setUint32(i * 8 + 4, length, true)
    }
    return { written, write, view }
  }

  it('takes what is written to standard output and standard error, and says how much it was', () => {
    const { written, write, view } = create()
    expect([write(1, 0, 2, 100), view.getUint32(100, true)]).toEqual([0, 8])
    expect([write(2, 8, 1, 100), view.getUint32(100, true)]).toEqual([0, 3])
    expect(written).toEqual(['one, ', 'two', 'two'])
  })

  it.each([
    ['to another file', [0, 0, 1, 100], 8],
    ['to a file that comes next', [3, 0, 1, 100], 8],
    ['in more than 16 parts', [1, 2000, 17, 100], 21],
    ['in parts out of memory', [1, 65_536 - 8, 2, 100], 21],
    ['in parts at a negative address', [1, -8, 1, 100], 21],
    ['with a result out of memory', [1, 0, 1, 65_533], 21],
  ])('takes nothing that is written %s', (_, values, code) => {
    const { written, write } = create()
    expect([write(...(values as number[])), written]).toEqual([code, []])
  })

  it('takes 16 parts, up to the last byte of memory, and none of which one is out of it', () => {
    const { written, write, view } = create()
    expect(write(1, 2000, 16, 65_532)).toBe(0)
    expect(written).toEqual(Array(16).fill(''))
    view.setUint32(8, 65_535, true)
    view.setUint32(12, 1, true)
    expect(write(1, 0, 2, 100)).toBe(0)
    view.setUint32(12, 2, true)
    expect(write(1, 0, 2, 100)).toBe(21)
    expect(written.slice(16)).toEqual(['one, ', '\0'])
  })

  it('is where the engine says why it gives itself up', () => {
    const source = { engine: nodeParts(() => '').engine, crypto, store }
    const lines: string[] = []
    const output = new EngineOutput((line) => lines.push(line))
    const instance = embedEngine(RULES, source, [...ENGINE_FUNCTIONS, 'JS_FreeRuntime']).instantiate((made) =>
      engineImports(
        made,
        () => 0,
        (part) => output.write(part),
      ),
    )
    instance.begin(freeMeter(RULES, 2n ** 60n))
    const engine = new JsEngine(instance)
    const end = (): unknown =>
      instance.run(() => {
        startEngine(engine)
        return instance.functions['JS_FreeRuntime']?.(engine.runtime)
      })
    expect(end).toThrow(Abort)
    output.end()
    expect(lines).toEqual([expect.stringMatching(/^Assertion failed: .*quickjs\.c: JS_FreeRuntime/)])
  })
})

describe('the log of an actor', () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })

  it('has what the engine writes where actors are being debugged, which makes no other difference', async () => {
    const run = JsEngine.prototype.runJobs
    vi.spyOn(JsEngine.prototype, 'runJobs').mockImplementation(function (this: JsEngine) {
      this.output?.write(bytes('something is wrong\nand'))
      run.call(this)
    })
    const lines: [bigint, string][] = []
    const debug: DebugOutput = {
      log: (actor, message) => lines.push([actor, message]),
      storeArtifact: () => expect.unreachable(),
    }
    const quiet = (await sesNetwork(['({ 2() {} })'])).send().receipt
    expect(lines).toEqual([])
    const loud = (await sesNetwork(['({ 2() {} })'], { debug })).send().receipt
    expect(lines).toEqual([
      [101n, 'engine: something is wrong'],
      [101n, 'engine: and'],
    ])
    expect(loud).toEqual(quiet)
  })
})
