import { CallError, type Directory, defineActor, invoke, M } from '@troupe/sdk-js'
import { doubled } from './amounts.ts'

/** Doubles what it takes, unless it is too much. */
export default defineActor('Till', {
  state: { sum: 0n },
  facets: {
    public: M.interface('Till', {
      take: M.call(M.nat()).returns(M.nat()),
      tryOther: M.call(M.nat(), M.nat(), M.byteArray()).returns(M.nat()),
    }),
  },
  powers: ['directory'],
  methods: {
    public: {
      take({ state }, amount) {
        state.sum += doubled(amount)
        return state.sum
      },
      tryOther({ directory }: { directory: Directory }, id, method, parameters) {
        try {
          invoke(directory.actor(id), { method, parameters })
        } catch (error) {
          if (!(error instanceof CallError)) throw error
        }
        return 0n
      },
    },
  },
})
