import { createCid, RAW, SHA2_256 } from '@troupe/ipld'
import { expect, it } from 'vitest'
import { SourceMaps } from '../../src/trace/source-maps.ts'

it('source maps are read in a browser, too', () => {
  const code = createCid(RAW, SHA2_256, new Uint8Array(32))
  const maps = new SourceMaps()
  maps.add(code, '{"version":3,"sources":["actors/amounts.ts"],"names":[],"mappings":";AACgB"}')
  const frames = [{ functionName: 'check', line: 2, column: 5 }]
  expect(maps.locate(code, frames).frames[0]?.source).toEqual({
    ...{ file: 'actors/amounts.ts', functionName: 'check', line: 2, column: 17 },
  })
})
