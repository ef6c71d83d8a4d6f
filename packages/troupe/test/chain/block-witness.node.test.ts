import { NATIVE_ACTORS } from '@troupe/actors'
import { loadCrypto } from '@troupe/crypto'
import {
  describeRules,
  idAddress,
  type Kernel,
  NV28,
  OPERATIONS,
  withAbstractAccounts,
  withUserActors,
} from '@troupe/hypervisor'
import { cidEquals } from '@troupe/ipld'
import { decodeCar, encodeCar } from '@troupe/ipld/car'
import { nativeRuntime } from '@troupe/runtime-native'
import { createTroupe, networkOfWitness, networks, readWitnessClaim, replayWitness } from 'troupe'
import { describe, expect, it } from 'vitest'
import { createTestChain, messageOf } from './test-chain.ts'

const crypto = await loadCrypto()
const code = (value: string) => expect.objectContaining({ code: value })
const options = {
  crypto,
  runtimes: [nativeRuntime({ crypto, actors: NATIVE_ACTORS })],
  proofs: undefined,
  rules: networks.local,
}

async function witnessOfTransfer(): Promise<{ car: Uint8Array; root: string }> {
  await using vm = await createTroupe()
  await vm.send({ to: vm.accounts[1] ?? '', value: 5n })
  await vm.time.advance({ epochs: 3 })
  await vm.send({ to: 't1abjxfbp274xpdqcpuaykwkfb43omjotacm2p3za', value: 7n })
  return { car: vm.chain.witness(), root: String(vm.root) }
}

describe('the witness of a block', () => {
  it('is enough to execute it again, to the same root', async () => {
    const { car, root } = await witnessOfTransfer()
    const { claim, header, messages } = replayWitness(car, options)
    expect(String(claim.stateRoot)).toBe(root)
    expect(header.height).toBe(5n)
    expect(messages.map(({ message, result }) => [message.value, result.receipt.exitCode])).toEqual([[7n, 0]])
    expect(messages[0]?.trace.roots).toHaveLength(1)
    expect(claim.network).toMatchObject({
      rules: describeRules(networks.local.rules, crypto),
      networkName: 'local',
    })
    expect(readWitnessClaim(car, crypto)).toEqual(claim)
    expect(car.length).toBeLessThan(100_000)
  })

  it('fails with any block missing, and with any bit changed: never another root', async () => {
    const { car, root } = await witnessOfTransfer()
    const { blocks, roots } = decodeCar(car, crypto)
    const unneeded: unknown[] = []
    for (const left of blocks) {
      const without = encodeCar(
        roots,
        blocks.filter((block) => block !== left),
      )
      try {
        expect(String(replayWitness(without, options).claim.stateRoot)).toBe(root)
        unneeded.push(left)
      } catch (error) {
        expect(error).toMatchObject({ code: 'blockstore/unavailable' })
      }
    }
    // Native actors are found by the CID of their code alone: cron, reward and the account that was made.
    expect(unneeded).toHaveLength(3)
    expect(blocks.length).toBeGreaterThan(10)
    for (let at = 80; at < car.length; at += 997) {
      const changed = car.slice()
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8))
      let outcome: string
      try {
        outcome = String(replayWitness(changed, options).claim.stateRoot)
      } catch (error) {
        outcome = 'refused'
        expect(error).toHaveProperty('code')
      }
      expect(['refused', root]).toContain(outcome)
    }
  })

  it('has what actors were told of tipsets, and refuses to be asked for more', async () => {
    const ask = OPERATIONS['network.tipsetCid'] as (kernel: Kernel, epoch: bigint) => unknown
    const { chain, options: parts } = await createTestChain(
      {
        asker: (kernel) => {
          ask(kernel, 1n)
          return 0
        },
      },
      { '102': { code: 'asker' } },
    )
    const first = chain.produce([]).tipset
    chain.produce([{ message: messageOf(0n) }])
    chain.produce([{ message: messageOf(1n, { to: idAddress(102n), method: 2n }) }])
    const claim = readWitnessClaim(chain.witness(), crypto)
    expect(claim.tipsets).toEqual([[1n, first.key]])
    const replay = replayWitness(chain.witness(), {
      crypto,
      runtimes: parts.runtimes,
      proofs: undefined,
      rules: parts.rules,
    })
    expect(replay.messages).toHaveLength(1)
  })

  it('is of one rule set, and not of another', async () => {
    const { car } = await witnessOfTransfer()
    expect(() => replayWitness(car, { ...options, rules: networks.filecoin(21) })).toThrow(
      code('witness/other-network'),
    )
  })

  it('tells rules of one name apart, and makes those again that it is of', async () => {
    const rules = withAbstractAccounts(withUserActors(NV28, { maximumLocals: 1000 }))
    await using vm = await createTroupe({ network: { ...networks.local, rules, epochSeconds: 7n } })
    await vm.send({ to: vm.accounts[1] ?? '', value: 5n })
    const car = vm.chain.witness()
    const claim = readWitnessClaim(car, crypto)
    expect(networkOfWitness(claim, crypto)).toMatchObject({ epochSeconds: 7n, networkName: 'local' })
    const { rules: _, ...withoutRules } = options
    expect(replayWitness(car, withoutRules).claim.stateRoot).toEqual(vm.root)
    for (const others of [withUserActors(NV28), withUserActors(NV28, { maximumLocals: 1001 })])
      expect(() =>
        replayWitness(car, { ...options, rules: { ...networks.local, rules: withAbstractAccounts(others) } }),
      ).toThrow(code('witness/other-network'))
  })

  it('of rules that were made by hand can be executed by who has them only', async () => {
    const network = { ...networks.local, rules: { ...networks.local.rules, maximumCallDepth: 9 } }
    await using vm = await createTroupe({ network })
    await vm.send({ to: vm.accounts[1] ?? '', value: 5n })
    const car = vm.chain.witness()
    const { rules: _, ...withoutRules } = options
    expect(() => replayWitness(car, withoutRules)).toThrow(code('network/unknown-rules'))
    expect(replayWitness(car, { ...options, rules: network }).claim.stateRoot).toEqual(vm.root)
  })

  it('that claims another result is found out', async () => {
    await using vm = await createTroupe()
    await vm.send({ to: vm.accounts[1] ?? '', value: 5n })
    const { head } = vm.chain
    expect(() => vm.chain.witness({ ...head, stateRoot: head.header.parentStateRoot })).toThrow(
      code('witness/wrong-result'),
    )
    expect(cidEquals(head.stateRoot, vm.root)).toBe(true)
    await vm.checkout(0n)
    expect(() => vm.chain.witness()).toThrow(code('chain/no-tipset'))
  })

  it('that is none is refused', async () => {
    await using vm = await createTroupe({ accounts: { count: 0 } })
    const car = await vm.exportCar()
    expect(() => replayWitness(car, options)).toThrow(code('witness/malformed'))
    expect(() => replayWitness(encodeCar([], []), options)).toThrow(code('witness/malformed'))
    expect(() => replayWitness(new Uint8Array(), options)).toThrow(code('car/truncated'))
  })
})
