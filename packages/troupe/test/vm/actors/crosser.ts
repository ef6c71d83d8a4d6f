import {
  CallError,
  type CallOptions,
  ContractRevert,
  call,
  callContract,
  type Directory,
  defineActor,
  type Funds,
  fail,
  invoke,
  M,
  type Passable,
} from '@troupe/sdk-js'

const facet = M.interface('Crosser', {
  add: M.call(M.nat()).returns(M.nat()),
  count: M.call().returns(M.nat()),
  forward: M.call(M.record()).returns(M.any()),
  forwardAndFail: M.call(M.record()).returns(),
  tryForward: M.call(M.nat(), M.record()).returns(M.any()),
  contract: M.call(M.nat(), M.byteArray(), M.nat()).returns(M.any()),
  invokeEVM: M.call(M.byteArray()).returns(M.byteArray()),
  spin: M.call().returns(),
})

/** A call of an actor in whatever language. */
interface Crossing {
  readonly id: bigint
  readonly method: bigint
  readonly params: ArrayBuffer
  readonly value?: bigint
  readonly gasLimit?: bigint
  readonly readOnly?: boolean
}

interface Means {
  readonly state: { count: bigint }
  readonly directory: Directory
  readonly funds: Funds
}

/** Calls, counts one, and says how that ended, and what count there was afterwards. */
function forward({ state, directory, funds }: Means, crossing: Crossing): Passable {
  state.count += 1n
  const { id, method, params: parameters, value, gasLimit, readOnly } = crossing
  const options: CallOptions = {
    ...(value === undefined ? {} : { value: funds.pay(value) }),
    ...(gasLimit === undefined ? {} : { gasLimit }),
    ...(readOnly === undefined ? {} : { readOnly }),
  }
  try {
    const returned = invoke(directory.actor(id), { ...options, method, parameters })
    return [0n, returned?.data ?? null, state.count]
  } catch (error) {
    if (!(error instanceof CallError)) throw error
    return [BigInt(error.calleeExitCode), null, state.count]
  }
}

const make = (reentrant: boolean): ReturnType<typeof defineActor> =>
  defineActor('Crosser', {
    state: { count: 0n },
    powers: ['directory', 'events', 'funds'],
    reentrant,
    facets: { public: facet },
    payable: ['public.add', 'public.forward', 'public.forwardAndFail', 'public.tryForward'],
    methods: {
      public: {
        add({ state, events }, n) {
          state.count += n
          events.emit('crossed', { count: state.count })
          return state.count
        },
        count: ({ state }) => state.count,
        forward: (means, crossing) => forward(means, crossing as unknown as Crossing) as never,
        forwardAndFail(means, crossing) {
          forward(means, crossing as unknown as Crossing)
          fail(40, 'taken back')
        },
        tryForward({ state, directory }, id, crossing) {
          state.count += 10n
          try {
            call(directory.actor(id))['forwardAndFail']?.(crossing)
            return 'nothing' as never
          } catch (error) {
            return BigInt((error as CallError).calleeExitCode) as never
          }
        },
        contract({ directory, funds }, id, calldata, value) {
          try {
            return callContract(
              directory.actor(id),
              calldata,
              value === 0n ? {} : { value: funds.pay(value) },
            ) as never
          } catch (error) {
            if (!(error instanceof ContractRevert)) throw error
            return ['reverted', error.data] as never
          }
        },
        invokeEVM({ state }, calldata) {
          state.count += 1000n
          return calldata
        },
        spin() {
          for (;;);
        },
      },
    },
  })

export { make }
export default make(false)
