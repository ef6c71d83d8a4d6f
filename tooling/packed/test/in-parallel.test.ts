import { inParallel } from '@troupe/packed'
import { expect, it } from 'vitest'

it('gives results in the order of the items, and works on no more at a time than it may', async () => {
  let running = 0
  let most = 0
  const work = async (item: number): Promise<number> => {
    most = Math.max(most, ++running)
    for (let turn = 0; turn < 10 - item; turn++) await null
    running--
    return item * 2
  }
  expect(await inParallel([0, 1, 2, 3, 4, 5, 6], work, 3)).toEqual([0, 2, 4, 6, 8, 10, 12])
  expect(most).toBe(3)
  expect(await inParallel([], work, 3)).toEqual([])
})
