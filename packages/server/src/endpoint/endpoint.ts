import type { ChainStore } from '@troupe/ipld/store'
import type { Rpc, RpcSession } from '@troupe/rpc'
import type { Troupe } from 'troupe'

/** What became of a call: the text of its response, and what it is an error of. */
export interface Answer {
  /** A response of JSON-RPC. */
  readonly text: string
  /** The number of its error; 0 where it has a result. */
  readonly code: number
}

/** A caller with filters and subscriptions of its own. */
export interface EndpointSession {
  /** Frees what it holds. */
  close(): void
}

/** What is told about a chain to whoever watches over it. */
export interface ChainReading {
  readonly epoch: bigint
  /** Seconds since 1970, of the last block. */
  readonly timestamp: bigint
  /** attoFIL for one gas, in the next block. */
  readonly baseFee: bigint
  /** Messages that wait for a block. */
  readonly pending: number
  /** Blocks of IPLD in the store, and their bytes. */
  readonly store: { readonly blocks: number; readonly blockBytes: number }
}

/** Where calls are answered: in this thread ({@link localEndpoint}) or in another one (`remoteEndpoint`). */
export interface Endpoint {
  /** What there is to be called, and what it does to the chain. */
  readonly methods: ReadonlyMap<string, { readonly access: 'read' | 'submit' | 'control' }>
  /**
   * Answers one call; `undefined` for a notification. Rejects only where there is nobody any more to answer.
   * @param call anything that JSON can say
   * @param session default: one that all callers without a session share
   * @param client who it is of those that share it, each of whom has a share of the filters
   */
  answer(call: unknown, session?: EndpointSession, client?: string): Promise<Answer | undefined>
  /** A caller of its own. @param notify takes what is sent without being asked for */
  openSession(notify: (text: string) => void): EndpointSession
  /** Asks the chain itself, so that it tells too whether that answers. */
  read(): Promise<ChainReading>
}

/** A chain, the store that it was made with, and how it is asked. */
export interface LocalChainParts {
  readonly rpc: Rpc
  readonly vm: Troupe
  readonly store: Pick<ChainStore, 'statistics'>
}

/** Answers calls in this thread. */
export function localEndpoint({ rpc, store, vm }: LocalChainParts): Endpoint {
  return {
    methods: rpc.methods,
    answer: async (call, session, client) => {
      // A batch is taken apart before, so that a list in one is no call.
      const request = Array.isArray(call) ? null : call
      const response = await rpc.handle(request, session as RpcSession | undefined, client)
      if (response === undefined) return undefined
      const code = 'error' in response ? response.error.code : 0
      return { text: JSON.stringify(response), code }
    },
    openSession: (notify) => rpc.openSession({ notify: (message) => notify(JSON.stringify(message)) }),
    read: async () => {
      const { baseFee, epoch, timestamp } = vm.head
      const { blockBytes, blocks } = store.statistics()
      return { epoch, timestamp, baseFee, pending: vm.pool.size, store: { blocks, blockBytes } }
    },
  }
}
