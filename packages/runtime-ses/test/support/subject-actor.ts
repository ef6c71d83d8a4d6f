import {
  bytes,
  CallError,
  defineActor,
  fail,
  HostRefusal,
  invoke,
  M,
  type Passable,
  type RawResult,
  toUint8Array,
} from '@troupe/sdk-js'

const CBOR = 0x51
const RELAY_FAILURE = 40
const number = M.call(M.nat()).returns()
const question = M.call().returns(M.nat())

const facet = M.interface('Subject', {
  echo: M.call(M.byteArray()).returns(M.byteArray()),
  put: number,
  get: question,
  fail: M.call(M.nat(), M.nat()).returns(),
  spin: M.call().returns(),
  announce: number,
  balance: question,
  caller: question,
  relay: M.call(M.nat(), M.nat(), M.nat(), M.byteArray(), M.nat(), M.nat(), M.boolean(), M.boolean()).returns(
    M.any(),
  ),
  destroy: M.call().returns(),
})

/** The subject of `runtimeCases`, in hardened JavaScript. */
export default defineActor('Subject', {
  state: { n: 0n },
  facets: { public: facet },
  powers: ['directory', 'events', 'funds', 'lifecycle'],
  payable: [
    'public.echo',
    'public.put',
    'public.get',
    'public.fail',
    'public.announce',
    'public.balance',
    'public.relay',
  ],
  reentrant: true,
  init: () => {},
  initGuard: M.call().returns(),
  methods: {
    public: {
      echo: (_, data) => data,
      put({ state }, n) {
        state.n = n
      },
      get: ({ state }) => state.n,
      fail({ state, events }, n, exitCode) {
        state.n = n
        events.emit('announced', { n })
        fail(Number(exitCode), 'as it was told')
      },
      spin() {
        for (;;);
      },
      announce: ({ events }, n) => events.emit('announced', { n }),
      balance: ({ funds }) => funds.balance(),
      caller: ({ caller, directory }) => directory.id(caller),
      relay({ state, directory, funds }, n, to, method, params, value, gasLimit, readOnly, fails) {
        state.n = n
        const seen = attempt(() =>
          invoke(directory.actor(to), {
            ...{ method, gasLimit, readOnly, codec: CBOR, value: funds.pay(value) },
            ...(params.byteLength === 0 ? {} : { parameters: params }),
          }),
        )
        if (fails) fail(RELAY_FAILURE, 'as it was told')
        return [...seen, state.n]
      },
      destroy: ({ lifecycle }) => lifecycle.destroy(true),
    },
  },
})

/** Exit code, error number and what came back. */
function attempt(send: () => RawResult | undefined): Passable[] {
  try {
    return [0n, 0n, dataOf(send())]
  } catch (error) {
    if (error instanceof CallError) return [BigInt(error.calleeExitCode), 0n, dataOf(error.returned)]
    if (error instanceof HostRefusal) return [0n, BigInt(error.errorNumber), dataOf(undefined)]
    throw error
  }
}

function dataOf(returned: RawResult | undefined): ArrayBuffer {
  return bytes(returned === undefined ? new Uint8Array() : toUint8Array(returned.data))
}
