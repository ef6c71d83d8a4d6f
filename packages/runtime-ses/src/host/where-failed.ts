import type { RuleSet } from '@troupe/hypervisor'
import type { JsEngine } from '../engine/js-engine.ts'
import { freeMeter } from '../image/boot.ts'
import type { Image } from '../image/image.ts'
import { readPlaces, type ToldPlace } from './code-frames.ts'

/** Milligas in which an engine has to say where it failed: a hundredth of a second. Nobody pays for them. */
const TELLING_LIMIT = 100_000_000_000n
/** Bytes of the engine's stack that it may use for that, more than code that has used up its own. */
const TELLING_STACK = 512 * 1024

/**
 * Asks an engine whose invocation has failed where in its code that was. All is charged and recorded by then, and whatever the engine is afterwards is given to nobody: so asking changes nothing of what the
 * network agrees on. The engine runs on an account of its own, and no code of the actor does.
 *
 * @returns nothing where the engine cannot say it any more, because it is out of memory, say, or was interrupted where its heap is not whole
 */
export function whereFailed(engine: JsEngine, { roots }: Pick<Image, 'roots'>, rules: RuleSet): ToldPlace[] {
  const { instance } = engine
  instance.end()
  instance.begin(freeMeter(rules, TELLING_LIMIT))
  try {
    return instance.run(() => {
      engine.call('qjs_set_max_stack_size', TELLING_STACK)
      return readPlaces(engine.text(engine.apply(roots.where, [])))
    })
  } catch {
    // Whatever it is, be it a failure of the host: the invocation has ended as it has.
    return []
  }
}
