import { ATTO_PER_FIL, exitCodeName } from '@troupe/hypervisor'
import { decodeIpld, type IpldValue } from '@troupe/ipld'
import type { ActorHandle } from 'troupe'
import { grouped } from '../../render/plain.ts'
import { allCalls, Counter, increment, oneCall, Relay } from '../relayed-calls.ts'
import type { Stage } from '../stage.ts'
import type { Fact, Step } from '../step.ts'

/** Enough for the relay, too little for the counter. */
const SMALL_GAS_LIMIT = 2_000_000n
/** For the counter alone: too little again. */
const SMALL_CALL_GAS_LIMIT = 1_000_000n
/** So that nobody tries beforehand how much it takes. */
const LARGE_GAS_LIMIT = 1_000_000_000n
const UINT64_MAX = 2n ** 64n - 1n
/** More calls inside one another than the protocol allows. */
const EXCESSIVE_DEPTH = 5_000

/** Actors in Wasm: code comes by messages, actors call each other, fail, run out of gas, and recur as deep as calls go. @returns the counter, which the next act goes on with */
export async function* wasmActors(stage: Stage): AsyncGenerator<Step, ActorHandle> {
  const { alice, bob, carol, code, vm } = stage
  const counter = await vm.deploy(code.counter, { from: alice })
  const second = await vm.deploy(code.counter, { from: alice })
  const relay = await vm.deploy(code.relay, { from: alice })
  yield stage.step(
    'Alice brings code, and makes three actors of it',
    'The init actor takes a Wasm module that is validated and metered first, and keeps it in the state; of what is installed it makes actors, and calls their constructors.',
    [
      { what: 'new', value: `f0${counter.address.id} and f0${second.address.id} are counters` },
      { what: 'new', value: `f0${relay.address.id} is a relay: it passes calls on to other actors` },
    ],
  )

  const half = ATTO_PER_FIL / 2n
  const { events } = await relay.send(
    Relay.BATCH,
    allCalls([
      increment(counter, 5n),
      increment(counter, 37n),
      { to: carol.address, method: 0n, value: half },
      { to: counter.address, method: Counter.GET, readOnly: true },
    ]),
    { from: bob, value: half },
  )
  yield stage.step(
    'Bob calls the counter through the relay',
    'One message, four calls: two that change the counter, one that pays Carol, one that may only read.',
    [
      ...events.map(({ emitter, entries }) => ({
        what: 'event',
        value: `${entries.map(({ key, value }) => `${key} = ${decodeIpld(value)}`).join()} from f0${emitter}`,
      })),
      await countOf(counter),
    ],
  )

  const before = await stage.headOf(counter)
  await relay.trySend(Relay.BATCH, allCalls([increment(counter, 1n), increment(counter, UINT64_MAX)]), {
    from: bob,
  })
  yield stage.step(
    'Bob goes too far',
    'The second call overflows the counter. Nothing of the message stays but its gas: the first call is taken back too, and the counter has the state that it had.',
    [
      await countOf(counter),
      { what: 'state before', value: before.toString() },
      { what: 'state after', value: (await stage.headOf(counter)).toString() },
    ],
  )

  const limited = { ...increment(counter, 1n), gasLimit: SMALL_CALL_GAS_LIMIT }
  const { value } = await relay.send(Relay.TRY, oneCall(limited), { from: bob })
  await relay.trySend(Relay.BATCH, allCalls([increment(counter, 1n)]), {
    from: bob,
    gasLimit: SMALL_GAS_LIMIT,
  })
  const exitCode = Number((value as readonly IpldValue[])[1])
  yield stage.step(
    'Bob runs out of gas',
    `First the relay lets the counter have ${grouped(SMALL_CALL_GAS_LIMIT)} gas, which is not enough, and lives on. Then the message itself has too little, and all of it is gone.`,
    [
      { what: 'seen', value: `the relay was told ${exitCodeName(exitCode)} (${exitCode})` },
      await countOf(counter),
    ],
  )

  const recursion = await relay.send(Relay.RECURSE, BigInt(EXCESSIVE_DEPTH), {
    from: bob,
    gasLimit: LARGE_GAS_LIMIT,
  })
  yield stage.step(
    'As deep as calls go',
    `The relay calls itself, ${grouped(EXCESSIVE_DEPTH)} times if it may. The protocol allows 1,024 calls inside one another; each is a Wasm instance of its own.`,
    [
      {
        what: 'depth',
        value: `${grouped(recursion.value as bigint)} calls were made; the next one was refused`,
      },
    ],
  )
  return counter
}

async function countOf(counter: ActorHandle): Promise<Fact> {
  return { what: 'count', value: String((await counter.view(Counter.GET)).value) }
}
