/** @module Two actors in hardened JavaScript: one asks the other at the end of the block, and keeps account of every answer. */
import { CODE_HEADER } from '@troupe/runtime-ses'

const encode = (script: string): Uint8Array => new TextEncoder().encode(CODE_HEADER + script)

/** Answers a number with its square. */
export const ANSWERER: Uint8Array = encode(`(function (require, exports) {
  const { defineActor, M } = require('@troupe/sdk-js');
  exports.default = defineActor('Answerer', {
    state: { answers: 0n },
    facets: { public: M.interface('Answerer', {
      answer: M.call(M.nat()).returns(M.nat()),
      answers: M.call().returns(M.nat()),
    }) },
    methods: { public: {
      answer({ state }, n) { state.answers += 1n; return n * n; },
      answers: ({ state }) => state.answers,
    } },
  });
})`)

/** Asks with consecutive numbers, keeps the futures, and collects them; notes how often each was answered, and whether wrongly. */
export const ASKER: Uint8Array = encode(`(function (require, exports) {
  const { defineActor, durable, E, FutureShape, M, when } = require('@troupe/sdk-js');
  exports.default = defineActor('Asker', {
    state: {
      asked: 0n,
      wrong: 0n,
      waiting: durable.map(M.nat(), FutureShape),
      answered: durable.map(M.nat(), M.nat()),
    },
    powers: ['directory'],
    facets: {
      public: M.interface('Asker', {
        ask: M.call(M.nat()).returns(),
        collect: M.call(M.nat()).returns(),
        report: M.call().returns(M.any()),
      }),
      later: M.interface('Later', { answered: M.call(M.any(), M.nat()).returns() }),
    },
    methods: {
      public: {
        ask({ state, directory }, answerer) {
          const n = state.asked;
          state.asked += 1n;
          state.waiting.set(n, E(directory.actor(answerer)).answer(n));
        },
        collect({ state }, n) {
          const future = state.waiting.get(n);
          if (future === undefined) return;
          when(future, 'answered', n);
          state.waiting.delete(n);
        },
        report: ({ state }) => [state.asked, state.wrong, [...state.waiting.keys()], [...state.answered.entries()]],
      },
      later: {
        answered({ state }, { ok, value }, n) {
          if (!ok || value !== n * n) state.wrong += 1n;
          state.answered.set(n, (state.answered.get(n) ?? 0n) + 1n);
        },
      },
    },
  });
})`)
