/** @module What is said between the command and the thread of its chain. */
import type { MessagePort } from 'node:worker_threads'
import type { CacheDirectories } from '../cache-directories.ts'
import type { ErrorReport } from '../describe-error.ts'
import type { DevOptions } from './dev-options.ts'

/** What the thread is started with. */
export interface ChainSetup
  extends Pick<
    DevOptions,
    | 'accounts'
    | 'balance'
    | 'blockMs'
    | 'directory'
    | 'fork'
    | 'isFresh'
    | 'requireFidelity'
    | 'showsLogs'
    | 'wanted'
  > {
  readonly caches: CacheDirectories
  /** What `web3_clientVersion` says. */
  readonly clientVersion: string
  /** Where calls come from. */
  readonly port: MessagePort
}

/** What a chain is, once and for all: its store has this as its name. */
export interface ChainSettings {
  readonly chainId: bigint
  /** `native`, `fork`, or the name of a bundle. */
  readonly actors: string
  readonly network: 'local' | number
  /** Whose gas contracts and transactions have. */
  readonly gas: 'fvm' | 'ethereum'
}

/** An account, as people read it. */
export interface DevAccount {
  readonly ethereum: string
  /** f410, as text. */
  readonly delegated: string
  /** f1, as text. */
  readonly filecoin: string
  /** attoFIL of both together. */
  readonly balance: bigint
  /** 0x and 64 digits. */
  readonly privateKey: string
}

/** A chain that is there. */
export interface ChainReport {
  readonly settings: ChainSettings
  readonly accounts: readonly DevAccount[]
  readonly epoch: bigint
  /** State root, as text. */
  readonly root: string
}

/** From the thread. */
export type ThreadMessage =
  | { readonly type: 'ready'; readonly report: ChainReport }
  | { readonly type: 'failed'; readonly error: ErrorReport }
  /** What an actor logs. */
  | { readonly type: 'log'; readonly actor: bigint; readonly message: string }
  /** Something that no caller is to blame for. */
  | { readonly type: 'failure'; readonly method: string; readonly error: ErrorReport }

/** To the thread: it closes the chain, and ends. */
export type CommandMessage = { readonly type: 'close' }
