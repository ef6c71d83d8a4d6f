import { createCid, RAW, SHA2_256 } from '@troupe/ipld'
import fc from 'fast-check'
import { TroupeError } from 'troupe'
import { CODE_FIELD, SourceMaps } from 'troupe/trace'
import { describe, expect, it } from 'vitest'
import { MAX_MAPPINGS_LENGTH, MAX_NAMES_LENGTH, MAX_SOURCE_MAP_LENGTH } from '../../src/trace/script-map.ts'

const [CODE, OTHER] = [1, 2].map((byte) => createCid(RAW, SHA2_256, new Uint8Array(32).fill(byte))) as [
  ReturnType<typeof createCid>,
  ReturnType<typeof createCid>,
]
/** Of `function e(){throw 1}` in the second line: `checkAmount` in line 2, its body in line 3, and after that nothing that anybody wrote. */
const MAP = {
  version: 3,
  sourceRoot: '../actors',
  sources: ['amounts.ts', null],
  names: ['checkAmount'],
  mappings: ';AACgBA,SACd,A,ACAA',
}
const text = (fields: object = {}): string => JSON.stringify({ ...MAP, ...fields })
const refusal = (code: string) => expect.objectContaining({ code })
const frame = (column: number, fields: object = {}) => ({ functionName: 'e', line: 2, column, ...fields })

describe('the source maps of codes', () => {
  it('say where places were written, and what functions are called there', () => {
    const maps = new SourceMaps()
    maps.add(CODE, text())
    const frames = [frame(10, { nameAt: { line: 2, column: 1 } }), frame(1)]
    const source = { file: '../actors/amounts.ts', line: 3, column: 3 }
    expect(maps.locate(CODE, frames)).toEqual({
      frames: [
        { ...frames[0], source: { ...source, functionName: 'checkAmount' } },
        { ...frames[1], source: { ...source, functionName: 'e', line: 2, column: 17 } },
      ],
    })
  })

  it('say nothing of what nobody wrote, of lines that there are not, and of other code', () => {
    const maps = new SourceMaps()
    maps.add(CODE, text())
    for (const at of [frame(18), frame(20), { ...frame(1), line: 1 }, { ...frame(1), line: 99 }])
      expect(maps.locate(CODE, [at])).toEqual({ frames: [{ ...at, source: undefined }] })
    expect(maps.locate(OTHER, [frame(1)])).toEqual({ frames: [frame(1)] })
  })

  it('may be behind what keeps scripts from reading them, and may say which code they are of', () => {
    const maps = new SourceMaps()
    maps.add(CODE, `)]}'\n${text({ [CODE_FIELD]: CODE.toString() })}`)
    expect(maps.locate(CODE, [frame(1)]).frames[0]?.source?.line).toBe(2)
    expect(() => maps.add(OTHER, text({ [CODE_FIELD]: CODE.toString() }))).toThrow(
      refusal('source-map/other-code'),
    )
  })

  it.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['of no version', text({ version: undefined })],
    ['of another version', text({ version: 2 })],
    ['of sections', text({ mappings: undefined, sections: [] })],
    ['without sources', text({ sources: undefined })],
    ['of sources that are none', text({ sources: [1] })],
    ['of names that are none', text({ names: [1] })],
    ['of a root that is none', text({ sourceRoot: 1 })],
    ['of mappings that are none', text({ mappings: 'é' })],
  ])('are refused where they are %s', (_, map) => {
    expect(() => new SourceMaps().add(CODE, map)).toThrow(refusal('source-map/malformed'))
  })

  it('are of no use where their mappings are of nothing, and do no harm', () => {
    const maps = new SourceMaps()
    for (const mappings of [
      '',
      ';;;',
      ';zzzzzzzzzzzzz',
      ';A,A,A',
      ';gggggggggggggB',
      ';AAAA+++++',
      ';DDDD',
      ';AC//////A',
    ]) {
      maps.add(CODE, text({ mappings }))
      const [found] = maps.locate(CODE, [frame(1, { nameAt: { line: 2, column: 1 } })]).frames
      expect([mappings, typeof (found?.source?.file ?? '')]).toEqual([mappings, 'string'])
    }
  })

  it('end in a place, in none, or in a coded error, whatever they are', () => {
    const mapping = fc.string({ unit: fc.constantFrom(...';,ACDgzB+/9é') })
    const changed = fc
      .tuple(fc.nat(text().length), fc.string())
      .map(([at, inserted]) => `${text().slice(0, at)}${inserted}${text().slice(at + 1)}`)
    const anything = fc.oneof(
      changed,
      mapping.map((mappings) => text({ mappings })),
      fc.json(),
    )
    const position = fc.record({
      line: fc.integer({ min: 0, max: 9 }),
      column: fc.integer({ min: 0, max: 99 }),
    })
    fc.assert(
      fc.property(anything, position, position, (map, place, nameAt) => {
        const maps = new SourceMaps()
        try {
          maps.add(CODE, map)
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^source-map\//) })
        }
        const [found] = maps.locate(CODE, [{ functionName: undefined, ...place, nameAt }]).frames
        if (found?.source !== undefined) expect(found.source.line * found.source.column).toBeGreaterThan(0)
      }),
      { numRuns: 2000, seed: 20261130 },
    )
  })

  it('have a bound of their names, and of those of sources with the root before each', () => {
    const maps = new SourceMaps()
    const [half, room] = [MAX_NAMES_LENGTH / 2 - 1, 'a'.repeat(MAX_NAMES_LENGTH / 2 - 1)]
    maps.add(CODE, text({ names: [room], sources: [room], sourceRoot: undefined }))
    maps.add(CODE, text({ names: [], sources: ['', null], sourceRoot: room }))
    expect(maps.locate(CODE, [frame(1)]).frames[0]?.source?.file.length).toBeGreaterThanOrEqual(half)
    for (const fields of [
      { names: [`${room}a`], sources: [room], sourceRoot: undefined },
      { names: [], sources: ['', 'a'], sourceRoot: room },
      { names: Array.from({ length: MAX_NAMES_LENGTH }, () => ''), sources: [''], sourceRoot: undefined },
    ])
      expect(() => maps.add(CODE, text(fields))).toThrow(refusal('source-map/too-large'))
  })

  it('have a bound, in all and of their mappings', () => {
    const maps = new SourceMaps()
    const room = MAX_SOURCE_MAP_LENGTH - text({ note: '' }).length
    maps.add(CODE, text({ note: ' '.repeat(room) }))
    expect(() => maps.add(CODE, text({ note: ' '.repeat(room + 1) }))).toThrow(
      refusal('source-map/too-large'),
    )
    maps.add(CODE, text({ mappings: `${';'.repeat(1)}${'A'.repeat(MAX_MAPPINGS_LENGTH - 1)}` }))
    expect(() => maps.add(CODE, text({ mappings: ';'.repeat(MAX_MAPPINGS_LENGTH + 1) }))).toThrow(
      refusal('source-map/too-large'),
    )
  })

  it('are kept up to so much, and what was added first goes', () => {
    const names = ['../actors/', '../actors/amounts.ts', 'checkAmount']
    const maps = new SourceMaps(2 * [MAP.mappings, ...names].join(' ').length)
    const codes = [1, 2, 3].map((byte) => createCid(RAW, SHA2_256, new Uint8Array(32).fill(byte)))
    for (const code of codes) maps.add(code, text())
    const known = () => codes.map((code) => maps.locate(code, [frame(1)]).frames[0]?.source !== undefined)
    expect(known()).toEqual([false, true, true])
    maps.add(codes[1] ?? CODE, text())
    maps.add(codes[0] ?? CODE, text())
    expect(known()).toEqual([true, true, false])
  })

  it('that were found and are of no use say so, unless there is one that is', () => {
    const maps = new SourceMaps()
    maps.take(CODE, { file: 'a.js.map', text: '{' })
    expect(maps.locate(CODE, [frame(1)])).toEqual({
      frames: [frame(1)],
      note: expect.stringMatching(/^a\.js\.map is not used: /),
    })
    maps.take(OTHER, { file: 'b.js.map', problem: 'nobody may read it' })
    expect(maps.locate(OTHER, []).note).toBe('b.js.map is not used: nobody may read it')
    maps.take(CODE, { text: text() })
    maps.take(CODE, { file: 'a.js.map', text: '{' })
    expect(maps.locate(CODE, [frame(1)]).note).toBeUndefined()
    expect(() => maps.take(CODE, { text: '{' })).toThrow(TroupeError)
  })
})
