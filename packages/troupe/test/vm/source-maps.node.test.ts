import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type ActorBundle, bundleActor } from '@troupe/bundle-js'
import { methodNumber } from '@troupe/hypervisor'
import { cidOf, encodeIpld, RAW } from '@troupe/ipld'
import { CODE_HEADER, ses } from '@troupe/runtime-ses'
import { createNodeRuntime } from '@troupe/runtime-ses/node'
import { type ActorError, createTroupe, type LocalChain, type SourceMapSource, type Troupe } from 'troupe'
import { CODE_FIELD, renderTrace, reportCallTree } from 'troupe/trace'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const actors = new URL('./actors/', import.meta.url)
const cache = fileURLToPath(new URL('../../../runtime-ses/node_modules/.cache/images', import.meta.url))
const refusal = (code: string) => expect.objectContaining({ code })
/** Sources as an error names them: from where the process is. */
const named = (file: string): string => relative(process.cwd(), fileURLToPath(new URL(file, actors)))

let minified: ActorBundle
let readable: ActorBundle
/** Where code and map are, as `troupe build` writes them. */
let directory: string
const write = async (name: string, { script, map }: ActorBundle, fields: object = {}): Promise<URL> => {
  const sourceRoot = relative(directory, fileURLToPath(actors))
  const file = join(directory, name)
  await writeFile(file, script)
  await writeFile(`${file}.map`, JSON.stringify({ ...map, sourceRoot, ...fields }))
  return pathToFileURL(file)
}
const bytesOf = ({ script }: ActorBundle): Uint8Array => new TextEncoder().encode(script)
beforeAll(async () => {
  const entry = fileURLToPath(new URL('till.ts', actors))
  minified = await bundleActor(entry, { header: CODE_HEADER })
  readable = await bundleActor(entry, { header: CODE_HEADER, minify: false })
  directory = await mkdtemp(join(tmpdir(), 'troupe-maps-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

/** What the error of a failing call says of places. */
async function placesOf(failing: Promise<unknown>): Promise<string[]> {
  const { message } = (await failing.then(
    () => expect.fail(),
    (error: unknown) => error,
  )) as ActorError
  return message.split('\n').flatMap((line) => /^ {2}(.*)$/.exec(line)?.[1] ?? [])
}
/** The lines of the sources; columns differ from engine to engine. */
const lines = (places: readonly string[]): string[] => places.map((place) => place.replace(/:\d+\)$/, ')'))

describe.each(['quickjs', 'v8', 'a worker'] as const)('an error of an actor, in %s,', (where) => {
  let vm: LocalChain
  beforeAll(async () => {
    vm =
      where === 'a worker'
        ? await createTroupe({ thread: 'worker', runtimes: [ses({ cache })] })
        : await createTroupe({ runtimes: [ses({ cache, engine: where })] })
  })
  afterAll(() => vm.close())

  it('says where in the sources it came from, by the map beside the code', async () => {
    const till = await vm.deploy(await write('till.js', minified))
    expect(lines(await placesOf(till.send('Take', [9n])))).toEqual([
      `at checkAmount (${named('amounts.ts')}:4)`,
      `at doubled (${named('amounts.ts')}:9)`,
      `at take (${named('till.ts')}:17)`,
    ])
    // So does what is asked, and what is drawn.
    expect(await placesOf(till.view('Take', [9n]))).toHaveLength(3)
    const outcome = await till.trySend('Take', [9n])
    expect(outcome.failure?.frames[0]?.stack?.frames[0]?.source).toMatchObject({
      ...{ functionName: 'checkAmount', file: named('amounts.ts'), line: 4 },
    })
    expect(renderTrace(outcome).filter((line) => line.includes('at checkAmount ('))).toHaveLength(2)
    const again = await vm.waitFor(outcome.cid)
    expect(again.failure).toEqual(outcome.failure)
  })

  it('says so by a map that comes with the code, or later', async () => {
    const till = await vm.deploy(bytesOf(readable))
    expect(await placesOf(till.send('Take', [9n]))).toContainEqual(
      expect.stringMatching(/^at take \(code:\d+:\d+\)$/),
    )
    const [code] = [cidOf(vm.crypto, RAW, bytesOf(readable))]
    const maps: SourceMapSource[] = [
      readable.map,
      JSON.stringify(readable.map),
      await write('named.js', readable).then((url) => new URL(`${url}.map`)),
    ]
    for (const map of maps) {
      await vm.deploy(bytesOf(readable), { sourceMap: map })
      expect((await placesOf(till.send('Take', [9n])))[0]).toMatch(/^at checkAmount \(.*amounts\.ts:4:\d+\)$/)
    }
    await vm.addSourceMap(code, { ...readable.map, sources: ['a', 'b'] })
    expect((await placesOf(till.send('Take', [9n])))[0]).toMatch(/^at checkAmount \(a:4:\d+\)$/)
  })
})

describe('the source map of an actor', () => {
  let vm: Troupe
  beforeAll(async () => {
    vm = await createTroupe({ runtimes: [await createNodeRuntime({ cache })] })
  })
  afterAll(() => vm.close())

  it('shows where a call failed that its caller went on from', async () => {
    const url = await write('till.js', minified)
    const [till, other] = [await vm.deploy(url), await vm.deploy(url)]
    const id = vm.chain.machineAfter().state.lookupId(other.address) ?? expect.fail()
    const { exit, trace } = await till.send('TryOther', [
      id,
      methodNumber(vm.crypto, 'Take'),
      encodeIpld([9n]),
    ])
    expect(exit.code).toBe(0)
    const inner = reportCallTree(trace, vm.names).calls[0]?.calls.find(({ stack }) => stack !== undefined)
    expect(inner?.stack?.frames.map(({ source }) => source?.functionName)).toEqual([
      'checkAmount',
      'doubled',
      'take',
    ])
  })

  it('is left alone where nobody wants it', async () => {
    await using fresh = await createTroupe({ runtimes: [await createNodeRuntime({ cache })] })
    const till = await fresh.deploy(await write('till.js', minified), { sourceMap: false })
    expect((await placesOf(till.send('Take', [9n])))[0]).toMatch(/^at \w+ \(code:/)
  })

  it('that lies beside the code and is none of its own is not used, and traces say so', async () => {
    const other = { ...minified, script: minified.script.replace('too much', 'too many') }
    for (const [fields, why] of [
      [{ [CODE_FIELD]: cidOf(vm.crypto, RAW, bytesOf(readable)).toString() }, 'of the code'],
      [{ version: 4 }, 'version 3'],
    ] as const) {
      await using fresh = await createTroupe({ runtimes: [await createNodeRuntime({ cache })] })
      const till = await fresh.deploy(await write('other.js', other, fields))
      const places = await placesOf(till.send('Take', [9n]))
      expect(places[0]).toMatch(/^at \w+ \(code:/)
      expect(places.at(-1)).toMatch(/^\(other\.js\.map is not used: /)
      expect(places.at(-1)).toContain(why)
      // What is there is not what was asked for.
      const sourceMap = new URL(`${pathToFileURL(join(directory, 'other.js'))}.map`)
      await expect(fresh.deploy(bytesOf(other), { sourceMap })).rejects.toMatchObject({
        code: /^source-map\//,
      })
    }
  })

  it('has to be one, where it is given', async () => {
    const deploy = (sourceMap: unknown): Promise<unknown> =>
      vm.deploy(bytesOf(minified), { sourceMap: sourceMap as SourceMapSource })
    await expect(deploy(new URL('nowhere.map', pathToFileURL(`${directory}/`)))).rejects.toThrow(
      refusal('source-map/unreadable'),
    )
    await expect(deploy(5)).rejects.toThrow(refusal('source-map/unreadable'))
    const circular: Record<string, unknown> = { version: 3 }
    circular['sources'] = [circular]
    for (const none of [circular, { version: 3n }])
      await expect(deploy(none)).rejects.toThrow(refusal('source-map/unreadable'))
    await expect(deploy(null)).rejects.toThrow(refusal('source-map/malformed'))
    await expect(deploy('{')).rejects.toThrow(refusal('source-map/malformed'))
    await expect(vm.addSourceMap('x' as never, '{')).rejects.toThrow(refusal('option/malformed'))
  })

  it('has no names that are too long with the root before each', async () => {
    const fields = { sources: Array.from({ length: 40_000 }, () => 'a.ts'), sourceRoot: 'a'.repeat(16_000) }
    const file = new URL(`${await write('long.js', minified, fields)}.map`)
    await expect(vm.deploy(bytesOf(minified), { sourceMap: file })).rejects.toThrow(
      refusal('source-map/too-large'),
    )
  })

  it('is known to forks', async () => {
    const till = await vm.deploy(await write('till.js', minified))
    await using fork = await vm.fork()
    expect((await placesOf(fork.actor(till).send('Take', [9n])))[0]).toMatch(/^at checkAmount \(/)
  })
})
