import type { CryptoProvider } from '@troupe/crypto'
import type { Compilation, CompiledContract } from './compile.ts'
import {
  accountAddress,
  type ContractNetwork,
  type ContractResult,
  type ContractSession,
} from './contract-network.ts'
import type { ExpectedCall, ExpectedEvent } from './expected-calls.ts'
import type { SemanticTest } from './test-file.ts'
import { concatBytes, fromHex, word } from './words.ts'

/** A call that did not give what it should. */
export class Mismatch extends Error {}

/** Plays the calls of a test. @throws {Mismatch} at the first that gives something else */
export function runTest(
  test: SemanticTest,
  compilation: Compilation,
  network: ContractNetwork,
  crypto: CryptoProvider,
): void {
  const player = new Player(compilation, network.open(), crypto)
  for (const call of test.calls) player.play(call)
}

class Player {
  readonly #compilation: Compilation
  readonly #session: ContractSession
  readonly #crypto: CryptoProvider
  readonly #libraries = new Map<string, string>()
  readonly #topics: ReadonlyMap<string, string>
  #address: string | undefined
  /** Of the last message: what is asked without one still sees them. */
  #events: ContractResult['events'] = []

  constructor(compilation: Compilation, session: ContractSession, crypto: CryptoProvider) {
    this.#compilation = compilation
    this.#session = session
    this.#crypto = crypto
    this.#topics = new Map(compilation.events.map((signature) => [this.#hash(signature), signature]))
  }

  play(call: ExpectedCall): void {
    if (call.kind === 'library') {
      this.#deployLibrary(call.signature)
      return
    }
    if (call.kind === 'constructor') {
      const result = this.#deploy(this.#compilation.tested, call.input, call.value)
      this.#address = result.address ?? ''
      this.#compare(call, { ...result, output: call.output })
      return
    }
    if (this.#address === undefined) {
      const { address, exitCode, message } = this.#deploy(this.#compilation.tested, new Uint8Array(), 0n)
      if (address === undefined)
        throw new Mismatch(`deployment ends with exit code ${exitCode}: ${message ?? ''}`)
      this.#address = address
    }
    this.#compare(call, call.kind === 'builtin' ? this.#builtin(call) : this.#call(call))
  }

  #call({ kind, signature, input, value }: ExpectedCall): ContractResult {
    const selector = kind === 'low-level' ? new Uint8Array() : fromHex(this.#selector(signature))
    return this.#session.call(this.#address ?? '', concatBytes([selector, input]), value)
  }

  /** Where the compiler knows of no such function, the test wants to call it nonetheless. */
  #selector(signature: string): string {
    return this.#compilation.tested.selectors.get(signature) ?? this.#hash(signature).slice(0, 8)
  }

  #builtin({ signature, argument }: ExpectedCall): ContractResult {
    const result = (value: bigint): ContractResult => ({
      exitCode: 0,
      output: word(value),
      events: this.#events,
      message: undefined,
    })
    switch (signature) {
      case 'balance': {
        return result(this.#session.balance(addressOf(argument) ?? this.#address ?? ''))
      }
      case 'storageEmpty':
        return result(this.#session.hasNoStorage(this.#address ?? '') ? 1n : 0n)
      case 'account': {
        const index = Number(argument)
        this.#session.use(index)
        return result(BigInt(`0x${accountAddress(index)}`))
      }
      default:
        throw new Mismatch(`there is no ${signature} but in the runner of the tests itself`)
    }
  }

  #deployLibrary(name: string): void {
    const found = [...this.#compilation.contracts].find(
      ([full]) => full === name || full.slice(full.lastIndexOf(':') + 1) === name.replace(/^:/, ''),
    )
    if (found === undefined) throw new Mismatch(`there is no library ${name}`)
    const { address, exitCode } = this.#deploy(found[1], new Uint8Array(), 0n)
    if (address === undefined) throw new Mismatch(`the library ${name} ends with exit code ${exitCode}`)
    this.#libraries.set(found[0], address)
  }

  #deploy(
    contract: CompiledContract,
    args: Uint8Array,
    value: bigint,
  ): ReturnType<ContractSession['deploy']> {
    let code = contract.initcode
    for (const [name, places] of contract.libraries) {
      const address = this.#libraries.get(name)
      if (address === undefined) throw new Mismatch(`the library ${name} is not deployed`)
      for (const start of places) code = code.slice(0, 2 * start) + address + code.slice(2 * start + 40)
    }
    return this.#session.deploy(concatBytes([fromHex(code), args]), value)
  }

  #compare(call: ExpectedCall, result: ContractResult): void {
    const failed = result.exitCode !== 0
    const output = result.output.toHex()
    const expected = call.output.toHex()
    if (failed !== call.fails || output !== expected)
      throw new Mismatch(
        `${call.signature}: ${failed ? `exit code ${result.exitCode}` : 'success'} ${output}, expected ${call.fails ? 'failure' : 'success'} ${expected}${result.message === undefined ? '' : ` (${result.message})`}`,
      )
    this.#events = result.events
    const events = result.events.map((event) => this.#describe(event))
    const wanted = call.events.map((event) => this.#describeExpected(event))
    if (events.join('\n') !== wanted.join('\n'))
      throw new Mismatch(`${call.signature}: events ${events.join('; ')}, expected ${wanted.join('; ')}`)
  }

  #describe({ emitter, entries }: ContractResult['events'][number]): string {
    const topics = entries.filter(({ key }) => key !== 'd').map(({ value }) => value.toHex())
    const data = entries.find(({ key }) => key === 'd')?.value ?? new Uint8Array()
    const isKnown = topics[0] !== undefined && this.#topics.has(topics[0])
    return JSON.stringify([this.#session.addressOf(emitter), isKnown, topics, data.toHex()])
  }

  #describeExpected({ emitter, signature, topics, data }: ExpectedEvent): string {
    const all = [
      ...(signature === undefined ? [] : [this.#hash(signature)]),
      ...topics.map((topic) => topic.toHex()),
    ]
    return JSON.stringify([emitter ?? this.#address, signature !== undefined, all, data.toHex()])
  }

  #hash(signature: string): string {
    return this.#crypto.keccak256(new TextEncoder().encode(signature)).toHex()
  }
}

/** An address that is written in fewer than 20 bytes is read as zero, as the tests' own runner reads it. */
function addressOf(argument: string | undefined): string | undefined {
  if (argument?.startsWith('0x') !== true) return undefined
  const digits = argument.slice(2)
  return digits.length === 40 ? digits : '0'.repeat(40)
}
