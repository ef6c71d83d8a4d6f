import { describe, it } from 'vitest'
import { networks, type Stage } from './stage.ts'

const found = await networks()

/** Says what is so of contracts of Troupe's own actor and of the official one alike. */
export function onBothActors(
  title: string,
  tests: (play: (name: string, test: (stage: Stage) => void) => void) => void,
  /** Why nothing of it can be run, where that is so. */
  obstacle?: string,
): void {
  describe.each(found)(`${title}, $name`, ({ open }) => {
    tests((name, test) =>
      it(name, ({ skip }) => {
        if (obstacle !== undefined) return skip(obstacle)
        if (typeof open === 'string') return skip(open)
        test(open())
      }),
    )
  })
}
