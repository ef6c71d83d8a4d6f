import { NATIVE_ACTORS, userInitActor } from '@troupe/actors'
import { CodedError } from '@troupe/crypto'
import { nativeRuntime } from '@troupe/runtime-native'
import { replayWitness } from 'troupe'
import { grouped } from '../../render/plain.ts'
import { NETWORK } from '../open-chain.ts'
import type { Stage } from '../stage.ts'
import type { Step } from '../step.ts'

/** A block is executed where there is nothing but what it read. */
export async function* proof(stage: Stage): AsyncGenerator<Step> {
  const { runtimes, vm } = stage
  const { crypto } = vm
  const car = await vm.exportWitness()
  const native = nativeRuntime({ crypto, actors: [...NATIVE_ACTORS, userInitActor] })
  const options = { crypto, proofs: undefined, rules: NETWORK, runtimes: [native, ...runtimes] }
  const { claim, messages } = replayWitness(car, options)
  const changed = car.slice()
  changed[changed.length - 1] = (changed.at(-1) as number) ^ 1
  yield stage.step(
    'The last block, on a machine that has nothing else',
    'A witness is a CAR of all that a block read, code of users included. Whoever has it executes the block without the chain, and comes to the same root, or to none.',
    [
      { what: 'witness', value: `${grouped(car.length)} bytes, ${messages.length} message` },
      {
        what: 'root',
        value: `${claim.stateRoot.equals(vm.root) ? 'the same' : 'another'}, ${claim.stateRoot}`,
      },
      { what: 'changed', value: `by one bit, it is ${refusalOf(() => replayWitness(changed, options))}` },
    ],
  )
}

function refusalOf(replay: () => unknown): string {
  try {
    replay()
    return 'executed'
  } catch (error) {
    return error instanceof CodedError ? `refused: ${error.code}` : 'failed'
  }
}
