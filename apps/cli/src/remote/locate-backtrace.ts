import { type CodeFrame, formatCodeStack, type SourceLookup } from '@troupe/hypervisor'
import type { Cid } from '@troupe/ipld'
import type { RemoteChain } from './remote-chain.ts'

/** By what the places of actors' code are found in their sources. */
export interface LocatedSources {
  readonly locate: SourceLookup
  /** The code of an actor that is not there, because what would have created it failed. */
  readonly created?: Cid | undefined
}

const ACTOR = /^f0(\d{1,20}) method /u
const PLACE = /^ {2}at (?:(.+) \()?code:(\d{1,9}):(\d{1,9})\)?(?<times>, \d+ times)?$/u

/** How an error went up, as a chain tells it, with places in the sources in place of those in the code, as far as they are known. */
export async function locateBacktrace(
  chain: RemoteChain,
  { created, locate }: LocatedSources,
  backtrace: string,
): Promise<string> {
  const codes = new Map<string, Cid | undefined>()
  const notes = new Set<string>()
  const located: string[] = []
  let code: Cid | undefined
  for (const line of backtrace.split('\n')) {
    const [, id] = ACTOR.exec(line) ?? []
    if (id !== undefined) {
      if (!codes.has(id)) codes.set(id, (await codeOf(chain, id)) ?? created)
      code = codes.get(id)
    }
    const place = PLACE.exec(line)
    if (code === undefined || place === null) {
      located.push(line)
      continue
    }
    const { frames, note } = locate(code, [frameOf(place)])
    located.push(...formatCodeStack({ frames }).map((text) => `  ${text}${place.groups?.['times'] ?? ''}`))
    // Why a source map is of no use is said once.
    if (note !== undefined && !notes.has(note)) located.push(`  (${note})`)
    notes.add(note ?? '')
  }
  return located.join('\n')
}

function frameOf([, functionName, line, column]: readonly (string | undefined)[]): CodeFrame {
  return { functionName, line: Number(line), column: Number(column) }
}

async function codeOf(chain: RemoteChain, id: string): Promise<Cid | undefined> {
  const reply = await chain.tryCall('Filecoin.StateGetActor', [`t0${id}`, null])
  return 'result' in reply ? reply.result.field('Code').cid() : undefined
}
