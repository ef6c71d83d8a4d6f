import { type Directory, defineActor, durable, fail, M, type Ref } from '@troupe/sdk-js'
import {
  answer,
  atEthereumAddress,
  ContractError,
  contract,
  defineAbi,
  ethereumAddress,
  revert,
} from '@troupe/sdk-js/abi'

const ITEM = [
  { name: 'price', type: 'uint96' },
  { name: 'name', type: 'string' },
  { name: 'tags', type: 'bytes4[]' },
] as const
const ITEMS = { type: 'tuple[]', components: ITEM } as const
const FORMS = [ITEMS, { type: 'bool[2]' }, { type: 'int8' }, { type: 'bytes' }] as const
const TO = [
  { name: 'to', type: 'address' },
  { name: 'amount', type: 'uint256' },
] as const
const UINT = [{ type: 'uint256' }] as const

/** Of the contract that is called. */
const SHOP = defineAbi([
  { type: 'function', name: 'mint', inputs: TO, outputs: UINT, stateMutability: 'payable' },
  {
    type: 'function',
    name: 'transfer',
    inputs: TO,
    outputs: [{ type: 'bool' }],
    stateMutability: 'nonpayable',
  },
  {
    type: 'function',
    name: 'balanceOf',
    inputs: [{ type: 'address' }],
    outputs: UINT,
    stateMutability: 'view',
  },
  { type: 'function', name: 'echo', inputs: FORMS, outputs: FORMS, stateMutability: 'pure' },
  { type: 'function', name: 'size', inputs: UINT, outputs: UINT, stateMutability: 'pure' },
  { type: 'function', name: 'size', inputs: [{ type: 'string' }], outputs: UINT, stateMutability: 'pure' },
  { type: 'function', name: 'refuse', inputs: [{ type: 'string' }], outputs: [], stateMutability: 'pure' },
  { type: 'function', name: 'divide', inputs: [...UINT, ...UINT], outputs: UINT, stateMutability: 'pure' },
  {
    type: 'error',
    name: 'Insufficient',
    inputs: [{ type: 'address' }, { type: 'uint256' }, { type: 'uint256' }],
  },
])

/** Of the actor, as contracts see it. */
const COUNTER = defineAbi([
  { type: 'function', name: 'add', inputs: UINT, outputs: UINT, stateMutability: 'nonpayable' },
  { type: 'function', name: 'pay', inputs: [], outputs: UINT, stateMutability: 'payable' },
  {
    type: 'function',
    name: 'labels',
    inputs: [{ type: 'string[]' }],
    outputs: [{ type: 'string' }, { type: 'uint256' }],
    stateMutability: 'view',
  },
  {
    type: 'function',
    name: 'fails',
    inputs: [{ type: 'string' }],
    outputs: [],
    stateMutability: 'nonpayable',
  },
  { type: 'error', name: 'TooMuch', inputs: [{ type: 'uint256' }, { type: 'uint256' }] },
])
const MOST = 1000n

const SHOP_FIELD = durable.value<Ref | null>(null, M.or(M.null(), M.remotable()))

/** Buys from a contract with its interface, and answers as a contract itself. */
export default defineActor('Shopper', {
  state: { shop: SHOP_FIELD, count: 0n },
  powers: ['directory', 'funds'],
  payable: ['init'],
  facets: {
    public: M.interface('Shopper', {
      give: M.call(M.nat(), M.nat()).returns(M.boolean()),
      mint: M.call(M.nat()).returns(M.nat()),
      balance: M.call().returns(M.nat()),
      echo: M.call(M.any()).returns(M.any()),
      sizes: M.call().returns(M.any()),
      why: M.call(M.string()).returns(M.any()),
      back: M.call(M.string()).returns(M.boolean()),
    }),
  },
  initGuard: M.call(M.nat()).returns(),
  init({ state, directory }: { state: { shop: Ref | null }; directory: Directory }, shop: bigint) {
    state.shop = directory.actor(shop)
  },
  methods: {
    public: {
      give: ({ state, directory }, to, amount) =>
        contract(shopOf(state), SHOP).transfer(ethereumAddress(directory, directory.actor(to)), amount),
      mint: ({ state, directory, self, funds }, amount) =>
        contract(shopOf(state), SHOP, { value: funds.pay(3n) }).mint(
          ethereumAddress(directory, self),
          amount,
        ),
      balance: ({ state, directory, self }) =>
        contract(shopOf(state), SHOP).balanceOf(ethereumAddress(directory, self)),
      echo: ({ state }, values) =>
        contract(shopOf(state), SHOP).echo(...(values as unknown as Forms)) as never,
      sizes({ state }) {
        const shop = contract(shopOf(state), SHOP)
        return [shop['size(uint256)'](5n), shop['size(string)']('hello')] as never
      },
      why({ state }, how) {
        const shop = contract(shopOf(state), SHOP)
        try {
          if (how === 'text') shop.refuse('for a reason')
          else if (how === 'panic') shop.divide(1n, 0n)
          else shop.transfer('0x00000000000000000000000000000000000000aa', 10n ** 18n)
          return 'nothing' as never
        } catch (error) {
          if (!(error instanceof ContractError)) throw error
          return [error.errorName ?? null, ...error.args] as never
        }
      },
      back: ({ directory }, address) => {
        const ref = atEthereumAddress(directory, address as `0x${string}`)
        return ethereumAddress(directory, ref) === address
      },
    },
  },
  contract: answer(COUNTER, {
    add({ state }, n) {
      if (n > MOST) revert(COUNTER, 'TooMuch', n, MOST)
      state.count += n
      return state.count
    },
    pay: ({ value }) => value,
    labels: ({ state }, names) => [names.join(' and '), state.count],
    fails: (_, reason) => fail(40, reason),
  }),
})

type Forms = Parameters<
  ReturnType<
    typeof contract<
      [{ type: 'function'; name: 'echo'; inputs: typeof FORMS; outputs: []; stateMutability: 'pure' }]
    >
  >['echo']
>

function shopOf({ shop }: { readonly shop: Ref | null }): Ref {
  return shop ?? fail(32, 'there is no shop')
}
