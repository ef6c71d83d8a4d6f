import { AmountMath } from '@agoric/ertp/src/amountMath.js'
import { Far } from '@endo/far'
import { makeCopySet } from '@endo/patterns'
import { defineActor, durable, M, type Passable, type Ref } from '@troupe/sdk-js'

/** What the amounts of this actor are amounts of; to the library a brand is an object, and it asks this one nothing. */
const SEAT = Far('Seat', {}) as never

const seats = (names: Passable): never => AmountMath.make(SEAT, makeCopySet(names as never) as never) as never
const amountOf = (value: Passable): never => AmountMath.make(SEAT, value as never) as never

/**
 * Sells seats, each once, by the arithmetic of Agoric's ERTP: what is taken away has to be there, and sets of seats are compared and united as amounts of money are. The library is
 * bundled as it comes from npm; its issuers, purses and payments, which want a vat's data, are left out; `mint.ts` has them.
 */
export default defineActor('BoxOffice', {
  state: {
    unsold: makeCopySet([]) as unknown as Passable,
    bought: durable.map<Ref, Passable>(M.remotable(), M.set()),
  },
  facets: {
    public: M.interface('BoxOffice', {
      buy: M.call(M.arrayOf(M.string())).returns(M.nat()),
      left: M.call().returns(M.arrayOf(M.string())),
    }),
  },
  initGuard: M.call(M.arrayOf(M.string())).returns(),
  init({ state }: { state: { unsold: Passable } }, names: string[]) {
    state.unsold = setOf(seats(names))
  },
  methods: {
    public: {
      buy({ state, caller }, names) {
        const wanted = seats(names)
        state.unsold = setOf(AmountMath.subtract(amountOf(state.unsold), wanted))
        const all = AmountMath.add(amountOf(state.bought.get(caller) ?? setOf(seats([]))), wanted)
        state.bought.set(caller, setOf(all))
        return BigInt(listOf(setOf(all)).length)
      },
      left: ({ state }) => listOf(state.unsold),
    },
  },
})

function setOf(amount: { readonly value: unknown }): Passable {
  return amount.value as Passable
}

function listOf(set: Passable): string[] {
  return (set as unknown as { readonly payload: string[] }).payload
}
