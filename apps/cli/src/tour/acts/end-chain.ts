import { formatFil } from '@troupe/hypervisor'
import { type ChainParts, openChain } from '../open-chain.ts'
import type { Stage } from '../stage.ts'
import type { ActorReport, Step } from '../step.ts'

/** The state in the end; and the chain as another process finds it, after this one has closed it. */
export async function* endChain(stage: Stage, parts: ChainParts): AsyncGenerator<Step> {
  const { vm } = stage
  yield {
    kind: 'state',
    title: 'The state',
    note: 'Its root is the same after every tour, on every machine.',
    root: vm.root.toString(),
    actors: actorsOf(stage),
  }

  await vm.close()
  await using again = await openChain(parts)
  const { block, epoch, root } = again.head
  yield stage.step(
    'The chain, opened again',
    'Blocks and head reached the disk in one transaction each: whenever a process ends, the next one goes on with the last whole block.',
    [
      { what: 'epoch', value: `${epoch}` },
      { what: 'block', value: block.toString() },
      { what: 'state root', value: root.toString() },
    ],
  )
}

function actorsOf(stage: Stage): ActorReport[] {
  const { alice, bob, carol, names, vm } = stage
  const owners = new Map(
    Object.entries({ alice, bob, carol }).map(([name, account]) => [stage.idOf(account), name]),
  )
  return [...vm.chain.machineAfter().state.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, { code, head, sequence, balance }]) => {
      const owner = owners.get(id)
      const actor = names.actorName(code) ?? code.toString()
      return {
        id: `f0${id}`,
        actor: owner === undefined ? actor : `${actor} of ${owner}`,
        runtime: names.runtimeName?.(code) ?? '',
        sequence,
        balance: formatFil(balance),
        head: head.toString(),
      }
    })
}
