import { type ActorState, idAddress, toEthereumAddress } from '@troupe/hypervisor'
import type { Cid } from '@troupe/ipld'
import type { ActorHandle, ContractHandle } from 'troupe'
import { Counter } from '../relayed-calls.ts'
import { calldata, decodeWord, encodeArguments } from '../solidity-abi.ts'
import type { Stage } from '../stage.ts'
import type { Fact, Step } from '../step.ts'

const UINT64_MAX = 2n ** 64n - 1n
const REWARD_ACTOR = idAddress(2n)
const BURNT_FUNDS = idAddress(99n)
/** Characters that tell a CID from others. */
const CID_TAIL = 8

/** A contract in Solidity calls an actor in JavaScript, which calls one in Wasm: in one message, which has all of their effects, or none. */
export async function* threeRuntimes(stage: Stage, counter: ActorHandle): AsyncGenerator<Step> {
  const { alice, bob, carol, code, vm } = stage
  const { crypto } = vm
  const { initcode } = code.boxOffice
  const { script, sourceMap } = code.hall
  const hall = await vm.deploy(script, { from: alice, params: [stage.idOf(counter)], sourceMap })
  const hallAddress = toEthereumAddress(idAddress(stage.idOf(hall))) as string
  const office = await vm.deployContract(initcode, {
    from: alice,
    args: encodeArguments(BigInt(hallAddress)),
  })
  const cast: Cast = { stage, office, hall, counter }
  yield stage.step(
    'Alice brings an actor in JavaScript, and a contract in Solidity',
    'The script is run once, in an engine that is Wasm and metered itself, and what it leaves in memory is what every call of it begins with. The contract is an actor, and knows the other one by an address as contracts have.',
    [
      {
        what: 'new',
        value: `f0${hall.address.id} is a hall in hardened JavaScript, and f0${counter.address.id} counts at its door`,
      },
      { what: 'new', value: `f0${stage.idOf(office)} is its box office, ${office.ethereumAddress}` },
      { what: 'hall', value: `to contracts it is ${hallAddress}` },
    ],
  )

  const made = await partsOf(cast)
  await office.send(calldata(crypto, 'sell(uint64[])', [2n, 4n]), { from: carol })
  yield stage.step(
    'Solidity calls JavaScript, which calls Wasm',
    'Carol buys tickets for two and for four. The contract calls the hall as if it were a contract, and the hall has each party counted at the door, by an actor that never heard of either. One message, one meter.',
    await comparisons(cast, made),
  )

  const [before, root] = [await partsOf(cast), vm.root]
  await office.trySend(calldata(crypto, 'sell(uint64[])', [3n, UINT64_MAX]), { from: bob })
  yield stage.step(
    'It fails three calls down, and all three go back',
    'Bob wants tickets for three, and for 2^64 - 1. When the counter refuses, all of them have written their states. The failure goes up through JavaScript and Solidity; where JavaScript was waiting stands below its calls, as a place in its sources.',
    [...(await comparisons(cast, before)), await allElse(cast, root)],
  )

  await office.send(calldata(crypto, 'offer(uint64[])', [3n, UINT64_MAX]), { from: bob })
  yield stage.step(
    'Solidity catches it, and goes on',
    'The same in a try of Solidity: what the contract did stays, and what was done below the call that failed is gone, in JavaScript and in Wasm.',
    await comparisons(cast, before),
  )
}

interface Cast {
  readonly stage: Stage
  readonly office: ContractHandle
  readonly hall: ActorHandle
  readonly counter: ActorHandle
}

/** One of the three: what it has counted, and the root of its state. */
interface Part {
  readonly name: string
  readonly counts: string
  readonly head: Cid
}

async function partsOf({ counter, hall, office, stage }: Cast): Promise<Part[]> {
  const read = async (signature: string): Promise<bigint> =>
    decodeWord(await office.view(calldata(stage.vm.crypto, signature)))
  const parties = (await hall.view('Parties')).value
  const guests = (await counter.view(Counter.GET)).value
  return [
    {
      name: 'BoxOffice',
      counts: `asked ${await read('asked()')}, sold ${await read('sold()')}`,
      head: await stage.headOf(office),
    },
    { name: 'Hall', counts: `parties ${parties}`, head: await stage.headOf(hall) },
    { name: 'counter', counts: `count ${guests}`, head: await stage.headOf(counter) },
  ]
}

/** What has become of the three. */
async function comparisons(cast: Cast, before: readonly Part[]): Promise<Fact[]> {
  const after = await partsOf(cast)
  return before.map((old, index) => {
    const { counts, head, name } = after[index] as Part
    const verdict = old.head.equals(head) ? 'the same' : 'new'
    return { what: name, value: `${counts}; state ${tailOf(old.head)} → ${tailOf(head)}, ${verdict}` }
  })
}

/** Whether the state is the one before, but for what every block pays: the gas of who sent its message, and the reward. Root and root are compared. */
async function allElse({ stage: { bob, vm } }: Cast, before: Cid): Promise<Fact> {
  await using fork = await vm.fork(before)
  for (const address of [bob, REWARD_ACTOR, BURNT_FUNDS]) {
    const { balance, head, sequence } = (await vm.getActor(address)) as ActorState
    await fork.edit([{ address, balance, head, sequence }])
  }
  const isSame = fork.root.equals(vm.root)
  return {
    what: 'state root',
    value: `${tailOf(vm.root)}; the one before, with gas and reward paid by hand, gives ${tailOf(fork.root)}, ${isSame ? 'the same' : 'another'}`,
  }
}

function tailOf(cid: Cid): string {
  return `…${cid.toString().slice(-CID_TAIL)}`
}
