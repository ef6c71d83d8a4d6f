import type { GasNode } from './gas-profile.ts'

/** A profile as https://www.speedscope.app opens it. Source: jlfwong/speedscope, src/lib/file-format-spec.ts. */
export interface SpeedscopeFile {
  readonly $schema: 'https://www.speedscope.app/file-format-schema.json'
  readonly name: string
  readonly exporter: string
  readonly activeProfileIndex: 0
  readonly shared: { readonly frames: readonly { readonly name: string }[] }
  readonly profiles: readonly [
    {
      readonly type: 'evented'
      readonly name: string
      readonly unit: 'none'
      readonly startValue: 0
      readonly endValue: number
      readonly events: readonly { readonly type: 'O' | 'C'; readonly frame: number; readonly at: number }[]
    },
  ]
}

const MILLIGAS_PER_GAS = 1000

/** A gas profile in speedscope's form: what is time there is gas here. */
export function toSpeedscope(profile: GasNode, name: string): SpeedscopeFile {
  const frames: { name: string }[] = []
  const indexes = new Map<string, number>()
  const frameOf = ({ name: frame }: GasNode): number => {
    const known = indexes.get(frame)
    if (known !== undefined) return known
    indexes.set(frame, frames.length)
    return frames.push({ name: frame }) - 1
  }
  const events: { type: 'O' | 'C'; frame: number; at: number }[] = []
  const visit = (node: GasNode, start: bigint): bigint => {
    const frame = frameOf(node)
    events.push({ type: 'O', frame, at: gasOf(start) })
    let at = start
    for (const child of node.children) at = visit(child, at)
    const end = start + node.total
    events.push({ type: 'C', frame, at: gasOf(end) })
    return end
  }
  const end = visit(profile, 0n)
  return {
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    name,
    exporter: 'troupe',
    activeProfileIndex: 0,
    shared: { frames },
    profiles: [{ type: 'evented', name: 'gas', unit: 'none', startValue: 0, endValue: gasOf(end), events }],
  }
}

/** Whole gas and thousandths; rounded where a message has more than 9 Tgas. */
function gasOf(milligas: bigint): number {
  return Number(milligas) / MILLIGAS_PER_GAS
}
