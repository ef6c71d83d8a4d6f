/**
 * @module Filters as they are held. Clients of HTTP have no connection that would end: they share one session, where whoever crashed leaves his filters behind, and where nobody may take the
 * place of all others.
 */
import { RpcError } from '../errors.ts'
import type { RpcHost } from '../host.ts'
import type { RpcCaller } from '../session.ts'
import type { Filter } from './filter.ts'

/** A filter with its name, and with whose it is. */
interface HeldFilter {
  readonly id: string
  readonly filter: Filter
}

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
export function heldFilter(host: RpcHost, { session }: RpcCaller, id: string): Filter {
  forgetIdle(host, session)
  const held = session.held(id)
  if (held?.kind !== 'filter')
    throw new RpcError(
      'rpc/not-found',
      `filter not found: ${id}. Filters are forgotten after ${host.limits.filterIdleMs / 1000} seconds without a question`,
    )
  const filter = held as Filter
  filter.lastAsked = host.now()
  return filter
}

/**
 * Frees the place of a filter where there is none left: of the client's own ones the one that was not asked for longest, if that is a while; and where all clients together have as many
 * as they may, one of whoever has most.
 */
function makeRoom(host: RpcHost, { client, session }: RpcCaller): void {
  forgetIdle(host, session)
  const { filters, sharedFilters } = host.limits
  const all = filtersOf(session)
  const own = all.filter(({ filter }) => filter.client === client)
  if (own.length >= filters) giveWay(host, session, own)
  else if (all.length >= sharedFilters) {
    const { most, share } = largestShares(all)
    // Who would have as many as anybody takes nothing from others.
    if (own.length > 0 && own.length + 1 >= share) giveWay(host, session, own)
    else if (share === 1) giveWay(host, session, most)
    else session.release(longestIdle(most).id)
  }
}

function giveWay(
  { limits, now }: RpcHost,
  session: RpcCaller['session'],
  filters: readonly HeldFilter[],
): void {
  const { filter, id } = longestIdle(filters)
  if (now() - filter.lastAsked < limits.filterGraceMs)
    throw new RpcError(
      'rpc/limit',
      `there are ${filters.length} filters, which is as many as a client may have: uninstall one, or ask no more for one for ${limits.filterGraceMs / 1000} seconds`,
    )
  session.release(id)
}

/** Frees the filters that nobody asks any more. */
function forgetIdle({ limits, now }: RpcHost, session: RpcCaller['session']): void {
  const oldest = now() - limits.filterIdleMs
  for (const { filter, id } of filtersOf(session)) if (filter.lastAsked < oldest) session.release(id)
}

function filtersOf(session: RpcCaller['session']): HeldFilter[] {
  const found: HeldFilter[] = []
  for (const [id, held] of session.entries())
    if (held.kind === 'filter') found.push({ id, filter: held as Filter })
  return found
}

/** The filters of the clients that have most, and how many each of them has. */
function largestShares(all: readonly HeldFilter[]): {
  readonly most: readonly HeldFilter[]
  readonly share: number
} {
  const groups = [...Map.groupBy(all, ({ filter }) => filter.client).values()]
  const share = Math.max(...groups.map(({ length }) => length))
  return { most: groups.filter(({ length }) => length === share).flat(), share }
}

function longestIdle(filters: readonly HeldFilter[]): HeldFilter {
  return filters.reduce((idle, one) => (one.filter.lastAsked < idle.filter.lastAsked ? one : idle))
}
