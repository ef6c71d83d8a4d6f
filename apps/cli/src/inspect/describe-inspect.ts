import { formatFil } from '@troupe/hypervisor'
import type { IpldValue } from '@troupe/ipld'
import type { ActorContent, InspectedState } from './inspected-state.ts'
import type { InspectedFile } from './open-file.ts'
import { sortedActors } from './render-inspect.ts'

/** What a file holds, as data. CIDs stay CIDs: it is to be written as DAG-JSON. */
export function describeFile({ vector, blocks, roots }: InspectedFile): {
  readonly [key: string]: IpldValue
} {
  return {
    blocks: blocks.size,
    roots: [...roots],
    ...(vector === undefined
      ? {}
      : {
          vector: {
            id: vector.id,
            variants: vector.variants.map(({ id, epoch, rules }) => ({
              id,
              epoch,
              networkVersion: rules.networkVersion,
            })),
            baseFee: String(vector.baseFee),
            circulatingSupply: String(vector.circulatingSupply),
          },
        }),
  }
}

/** The messages of a vector, as data. @param state the state before */
export function describeMessages({ vector }: InspectedFile, state: InspectedState): IpldValue[] {
  return (vector?.messages ?? []).map(({ message }, index) => {
    const receipt = vector?.receipts[index]
    return {
      from: state.format(message.from),
      to: state.format(message.to),
      sequence: message.sequence,
      value: formatFil(message.value),
      method: String(message.method),
      params: message.params,
      gasLimit: message.gasLimit,
      ...(receipt === undefined
        ? {}
        : {
            receipt: {
              exitCode: receipt.exitCode,
              returnData: receipt.returnData,
              gasUsed: receipt.gasUsed,
            },
          }),
    }
  })
}

/** The actors of a state, as data. */
export function describeActors(state: InspectedState, limit: number): { readonly [key: string]: IpldValue } {
  const { actors, missing, version } = state.known
  const shown = sortedActors(state).slice(0, limit)
  return {
    state: state.root,
    version,
    missing,
    more: actors.size - shown.length,
    actors: shown.map(([id, actor]) => describeRecord({ id, actor }, state)),
  }
}

/** One actor with its state, as data. */
export function describeActor(content: ActorContent, state: InspectedState): IpldValue {
  const { links, moreLinks } = content
  return {
    ...describeRecord(content, state),
    state: content.state ?? null,
    links: links.map(([cid, value]) => ({ cid, value: value ?? null })),
    moreLinks,
  }
}

function describeRecord(
  { id, actor }: Pick<ActorContent, 'id' | 'actor'>,
  state: InspectedState,
): { readonly [key: string]: IpldValue } {
  const name = state.nameOf(actor.code)
  return {
    id: `f0${id}`,
    code: actor.code,
    ...(name === undefined ? {} : { name }),
    head: actor.head,
    hasState: state.hasState(actor),
    sequence: actor.sequence,
    balance: formatFil(actor.balance),
    ...(actor.delegatedAddress === undefined ? {} : { address: state.format(actor.delegatedAddress) }),
  }
}
