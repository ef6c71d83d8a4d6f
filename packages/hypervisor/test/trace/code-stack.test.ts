import { formatCodeStack } from '@troupe/hypervisor'
import { expect, it } from 'vitest'

it('a stack has a line for each place, or for one again and again, with the source where that is known, and its note', () => {
  const place = { line: 2, column: 345 }
  const source = { file: 'actors/counter.ts', functionName: 'add', line: 12, column: 7 }
  expect(
    formatCodeStack({
      frames: [
        { ...place, functionName: 'e', source },
        { ...place, functionName: 'e', source: { ...source, functionName: undefined } },
        { ...place, functionName: 'e' },
        { ...place, functionName: undefined },
        { ...place, functionName: undefined },
        { ...place, functionName: 'e' },
      ],
      note: 'no more is known',
    }),
  ).toEqual([
    'at add (actors/counter.ts:12:7)',
    'at actors/counter.ts:12:7',
    'at e (code:2:345)',
    'at code:2:345, 2 times',
    'at e (code:2:345)',
    '(no more is known)',
  ])
})
