import { type ActorHandle, renderDiff } from 'troupe'
import { Counter } from '../relayed-calls.ts'
import type { Stage } from '../stage.ts'
import type { Step } from '../step.ts'

/** Snapshots: what changed since one, a fork that begins with one, and the way back to it. */
export async function* timeTravel(stage: Stage, counter: ActorHandle): AsyncGenerator<Step> {
  const { bob, vm } = stage
  const count = async (): Promise<unknown> => (await counter.view(Counter.GET)).value
  const snapshot = vm.root
  const counts = [await count()]
  await counter.send(Counter.INCREMENT, [58n], { from: bob })
  counts.push(await count())
  const changes = renderDiff(await vm.diff(snapshot))
  await using fork = await vm.fork(snapshot)
  await vm.checkout(snapshot)
  counts.push(await count())
  yield stage.step(
    'Bob counts on, and takes it back',
    'A snapshot is a state root: two of them can be compared, the chain returns to any that it has been in, and a fork of it begins there and shares every block.',
    [
      { what: 'snapshot', value: snapshot.toString() },
      ...changes.map((value) => ({ what: 'changed', value })),
      { what: 'count', value: `${counts.join(', then ')} again` },
      {
        what: 'fork',
        value: fork.root.equals(snapshot) ? 'begins with the same root' : 'begins elsewhere',
      },
    ],
  )
}
