import {
  type CodeRefusal,
  type Kernel,
  type Program,
  ProtocolFatal,
  type RuleSet,
  type Runtime,
} from '@troupe/hypervisor'
import type { Cid } from '@troupe/ipld'

/**
 * What a scripted actor does when it is called: gets the kernel and the handle of its parameters, gives the handle of what it returns. Upgrades get
 * a third handle, of what they are told of the code before.
 */
export type Script = (kernel: Kernel, parameters: number, info: number) => number

const PREFIX = 'script:'

/**
 * A runtime whose actors are functions of the test. The code block of an actor is the text `script:` and the name of its script, so that the
 * core is tested without any machine code. What the actor does as its upgrade is the script `<name>.upgrade`; names that begin with `locked` are of actors
 * that are not to be called while they are being called.
 */
export class ScriptedRuntime implements Runtime {
  readonly name = 'scripted'
  readonly #scripts: Readonly<Record<string, Script>>

  constructor(scripts: Readonly<Record<string, Script>>) {
    this.#scripts = scripts
  }

  /** The code block of a script. */
  static code(name: string): Uint8Array {
    return new TextEncoder().encode(PREFIX + name)
  }

  load(_codeCid: Cid, code: () => Uint8Array, _rules: RuleSet): Program | undefined {
    const text = new TextDecoder().decode(code())
    if (!text.startsWith(PREFIX)) return undefined
    const name = text.slice(PREFIX.length)
    const script = this.#scripts[name]
    if (script === undefined) throw new ProtocolFatal(`there is no script for ${text}`)
    const upgrade = this.#scripts[`${name}.upgrade`]
    return {
      fidelity: { level: 'simulated', reason: 'scripted actor' },
      isReentrant: !name.startsWith('locked'),
      invoke: (kernel, parameters) => script(kernel, parameters, 0),
      ...(upgrade === undefined ? {} : { upgrade }),
    }
  }

  /** Takes every code that has a script. */
  validate(_codeCid: Cid, code: Uint8Array, _rules: RuleSet): 'accepted' | CodeRefusal | undefined {
    const text = new TextDecoder().decode(code)
    if (!text.startsWith(PREFIX)) return undefined
    if (this.#scripts[text.slice(PREFIX.length)] !== undefined) return 'accepted'
    return { code: 'scripted/unknown', reason: 'there is no such script', offset: PREFIX.length }
  }
}
