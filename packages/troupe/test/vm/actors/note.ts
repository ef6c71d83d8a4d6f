import { type Directory, defineActor, durable, type Facets, M } from '@troupe/sdk-js'

const marks = durable.set<string>(M.string())

/** The first form of an actor that is upgraded. */
export default defineActor('Note', {
  state: { text: '', marks },
  powers: ['directory'],
  facets: {
    public: M.interface('Note', { read: M.call().returns(M.string()) }),
    admin: M.interface('Admin', { mark: M.call(M.string()).returns() }),
  },
  init({ state, facets, directory }: Setup, owner: ArrayBuffer, text: string) {
    state.text = text
    facets.grant('admin', directory.resolve(owner))
  },
  methods: {
    public: { read: ({ state }) => state.text },
    admin: { mark: ({ state }, mark) => state.marks.add(mark) },
  },
})

interface Setup {
  readonly state: { text: string }
  readonly facets: Facets
  readonly directory: Directory
}
