import { expect } from 'vitest'
import { onBothActors } from './networks.ts'
import { dispatching, select } from './programs.ts'
import { bytesOf, words } from './stage.ts'

const RAW = 0x55n
const INDEXED = 3n
const DATA = bytesOf(0x1122334455667788n, 8)

onBothActors('a log', (play) => {
  play(
    'is an event with an entry for each topic and one for the data, which is left out where there is none',
    (stage) => {
      const contract = stage.create(
        dispatching({
          0: (code) => code.push(0x1122334455667788n, 0).op('MSTORE').push(8, 24).op('LOG0'),
          1: (code) => code.push(0, 0).op('LOG0'),
          2: (code) =>
            code
              .push(0x1122334455667788n, 0)
              .op('MSTORE')
              .push(0x4444, 0x3333, 0x2222, 0x1111, 8, 24)
              .op('LOG4'),
        }),
      )
      const entries = (selector: number): unknown[] => {
        const { events, exitCode } = stage.call(contract, select(selector))
        expect(exitCode).toBe(0)
        expect(events.map(({ emitter }) => emitter)).toEqual([stage.id(contract)])
        return events.flatMap(({ entries: found }) => [...found])
      }
      const entry = (key: string, value: Uint8Array): unknown =>
        expect.objectContaining({ flags: INDEXED, key, codec: RAW, value })
      expect(entries(0)).toEqual([entry('d', DATA)])
      expect(entries(1)).toEqual([])
      expect(entries(2)).toEqual([
        ...[0x1111, 0x2222, 0x3333, 0x4444].map((topic, at) => entry(`t${at + 1}`, words(topic))),
        entry('d', DATA),
      ])
    },
  )
})
