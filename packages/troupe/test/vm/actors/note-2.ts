import { defineActor, durable, M } from '@troupe/sdk-js'

const marks = durable.set<string>(M.string())

/** The second: it knows how long its text is, and says what is marked. */
export default defineActor('Note', {
  version: 2,
  state: { text: '', length: 0n, marks },
  facets: {
    public: M.interface('Note', {
      read: M.call().returns(M.string()),
      has: M.call(M.string()).returns(M.boolean()),
    }),
    admin: M.interface('Admin', {}),
  },
  methods: {
    public: {
      read: ({ state }) => `${state.text} (${state.length})`,
      has: ({ state }, mark) => state.marks.has(mark),
    },
    admin: {},
  },
  migrate: {
    1: ({ text = '' }) => ({ text, length: BigInt(String(text).length) }),
  },
})
