import { type Address, addressEquals } from '@troupe/hypervisor'
import { cidEquals } from '@troupe/ipld'
import { formatBytes } from './format.ts'
import type { Actors, Played, Side } from './side.ts'

/** What differs between two sides after a message; nothing where all is the same. */
export function differences(
  native: { readonly side: Side; readonly played: Played },
  official: { readonly side: Side; readonly played: Played },
): string[] {
  const found: string[] = []
  const compare = (what: string, a: unknown, b: unknown): void => {
    const [x, y] = [render(a), render(b)]
    if (x !== y) found.push(`${what}: native ${x}, official ${y}`)
  }
  const [a, b] = [native.played.result, official.played.result]
  compare('exit code', a.receipt.exitCode, b.receipt.exitCode)
  compare('return data', a.receipt.returnData, b.receipt.returnData)
  compare('events', a.events, b.events)
  found.push(...chargeDifferences(native.played, official.played))
  found.push(...actorDifferences(native.side.actors(), official.side.actors()))
  return found
}

function chargeDifferences(native: Played, official: Played): string[] {
  const [a, b] = [native.charges.charges, official.charges.charges]
  const at = Array.from({ length: Math.max(a.length, b.length) }, (_, i) => i).find(
    (i) => a[i]?.[0] !== b[i]?.[0] || a[i]?.[1] !== b[i]?.[1],
  )
  if (at === undefined) return []
  const around = (list: typeof a): string =>
    list
      .slice(Math.max(0, at - 3), at + 3)
      .map(([name, milligas]) => `${name} ${milligas}`)
      .join(', ')
  return [`charge ${at}: native ... ${around(a)}; official ... ${around(b)}`]
}

/** The system actor links to the list of codes, in which the sides differ; nothing ever changes it. */
const SYSTEM_ACTOR = 0n

function actorDifferences(native: Actors, official: Actors): string[] {
  const ids = new Set([...native.keys(), ...official.keys()])
  return [...ids].flatMap((id) => {
    const [a, b] = [native.get(id), official.get(id)]
    // After every message, all actors are compared: there may be thousands, of which hardly one is rendered.
    if (a !== undefined && b !== undefined && isSame(id, a, b)) return []
    return [`f0${id}: native ${a && render(a)}, official ${b && render(b)}`]
  })
}

type ComparedActor = NonNullable<ReturnType<Actors['get']>>

function isSame(id: bigint, a: ComparedActor, b: ComparedActor): boolean {
  return (
    a.code === b.code &&
    a.sequence === b.sequence &&
    a.balance === b.balance &&
    (id === SYSTEM_ACTOR || cidEquals(a.head, b.head)) &&
    isSameAddress(a.delegatedAddress, b.delegatedAddress)
  )
}

function isSameAddress(a: Address | undefined, b: Address | undefined): boolean {
  return a === undefined || b === undefined ? a === b : addressEquals(a, b)
}

function render(value: unknown): string {
  return JSON.stringify(value, (_, field: unknown) => {
    if (typeof field === 'bigint') return field.toString()
    if (field instanceof Uint8Array) return formatBytes(field)
    return field
  })
}
