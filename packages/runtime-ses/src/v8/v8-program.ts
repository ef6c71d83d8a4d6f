import { Abort, type CodeFrame, ExitCode, type Fidelity, type Kernel, type Program } from '@troupe/hypervisor'
import { SesError } from '../errors.ts'
import { framesOf, readPlaces } from '../host/code-frames.ts'
import type { HostRow } from '../host/parameter-forms.ts'
import type { ScratchMemories } from './scratch.ts'
import { V8Host } from './v8-host.ts'
import { type RealmLimits, type RealmScripts, V8Realm } from './v8-realm.ts'

/** Of whatever runs in V8. */
export const V8_FIDELITY: Fidelity = {
  level: 'simulated',
  reason: 'hardened JavaScript ran in V8, which counts no gas and does not do the same everywhere',
}

/** What the programs of one rule set share. */
export interface V8Parts {
  readonly scripts: RealmScripts
  readonly memories: ScratchMemories
  readonly rows: readonly (HostRow | undefined)[]
  readonly limits: () => RealmLimits
}

/** An actor whose code is hardened JavaScript, in V8: each invocation has a realm of its own, so that nothing of another is left there. Gas is charged for syscalls alone. */
export class V8Program implements Program {
  readonly fidelity: Fidelity = V8_FIDELITY
  readonly isReentrant: boolean
  readonly #parts: V8Parts
  readonly #source: string
  readonly #name: string

  /** @param name what V8 has the source as */
  constructor(parts: V8Parts, isReentrant: boolean, source: string, name: string) {
    this.#parts = parts
    this.isReentrant = isReentrant
    this.#source = source
    this.#name = name
  }

  invoke(kernel: Kernel, parameters: number): number {
    return this.#run(kernel, (realm) => realm.call('begin', kernel.context.method, parameters))
  }

  upgrade(kernel: Kernel, parameters: number, info: number): number {
    return this.#run(kernel, (realm) => realm.call('beginUpgrade', parameters, info))
  }

  #run(kernel: Kernel, begin: (realm: V8Realm) => void): number {
    const { limits, memories, rows, scripts } = this.#parts
    const scratch = memories.create()
    const host = new V8Host(scratch, rows)
    const realm = new V8Realm(scripts, host, limits())
    realm.prepare(this.#source)
    scratch.instance.begin(kernel, kernel)
    try {
      return scratch.instance.run(() => {
        try {
          begin(realm)
          host.expectGoing()
          const rejections = realm.takeRejections()
          const handle = realm.call('conclude', rejections.length, rejections[0])
          host.expectGoing()
          return handle as number
        } catch (error) {
          host.expectGoing()
          if (error instanceof SesError) throw error
          // Of the context's own realm: the engine is at its end.
          throw new Abort(ExitCode.USR_ASSERTION_FAILED, String((error as Error | undefined)?.message))
        }
      })
    } catch (error) {
      if (kernel.trace !== undefined && !(error instanceof SesError))
        kernel.failedAt = this.#whereFailed(realm)
      throw error
    } finally {
      // Where it has failed, too: they would end the process.
      realm.takeRejections()
      scratch.instance.end()
    }
  }

  /** Where in its code an invocation has failed; nothing where the realm cannot say it any more. It has no host by then. */
  #whereFailed(realm: V8Realm): CodeFrame[] {
    try {
      return framesOf(this.#name, this.#source, readPlaces(realm.call('where') as string))
    } catch {
      // Whatever it is: the invocation has ended as it has.
      return []
    }
  }
}
