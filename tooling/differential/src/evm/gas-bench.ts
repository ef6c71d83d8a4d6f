import { createReturnCodec, EamMethod } from '@troupe/actors'
import type { CryptoProvider } from '@troupe/crypto'
import { type Address, ETHEREUM_ADDRESS_MANAGER_ACTOR_ID, idAddress } from '@troupe/hypervisor'
import { CborWriter, decodeValue } from '@troupe/ipld'
import { evmRuntime } from '@troupe/runtime-evm'
import type { Invocation } from '../charges.ts'
import type { OfficialActors } from '../official-actors.ts'
import { createSides } from '../run-differential.ts'
import type { Side } from '../side.ts'
import { distantWorld } from '../world.ts'

/** `InvokeEVM`. */
const INVOKE_CONTRACT = 3_844_450_837n

const GAS_LIMIT = 10_000_000_000n
const SENDER = idAddress(100n)

/** What an invocation of a contract's code cost. */
export interface Measured {
  readonly exitCode: number
  /** Of the code and the actor around it, without what syscalls cost: milligas. */
  readonly execution: number
  /** All of it. */
  readonly gasUsed: bigint
}

/** A machine on which code of contracts is measured: the official actor's, or ours. */
export class GasBench {
  readonly #side: Side
  #sequence = 0n

  constructor(crypto: CryptoProvider, official: OfficialActors, which: 'native' | 'official') {
    const sides = createSides(
      { crypto, official, actors: [], runtimes: [evmRuntime()], relays: [] },
      distantWorld(crypto),
    )
    this.#side = sides[which]
  }

  /** Makes a contract. */
  deploy(initcode: Uint8Array): { readonly address: Address; readonly measured: Measured } {
    const to = idAddress(ETHEREUM_ADDRESS_MANAGER_ACTOR_ID)
    const { result, measured } = this.#play(to, BigInt(EamMethod.CREATE_EXTERNAL), byteString(initcode), 1n)
    if (measured.exitCode !== 0) throw new Error(`a contract was not made: exit code ${measured.exitCode}`)
    return { address: idAddress(decodeValue(createReturnCodec, result.receipt.returnData).actorId), measured }
  }

  /** Calls a contract. */
  call(to: Address, input: Uint8Array = new Uint8Array()): Measured {
    const params = input.length === 0 ? input : byteString(input)
    return this.#play(to, INVOKE_CONTRACT, params, INVOKE_CONTRACT).measured
  }

  #play(to: Address, method: bigint, params: Uint8Array, measuredMethod: bigint) {
    this.#sequence++
    const message = { label: '', from: SENDER, to, method, value: 0n, gasLimit: GAS_LIMIT }
    const { result, charges } = this.#side.play({ ...message, params: () => params }, this.#sequence)
    const isMeasured = ({ actor, method: called }: Invocation): boolean =>
      actor === 'evm' && called === measuredMethod
    const { exitCode, gasUsed } = result.receipt
    const execution = charges.invocations.find(isMeasured)?.execution ?? 0
    return { result, measured: { exitCode, execution, gasUsed } }
  }
}

function byteString(bytes: Uint8Array): Uint8Array {
  return new CborWriter(bytes.length + 9).bytes(bytes).finish()
}
