import { url as inspectorUrl } from 'node:inspector'
import { Script } from 'node:vm'
import type { CryptoProvider } from '@troupe/crypto'
import {
  type CodeRefusal,
  type Fidelity,
  type Program,
  ProtocolFatal,
  type RuleSet,
  type Runtime,
} from '@troupe/hypervisor'
import { type Cid, cidKey, RAW } from '@troupe/ipld'
import { isHardenedCode, isText } from '../code-form.ts'
import { checkPart, type EngineParts, LOCKDOWN_SHA256 } from '../engine/parts.ts'
import { SesError } from '../errors.ts'
import { hostRows } from '../host/parameter-forms.ts'
import { type Preparation, parsePreparation, reasonOf } from '../preparation.ts'
import { ScratchMemories } from './scratch.ts'
import { V8Host } from './v8-host.ts'
import { V8_FIDELITY, type V8Parts, V8Program } from './v8-program.ts'
import { compileRealm, type RealmScripts, V8Realm } from './v8-realm.ts'

/** A file that has a code. */
export interface CodeFile {
  readonly url: string
  /** URL of its source map, if there is one. */
  readonly map: string | undefined
}

/** What the runtime is made of. */
export interface V8RuntimeOptions {
  readonly parts: Pick<EngineParts, 'lockdown' | 'sdk'>
  readonly crypto: Pick<CryptoProvider, 'sha256'>
  /** Milliseconds that code may run without a break. */
  readonly timeoutMs: number
  /** By the code in them. Default: none is known. */
  readonly files?: ReadonlyMap<string, CodeFile>
}

/** What is known of a code under one rule set. */
interface PreparedV8Code {
  readonly preparation: Preparation
  readonly program: V8Program | undefined
}

/**
 * Runs actors in hardened JavaScript in V8, for debuggers and coverage, and beside the engine in Wasm for comparison. Results are `simulated`: V8 counts no gas, and differs from one version to the next.
 *
 * `ses` is locked down in contexts of its own, never in the realm of the host.
 */
export class V8Runtime implements Runtime {
  readonly name = 'ses'
  readonly fidelity: Fidelity = V8_FIDELITY
  readonly #options: V8RuntimeOptions
  readonly #networks = new WeakMap<
    RuleSet,
    { readonly parts: V8Parts; readonly codes: Map<string, PreparedV8Code> }
  >()
  #scripts: RealmScripts | undefined

  constructor(options: V8RuntimeOptions) {
    this.#options = options
  }

  load(codeCid: Cid, code: () => Uint8Array, rules: RuleSet): Program | undefined {
    if (codeCid.code !== RAW) return undefined
    const known = this.#networks.get(rules)?.codes.get(cidKey(codeCid))
    if (known?.program !== undefined) return known.program
    const bytes = code()
    if (!isHardenedCode(bytes)) return undefined
    const { preparation, program } = this.#prepare(codeCid, bytes, rules)
    if (program === undefined)
      throw new ProtocolFatal(
        `failed to load a hardened actor: ${preparation.isAccepted ? '' : reasonOf(preparation)}`,
      )
    return program
  }

  validate(codeCid: Cid, code: Uint8Array, rules: RuleSet): 'accepted' | CodeRefusal | undefined {
    if (rules.userActors === undefined || !isHardenedCode(code)) return undefined
    const { preparation } = this.#prepare(codeCid, code, rules)
    if (preparation.isAccepted) return 'accepted'
    return { code: preparation.code, reason: reasonOf(preparation), offset: undefined }
  }

  #prepare(codeCid: Cid, code: Uint8Array, rules: RuleSet): PreparedV8Code {
    const { codes, parts } = this.#networkOf(rules)
    const key = cidKey(codeCid)
    const known = codes.get(key)
    if (known !== undefined) return known
    const made = isText(code)
      ? this.#evaluate(new TextDecoder().decode(code), `troupe:${codeCid}.js`, parts)
      : {
          preparation: {
            isAccepted: false,
            code: 'actor/not-text',
            reason: 'the code is not UTF-8, or has a zero',
          } as const,
          program: undefined,
        }
    codes.set(key, made)
    return made
  }

  #evaluate(script: string, cidName: string, parts: V8Parts): PreparedV8Code {
    const file = this.#options.files?.get(script)
    const name = file?.url ?? cidName
    const map = file?.map === undefined ? '' : `\n//# sourceMappingURL=${file.map}`
    // What a debugger shows it as.
    const source = `${script}\n//# sourceURL=${name}${map}`
    const host = new V8Host(parts.memories.create(), parts.rows)
    const place = placeOfSyntaxError(script)
    const realm = new V8Realm(parts.scripts, host, parts.limits(), () => place)
    const preparation = parsePreparation(realm.prepare(source))
    if (!preparation.isAccepted) return { preparation, program: undefined }
    return { preparation, program: new V8Program(parts, preparation.isReentrant, source, name) }
  }

  #networkOf(rules: RuleSet): { readonly parts: V8Parts; readonly codes: Map<string, PreparedV8Code> } {
    const known = this.#networks.get(rules)
    if (known !== undefined) return known
    if (rules.generation !== 4)
      throw new SesError(
        'ses/unsupported-rules',
        `hardened actors speak the syscalls of generation 4, and ${rules.name} has those of generation ${rules.generation}`,
      )
    const limits = () => ({ timeoutMs: inspectorUrl() === undefined ? this.#options.timeoutMs : undefined })
    const parts = {
      scripts: this.#compiled(),
      memories: new ScratchMemories(rules),
      rows: hostRows(rules),
      limits,
    }
    const made = { parts, codes: new Map<string, PreparedV8Code>() }
    this.#networks.set(rules, made)
    return made
  }

  #compiled(): RealmScripts {
    const { crypto, parts } = this.#options
    this.#scripts ??= compileRealm({
      lockdown: new TextDecoder().decode(
        checkPart(crypto, 'ses.umd.min.js', parts.lockdown(), LOCKDOWN_SHA256),
      ),
      sdk: parts.sdk(),
    })
    return this.#scripts
  }
}

/** Where a script has a syntax error, as the line of a stack that the SDK reads; `undefined` where it has none. */
function placeOfSyntaxError(script: string): string | undefined {
  try {
    new Script(script, { filename: 'actor.js' })
    return undefined
  } catch (error) {
    // The first lines are the place, the line of source, and a mark below the column.
    const [place = '', , mark = ''] = String((error as Error).stack).split('\n')
    const line = /actor\.js:(\d+)/.exec(place)?.[1]
    return line === undefined ? undefined : `at actor.js:${line}:${mark.search(/\^/) + 1}`
  }
}
