import { AmountMath } from '@agoric/ertp/src/amountMath.js'
import { prepareIssuerKit } from '@agoric/ertp/src/issuerKit.js'
import { provideDurableMapStore } from '@agoric/vat-data'
import { type Directory, defineActor, type Facets, fail, M, type Ref } from '@troupe/sdk-js'
import { baggage, vatState } from '@troupe/sdk-js/vat-data'

const NOT_YOURS = 32

/** A purse and a payment of ERTP's, as far as they are used here. */
interface Purse {
  deposit(payment: Payment): Amount
  withdraw(amount: Amount): Payment
  getCurrentAmount(): Amount
}
type Payment = object
interface Amount {
  readonly value: bigint
}
interface Store<K, V> {
  has(key: K): boolean
  get(key: K): V
  init(key: K, value: V): void
  delete(key: K): void
  values(): Iterable<V>
  getSize(): number
}

// Made once, when the code is installed: every call finds them as they are here, and what has changed since in the state.
const { issuer, mint, brand } = prepareIssuerKit(baggage, 'Moola')
const purses: Store<Ref, Purse> = provideDurableMapStore(baggage, 'purses') as never
const cheques: Store<bigint, { payment: Payment; to: Ref }> = provideDurableMapStore(
  baggage,
  'cheques',
) as never

const moola = (value: bigint): Amount => AmountMath.make(brand, value) as never

function purseOf(owner: Ref): Purse {
  if (!purses.has(owner)) purses.init(owner, issuer.makeEmptyPurse() as never)
  return purses.get(owner)
}

/** A token by Agoric's ERTP, as that comes from npm: an issuer, its mint, a purse for everyone, and payments that wait for whom they were made out to. */
export default defineActor('Mint', {
  state: { vat: vatState, drawn: 0n },
  powers: ['directory'],
  facets: {
    public: M.interface('Mint', {
      balance: M.call().returns(M.nat()),
      draw: M.call(M.byteArray(), M.nat()).returns(M.nat()),
      cash: M.call(M.nat()).returns(M.nat()),
    }),
    minter: M.interface('Minter', { issue: M.call(M.byteArray(), M.nat()).returns(M.nat()) }),
  },
  initGuard: M.call(M.byteArray()).returns(),
  init({ facets, directory }: { facets: Facets; directory: Directory }, owner: ArrayBuffer) {
    facets.grant('minter', directory.resolve(owner))
  },
  methods: {
    public: {
      balance: ({ caller }) => (purses.has(caller) ? purseOf(caller).getCurrentAmount().value : 0n),
      /** Takes an amount out of the caller's purse, for somebody else: gives the number of the cheque. */
      draw({ state, caller, directory }, to, n) {
        const payment = purseOf(caller).withdraw(moola(n))
        cheques.init(state.drawn, harden({ payment, to: directory.resolve(to) }))
        state.drawn += 1n
        return state.drawn - 1n
      },
      /** Puts what a cheque is worth into the caller's purse. */
      cash({ caller }, number) {
        const { payment, to } = cheques.get(number)
        if (to !== caller) fail(NOT_YOURS, 'the cheque is made out to somebody else')
        cheques.delete(number)
        return purseOf(caller).deposit(payment).value
      },
    },
    minter: {
      issue({ directory }, to, n) {
        const purse = purseOf(directory.resolve(to))
        purse.deposit(mint.mintPayment(moola(n) as never) as never)
        return purse.getCurrentAmount().value
      },
    },
  },
})
