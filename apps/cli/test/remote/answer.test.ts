import { describe, expect, it } from 'vitest'
import { Answer } from '../../src/remote/answer.ts'

const CID = 'bafy2bzacedsr5vip76cdpwj5pai2y2vhdgrhzxtr7w4uwbk7zeac4jrxvry3i'

describe('a link in a chain’s answer', () => {
  it('is a CID', () => {
    expect(String(new Answer({ '/': CID }, 'method').cid())).toBe(CID)
  })

  it.each([['\u001b[2J'], [''], [`${CID}x`], [5], [null]])(
    'is not %j, of which nothing is printed',
    (text) => {
      expect(() => new Answer({ '/': text }, 'method').cid()).toThrow(
        expect.objectContaining({ code: 'chain/unexpected-answer' }),
      )
    },
  )

  it('is no text', () => {
    expect(() => new Answer(CID, 'method').cid()).toThrow('method should be an object')
  })
})
