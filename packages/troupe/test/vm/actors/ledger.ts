import { type Directory, defineActor, type Facets, M } from '@troupe/sdk-js'

/** Takes and gives back values of the kinds that look otherwise from outside. */
export default defineActor('Ledger', {
  state: { total: 0n },
  powers: ['directory'],
  facets: {
    public: M.interface('Ledger', {
      add: M.call(M.bigint()).returns(M.bigint()),
      label: M.call(M.byteArray(), M.string()).returns(M.byteArray()),
    }),
    admin: M.interface('Admin', { reset: M.call().returns() }),
  },
  init({ facets, directory }: { facets: Facets; directory: Directory }, owner: ArrayBuffer) {
    facets.grant('admin', directory.resolve(owner))
  },
  methods: {
    public: {
      add: ({ state }, n) => (state.total += n),
      label: (_, data) => data,
    },
    admin: {
      reset({ state }) {
        state.total = 0n
      },
    },
  },
})
