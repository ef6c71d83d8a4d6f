/**
 * @module Filters as they are held. Clients of HTTP have no connection that would end: they share one session, where whoever crashed leaves his filters behind, and where nobody may take the
 * place of all others.
 */
import { RpcError } from '../errors.ts'
import type { RpcHost } from '../host.ts'
import type { RpcCaller } from '../session.ts'
import type { Filter } from './filter.ts'

/**
 * Keeps a filter, and gives its id.
 * @throws {RpcError} rpc/limit where there is no room for it; it is ended then
 */
export function holdFilter(host: RpcHost, { client, session }: RpcCaller, filter: Filter): string {
  const id = host.newId()
  try {
    makeRoom(host, { client, session })
    const held: Filter = { ...filter, client }
    session.hold(id, held, host.limits.sharedFilters)
  } catch (error) {
    filter.end()
    throw error
  }
  return id
}

/** The filter of an id, whoever asks. @throws {RpcError} rpc/not-found */
export function heldFilter({ limits, now }: RpcHost, { session }: RpcCaller, id: string): Filter {
  const held = session.held(id)
  const filter = held?.kind === 'filter' ? (held as Filter) : undefined
  const isForgotten = filter !== undefined && filter.lastAsked < now() - limits.filterIdleMs
  if (isForgotten) session.release(id)
  if (filter === undefined || isForgotten)
    throw new RpcError(
      'rpc/not-found',
      `filter not found: ${id}. Filters are forgotten after ${limits.filterIdleMs / 1000} seconds without a question`,
    )
  filter.lastAsked = now()
  return filter
}

/**
 * Frees the place of a filter where there is none left: of those that nobody asks any more; else of the client's own ones the one that was not asked for longest, if that is a while; and where
 * all clients together have as many as they may, one of whoever has most.
 */
function makeRoom({ limits, now }: RpcHost, { client, session }: RpcCaller): void {
  const { filterGraceMs, filterIdleMs, filters, sharedFilters } = limits
  const isFull = (): boolean =>
    session.count('filter', client) >= filters || session.count('filter') >= sharedFilters
  if (!isFull()) return
  const moment = now()
  const longestIdle = (isWanted: (filter: Filter) => boolean): HeldFilter | undefined => {
    let found: HeldFilter | undefined
    for (const [id, held] of session.entries()) {
      if (held.kind !== 'filter' || !isWanted(held as Filter)) continue
      if (found === undefined || (held as Filter).lastAsked < found.filter.lastAsked)
        found = { id, filter: held as Filter }
    }
    return found
  }
  const giveWay = (isWanted: (filter: Filter) => boolean, graceMs: number): void => {
    const idle = longestIdle(isWanted)
    if (idle === undefined || moment - idle.filter.lastAsked < graceMs)
      throw new RpcError(
        'rpc/limit',
        `there are as many filters as a client may have: uninstall one, or ask no more for one for ${filterGraceMs / 1000} seconds`,
      )
    session.release(idle.id)
  }

  const forgotten = longestIdle(() => true)
  if (forgotten !== undefined && forgotten.filter.lastAsked < moment - filterIdleMs) {
    for (const [id, held] of [...session.entries()])
      if (held.kind === 'filter' && (held as Filter).lastAsked < moment - filterIdleMs) session.release(id)
    if (!isFull()) return
  }
  const own = session.count('filter', client)
  const isOwn = (filter: Filter): boolean => filter.client === client
  const share = largestShare(session)
  const hasMost = (filter: Filter): boolean => session.count('filter', filter.client) === share
  // Who would have as many as anybody takes nothing from others.
  if (own >= filters || (own > 0 && own + 1 >= share)) giveWay(isOwn, filterGraceMs)
  else giveWay(hasMost, share === 1 ? filterGraceMs : 0)
}

/** A filter with its name. */
interface HeldFilter {
  readonly id: string
  readonly filter: Filter
}

/** How many filters the client has that has most. */
function largestShare(session: RpcCaller['session']): number {
  let most = 0
  for (const [, held] of session.entries())
    if (held.kind === 'filter') most = Math.max(most, session.count('filter', held.client ?? ''))
  return most
}
