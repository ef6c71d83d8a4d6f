import { installedContract } from '../evm/compile-solidity.ts'
import { type ContractCall, type ContractWorld, contractPlay, type Scene, SENDERS } from './contract-play.ts'
import type { Play } from './play.ts'
import type { Random } from './random.ts'

const CORE = '@uniswap/v2-core/build'
const PERIPHERY = '@uniswap/v2-periphery/build'
const UNIT = 10n ** 18n
const SUPPLY = 10n ** 9n * UNIT
const NEVER = 2n ** 64n

function next(random: Random, scene: Scene): ContractCall {
  const token = random.pick(['A', 'B'])
  const [a, b] = [scene.addressOf('A'), scene.addressOf('B')]
  const weth = scene.addressOf('WETH')
  const router = scene.addressOf('Router')
  const from = random.pick(SENDERS)
  const me = scene.accountOf(from)
  const amount = (BigInt(1 + random.below(1000)) * UNIT) / BigInt(1 + random.below(50))
  const path = random.pick([
    [a, b],
    [b, a],
    [a, weth, b],
    [b, a, weth],
  ])
  const [pair] = (scene.lastOf('getPair') ?? []) as readonly string[]
  const call = (to: string, name: string, args: readonly unknown[], value = 0n): ContractCall => ({
    ...{ to, function: name, args, value, from },
    ...(to === token ? { as: 'A' } : {}),
  })
  return random.weighted<() => ContractCall>([
    [12, () => call(token, 'approve', [router, 2n ** 256n - 1n])],
    [
      10,
      () => ({
        ...call(token, 'transfer', [scene.accountOf(random.pick(SENDERS)), amount * 100n]),
        from: 100n,
      }),
    ],
    [4, () => call(token, 'transferFrom', [me, scene.accountOf(100n), amount])],
    [15, () => call('Router', 'addLiquidity', [a, b, amount, amount * 2n, 0, 0, me, NEVER])],
    [8, () => call('Router', 'addLiquidityETH', [a, amount, 0, 0, me, NEVER], UNIT / 10n)],
    [15, () => call('Router', 'swapExactTokensForTokens', [amount / 20n, 0, path, me, NEVER])],
    [6, () => call('Router', 'swapTokensForExactTokens', [amount / 100n, amount, path, me, NEVER])],
    [6, () => call('Router', 'swapExactETHForTokens', [0, [weth, a], me, NEVER], UNIT / 100n)],
    [4, () => call('Router', 'swapExactTokensForETH', [amount / 50n, 0, [a, weth], me, NEVER])],
    [3, () => call('Router', 'swapExactTokensForTokens', [amount, 0, path, me, 1])],
    [5, () => call('Router', 'removeLiquidity', [a, b, amount / 1000n, 0, 0, me, NEVER])],
    [5, () => call('Factory', 'getPair', [a, b])],
    [2, () => call('Factory', 'createPair', [a, random.pick([b, weth, a])])],
    [3, () => call('WETH', 'deposit', [], UNIT / 1000n)],
    [2, () => call('WETH', 'withdraw', [UNIT / 2000n])],
    [
      5,
      () =>
        pair === undefined || BigInt(pair) === 0n
          ? call('Factory', 'getPair', [a, b])
          : { ...call(pair, random.pick(['sync', 'getReserves', 'price0CumulativeLast']), []), as: 'Pair' },
    ],
    [
      3,
      () =>
        pair === undefined || BigInt(pair) === 0n
          ? call('Factory', 'allPairsLength', [])
          : { ...call(pair, 'approve', [router, SUPPLY]), as: 'Pair' },
    ],
  ])()
}

/** Uniswap v2: its factory, its router, and pairs of two tokens and wrapped value, as they were published. */
export function uniswapWorld(): ContractWorld {
  return {
    contracts: new Map([
      ['A', installedContract(`${PERIPHERY}/ERC20.json`)],
      ['WETH', installedContract(`${PERIPHERY}/WETH9.json`)],
      ['Factory', installedContract(`${CORE}/UniswapV2Factory.json`)],
      ['Pair', installedContract(`${CORE}/UniswapV2Pair.json`)],
      ['Router', installedContract(`${PERIPHERY}/UniswapV2Router02.json`)],
    ]),
    deployments: [
      { name: 'A', args: () => [SUPPLY] },
      { name: 'B', contract: 'A', args: () => [SUPPLY] },
      { name: 'WETH' },
      { name: 'Factory', args: (scene) => [scene.accountOf(100n)] },
      { name: 'Router', args: (scene) => [scene.addressOf('Factory'), scene.addressOf('WETH')] },
    ],
    next,
  }
}

/** Messages to it. */
export const uniswapPlay: Play = contractPlay('uniswap', uniswapWorld)
