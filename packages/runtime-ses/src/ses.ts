import type { Runtime } from '@troupe/hypervisor'

/** What {@link ses} can be told: what can be cloned. */
export interface SesOptions {
  /**
   * Directory where images and the transformed engine are kept from one process to the next; `false` for none. Default: `images` in the cache that the user has of this program, which is below
   * `$TROUPE_HOME` where that is set.
   */
  readonly cache?: string | false
  /**
   * CID of the image that a network agrees on, where it is not that of this release: no other will do. Default: that of the release; where its sources are run, whatever they give.
   */
  readonly image?: string
  /**
   * `v8` runs actors in the V8 of this process, with a debugger and coverage: fast to look into, and `simulated`, because it counts no gas and is not the same everywhere. Other nodes would come to other states.
   * Default: `quickjs`, the engine in Wasm.
   */
  readonly engine?: 'quickjs' | 'v8'
  /** Files of code that V8 calls by their URLs, with the source maps beside them, so that a debugger shows sources, and coverage counts them. Others are called by their CIDs. Default: none. */
  readonly files?: readonly string[]
  /** Milliseconds that code may run in V8 without a break, unless a debugger is attached; then the work fails with `ses/timeout`. Default: 10,000. */
  readonly timeoutMs?: number
}

/**
 * The runtime for hardened JavaScript with the SDK of `@troupe/sdk-js`, named by where its code is: for a chain that lives in a worker, to which no runtime can be handed. In Node.
 *
 * Its image is pinned: all who run the same release begin with the same heap.
 */
export function ses(options: SesOptions = {}): { readonly module: string; readonly options: SesOptions } {
  return { module: THIS_MODULE, options }
}

/** Every host has it; its type is among those of the hosts, of which this room has none. */
const THIS_MODULE: string = (import.meta as unknown as { readonly url: string }).url

/** What the descriptor's module is asked for. */
export async function create(options: SesOptions): Promise<Runtime> {
  // Here and not above: what else this package has is also for hosts without files.
  const { createNodeRuntime, createV8Runtime } = await import('./node/create-node-runtime.ts')
  return options.engine === 'v8' ? createV8Runtime(options) : createNodeRuntime(options)
}
