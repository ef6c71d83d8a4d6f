/** @module The actor that has a file of tests in it, which is bundled with it: each runs in a message of its own, on the heap that the code left. */
import { defineActor, M } from '@troupe/sdk-js'
import { vatState } from '@troupe/sdk-js/vat-data'
import { runTests, skippedTests, type Told, testTitles } from '../ava/ava.ts'

export default defineActor('Tests', {
  state: { vat: vatState },
  facets: {
    public: M.interface('Tests', {
      list: M.call().returns(M.string()),
      run: M.callWhen(M.nat()).returns(M.string()),
    }),
  },
  methods: {
    public: {
      /** The titles of the tests, and of those that are skipped, as JSON. */
      list: () => JSON.stringify([testTitles(), skippedTests()]),
      /** Runs the test at a place in the list: what it told, as JSON. */
      async run(_, place) {
        const told: Told[] = []
        await runTests((one) => void told.push(one), [Number(place)])
        return JSON.stringify(told)
      },
    },
  },
})
