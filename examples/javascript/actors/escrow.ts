import {
  type Directory,
  defineActor,
  durable,
  type Facets,
  fail,
  M,
  type Ref,
  transfer,
} from '@troupe/sdk-js'

const PARTY = durable.value<Ref | null>(null, M.or(M.null(), M.remotable()))
const EMPTY = 32
const TAKEN = 33

/** Holds what a buyer pays until an arbiter says whose it is. */
export default defineActor('Escrow', {
  state: { buyer: PARTY, seller: PARTY },
  facets: {
    public: M.interface('Escrow', {
      deposit: M.call().returns(),
      held: M.call().returns(M.nat()),
    }),
    arbiter: M.interface('Arbiter', { release: M.call().returns(), refund: M.call().returns() }),
  },
  powers: ['directory', 'funds'],
  payable: ['public.deposit'],
  initGuard: M.call(M.byteArray(), M.byteArray()).returns(),
  init({ state, facets, directory }: Setup, seller: ArrayBuffer, arbiter: ArrayBuffer) {
    state.seller = directory.resolve(seller)
    facets.grant('arbiter', directory.resolve(arbiter))
  },
  methods: {
    public: {
      deposit({ state, caller }) {
        if (state.buyer !== null && state.buyer !== caller) fail(TAKEN, 'somebody else has paid')
        state.buyer = caller
      },
      held: ({ funds }) => funds.balance(),
    },
    arbiter: {
      release: ({ state, funds }) => transfer(party(state.seller), funds.pay(funds.balance())),
      refund({ state, funds }) {
        const buyer = party(state.buyer)
        state.buyer = null
        transfer(buyer, funds.pay(funds.balance()))
      },
    },
  },
})

interface Setup {
  readonly state: { seller: Ref | null }
  readonly facets: Facets
  readonly directory: Directory
}

function party(ref: Ref | null): Ref {
  return ref ?? fail(EMPTY, 'nobody has paid')
}
