import { type ActorState, formatFil } from '@troupe/hypervisor'
import { type CborStore, type Cid, cidEquals } from '@troupe/ipld'
import { readKnownActors } from './known-actors.ts'

/** How many actors are named. */
const MAX_NAMED = 3

/**
 * Says in one line in which actors two states differ, as far as their blocks are there: `f01234: head bafy…a, not bafy…b; f099: balance 1, not 2`.
 * Of each pair the first is what `actual` has.
 * @throws {IpldError} where a root is not there, or no state root
 */
export function compareStates(store: CborStore, expected: Cid, actual: Cid): string {
  const before = readKnownActors(store, expected).actors
  const after = readKnownActors(store, actual).actors
  const ids = [...new Set([...before.keys(), ...after.keys()])].sort((a, b) => (a < b ? -1 : 1))
  const differences = ids.flatMap((id) => {
    const difference = compareActors(before.get(id), after.get(id))
    return difference === undefined ? [] : [`f0${id}: ${difference}`]
  })
  if (differences.length === 0) return 'the actors whose records are known are the same'
  const more = differences.length - MAX_NAMED
  return [...differences.slice(0, MAX_NAMED), ...(more > 0 ? [`${more} more actors`] : [])].join('; ')
}

function compareActors(expected: ActorState | undefined, actual: ActorState | undefined): string | undefined {
  if (expected === undefined || actual === undefined) {
    if (expected === actual) return undefined
    return actual === undefined ? 'is missing (or its record is)' : 'is new, or was not recorded'
  }
  const parts: string[] = []
  if (!cidEquals(expected.code, actual.code)) parts.push(`code ${actual.code}, not ${expected.code}`)
  if (!cidEquals(expected.head, actual.head)) parts.push(`head ${actual.head}, not ${expected.head}`)
  if (expected.sequence !== actual.sequence)
    parts.push(`sequence ${actual.sequence}, not ${expected.sequence}`)
  if (expected.balance !== actual.balance)
    parts.push(`balance ${formatFil(actual.balance)} FIL, not ${formatFil(expected.balance)}`)
  return parts.length === 0 ? undefined : parts.join(', ')
}
