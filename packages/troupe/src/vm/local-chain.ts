import type { Troupe } from './troupe.ts'

/**
 * What a local chain offers wherever its machine lives. {@link Troupe} has it in this thread, with all that is behind it; `ThreadedTroupe` has it in a worker.
 */
export type LocalChain = AsyncDisposable &
  Pick<
    Troupe,
    | 'crypto'
    | 'accounts'
    | 'time'
    | 'root'
    | 'head'
    | 'actor'
    | 'install'
    | 'addSourceMap'
    | 'deploy'
    | 'contract'
    | 'deployContract'
    | 'send'
    | 'trySend'
    | 'submit'
    | 'submitTransaction'
    | 'transaction'
    | 'block'
    | 'waitFor'
    | 'view'
    | 'tryView'
    | 'estimateGas'
    | 'mine'
    | 'checkout'
    | 'edit'
    | 'getActor'
    | 'balanceOf'
    | 'resolve'
    | 'diff'
    | 'events'
    | 'exportCar'
    | 'exportWitness'
    | 'format'
    | 'close'
  > & {
    /** Another chain that begins as this one is, or was; see {@link Troupe.fork}. */
    fork(from?: Parameters<Troupe['fork']>[0]): Promise<LocalChain>
  }
