import { compileSolidity } from '../evm/compile-solidity.ts'
import { type ContractCall, type ContractWorld, contractPlay, type Scene, SENDERS } from './contract-play.ts'
import { Motions } from './motions.ts'
import type { Play } from './play.ts'
import type { Random } from './random.ts'

const UNIT = 10n ** 18n
const EMPTY = '0x'

function next(random: Random, scene: Scene, [parliament, senate]: readonly [Motions, Motions]): ContractCall {
  const from = random.pick(SENDERS)
  const me = scene.accountOf(from)
  const other = random.pick([
    ...SENDERS.map((sender) => scene.accountOf(sender)),
    scene.addressOf('Holder'),
    scene.addressOf('Box'),
  ])
  const amount = BigInt(random.below(1000)) * UNIT
  const small = BigInt(random.below(12))
  const call = (to: string, name: string, args: readonly unknown[] = [], value = 0n): ContractCall => ({
    ...{ to, function: name, args, value, from },
  })
  const [made] = (scene.lastOf('made') ?? []) as readonly string[]
  const box = (name: string, args: readonly unknown[], value = 0n): ContractCall =>
    made === undefined || random.chance(40)
      ? call('Box', name, args, value)
      : { ...call(made, name, args, value), as: 'Box' }
  return random.pick<() => ContractCall>([
    () => call('Token', 'mint', [other, amount]),
    () => call('Token', 'mint', [me, amount]),
    () => call('Token', 'transfer', [other, amount / 3n]),
    () => call('Token', 'transfer', [other, amount / 7n]),
    () => call('Token', 'approve', [other, amount]),
    () => call('Token', 'transferFrom', [other, me, amount / 9n]),
    () => call('Token', 'burn', [amount / 5n]),
    () => call('Token', 'delegate', [other]),
    () => call('Token', 'getPastVotes', [other, 101]),
    () =>
      call('Token', 'permit', [other, me, 5, 2n ** 60n, 27, `0x${'11'.repeat(32)}`, `0x${'22'.repeat(32)}`]),
    () => call('Collectible', 'mint', [other, small]),
    () => call('Collectible', 'safeTransferFrom(address,address,uint256)', [me, other, small]),
    () => call('Collectible', 'transferFrom', [me, other, small]),
    () => call('Collectible', 'approve', [other, small]),
    () => call('Collectible', 'ownerOf', [small]),
    () => call('Items', 'mint', [other, [1, small], [amount, 3]]),
    () => call('Items', 'safeBatchTransferFrom', [me, other, [1, small], [2, 1], EMPTY]),
    () => call('Items', 'safeTransferFrom', [me, other, 1, 7, EMPTY]),
    () => call('Items', 'setApprovalForAll', [other, true]),
    () =>
      call('Items', 'balanceOfBatch', [
        [me, other],
        [1, small],
      ]),
    () => parliament.next(random, scene, from),
    () => parliament.next(random, scene, from),
    () => parliament.next(random, scene, from),
    () => senate.next(random, scene, from),
    () => senate.next(random, scene, from),
    () => senate.next(random, scene, from),
    () => senate.next(random, scene, from),
    // The first sender is the admin.
    () => ({ ...call('Archive', 'appoint', [scene.addressOf('Senate')]), from: SENDERS[0] }),
    () => call('Factory', 'make', [small % 6n, `0x${small.toString(16).padStart(64, '0')}`], small),
    () => call('Factory', 'made', [small]),
    () => call('Factory', 'made', [0]),
    () => call('Factory', 'upgrade', [random.chance(80) ? scene.addressOf('Box') : me]),
    () => box('keep', [small, amount], small),
    () => box('keep', [amount, small]),
    () => box('rename', ['long name '.repeat(random.below(8))]),
    () => box('pop', []),
    () => box('get', [small]),
    () => box('pay', [other, small]),
    () => box('enter', [small]),
    () => box('sum', [random.below(60)]),
  ])()
}

/** OpenZeppelin's tokens, governance and proxies, compiled. */
export function openZeppelinWorld(): ContractWorld {
  const governors = [new Motions('Parliament', 1n, 40n), new Motions('Senate', 2n, 30n)] as const
  return {
    contracts: compileSolidity('Contracts.sol'),
    deployments: [
      { name: 'Token' },
      { name: 'Collectible' },
      { name: 'Items' },
      { name: 'Holder' },
      { name: 'Box' },
      { name: 'Factory', args: (scene) => [scene.addressOf('Box')] },
      { name: 'Parliament', args: (scene) => [scene.addressOf('Token')] },
      { name: 'Archive', args: (scene) => [scene.accountOf(SENDERS[0])] },
      { name: 'Senate', args: (scene) => [scene.addressOf('Token'), scene.addressOf('Archive')] },
    ],
    next: (random, scene) => next(random, scene, governors),
  }
}

/** Messages to them. */
export const openZeppelinPlay: Play = contractPlay('openzeppelin', openZeppelinWorld)
