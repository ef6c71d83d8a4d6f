import { type Directory, defineActor, durable, type Facets, M, type Ref } from '@troupe/sdk-js'

/** Counts for everyone, and for each caller. Its owner may begin anew. */
export default defineActor('Counter', {
  state: { count: 0n, byCaller: durable.map<Ref, bigint>(M.remotable(), M.nat()) },
  facets: {
    public: M.interface('Counter', {
      add: M.call(M.nat()).returns(M.nat()),
      mine: M.call().returns(M.nat()),
    }),
    admin: M.interface('Admin', { reset: M.call().returns() }),
  },
  powers: ['directory', 'events'],
  initGuard: M.call(M.byteArray()).returns(),
  // Grants are numbered from 0: the owner, an account, begins the arguments of its calls of `admin` with 0.
  init({ facets, directory }: { facets: Facets; directory: Directory }, owner: ArrayBuffer) {
    facets.grant('admin', directory.resolve(owner))
  },
  methods: {
    public: {
      add({ state, caller, events }, n) {
        state.count += n
        state.byCaller.set(caller, (state.byCaller.get(caller) ?? 0n) + n)
        events.emit('added', { n, count: state.count })
        return state.count
      },
      mine: ({ state, caller }) => state.byCaller.get(caller) ?? 0n,
    },
    admin: {
      reset({ state }) {
        state.count = 0n
        state.byCaller.clear()
      },
    },
  },
})
