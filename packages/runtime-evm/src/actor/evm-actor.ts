import {
  ETHEREUM_ADDRESS_LENGTH,
  ETHEREUM_ADDRESS_MANAGER_ACTOR_ID,
  ExitCode,
  INIT_ACTOR_ID,
  idAddress,
  SYSTEM_ACTOR_ID,
} from '@troupe/hypervisor'
import { type Cid, DAG_CBOR, encodeValue, u256Codec, type ValueCodec } from '@troupe/ipld'
import {
  type ActorContext,
  ActorError,
  bytesCodec,
  cidCodec,
  decodeBlock,
  defineActor,
  fail,
  fixedBytesCodec,
  type MethodGas,
  method,
  type NativeActor,
  type NativeMethod,
  optionalCodec,
  tupleCodec,
} from '@troupe/runtime-native'
import { type CodeCache, ContractCode } from './code-cache.ts'
import { Contract, isDead } from './contract.ts'
import { contractAddressOfBytes, maskedIdOf } from './contract-address.ts'
import {
  type CodeCaller,
  type DelegateCallParameters,
  delegateCallParametersCodec,
} from './contract-calls.ts'
import type { ContractEngine } from './contract-engine.ts'
import { nameOrPanic } from './contract-host.ts'
import { EvmMethod, MAX_RESERVED_METHOD } from './evm-method.ts'
import { evmStateCodec } from './evm-state.ts'
import { filecoinMethodInput, filecoinMethodOutput } from './filecoin-method.ts'
import { EVM_ACTOR_GAS, EVM_METHOD_GAS } from './fvm-gas.ts'
import { byteString } from './run-code.ts'
import { bytesOfWord } from './word-bytes.ts'

/** Keccak-256 of nothing: what a dead contract's code hashes to. */
const EMPTY_HASH = bytesOfWord(0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470n)

/** What the actor runs code with. */
export interface EvmActorParts {
  readonly version: string
  readonly engine: ContractEngine
  readonly codes: CodeCache
}

/** What contracts are made with. Shape: `[Ethereum address of the creator, initcode]`. */
const constructorParametersCodec: ValueCodec<{ creator: Uint8Array; initcode: Uint8Array }> = tupleCodec({
  creator: fixedBytesCodec(ETHEREUM_ADDRESS_LENGTH),
  initcode: bytesCodec,
})

/** Shape: `[key]`, a byte string without leading zeros. */
const storageAtParametersCodec: ValueCodec<{ key: bigint }> = tupleCodec({ key: u256Codec })

/**
 * The EVM actor of Filecoin: a contract of Ethereum, whose state and calls are an actor's.
 *
 * Source: builtin-actors v18 actors/evm/src/lib.rs.
 */
export function createEvmActor({ version, engine, codes }: EvmActorParts): NativeActor {
  const run = (contract: Contract, cid: Cid, input: Uint8Array, caller: CodeCaller): Uint8Array => {
    const { context } = contract
    const bytes = readBytecode(context, cid)
    if (bytes.length === 0) return bytes
    const address = nameOrPanic(contract, context.message.receiver)
    const call = { code: codes.get(cid, bytes), input, address, ...caller }
    return engine.guard(context, () => {
      const output = engine.run(contract, call)
      contract.flush()
      return output
    })
  }

  const construct = (contract: Contract, creator: Uint8Array, initcode: Uint8Array): void => {
    const { message } = contract.context
    const address = ownName(contract)
    if (maskedIdOf(address) !== undefined)
      fail(ExitCode.USR_FORBIDDEN, 'a contract has an address of Ethereum, from the Ethereum address manager')
    if (initcode.length > 0) {
      const caller = { caller: contractAddressOfBytes(creator), value: message.value }
      const call = { code: new ContractCode(initcode), input: new Uint8Array(), address, ...caller }
      contract.setBytecode(engine.construct(contract, call))
    }
    contract.flush()
  }

  const invoke = (context: ActorContext, input: Uint8Array): Uint8Array => {
    context.acceptAnyCaller()
    const contract = loadOrUnspecified(context)
    if (contract.bytecode === undefined) return new Uint8Array()
    const { value } = context.message
    const caller = nameOrPanic(contract, context.message.caller)
    return run(contract, contract.bytecode, input, { caller, value })
  }

  return defineActor({
    name: 'evm',
    version,
    gas: EVM_ACTOR_GAS,
    restrictsInternalMethods: false,
    fallback: (context, number, parameters) => {
      if (number <= MAX_RESERVED_METHOD) fail(ExitCode.USR_UNHANDLED_MESSAGE, `there is no method ${number}`)
      context.gas.begin(EVM_METHOD_GAS.invoke, parameters?.data.length ?? 0)
      const output = invoke(context, filecoinMethodInput(number, parameters))
      return filecoinMethodOutput(output, (message) => context.panic(message))
    },
    methods: {
      [EvmMethod.CONSTRUCTOR]: method({
        name: 'Constructor',
        parameters: constructorParametersCodec,
        gas: EVM_METHOD_GAS.create,
        run: (context, { creator, initcode }) => {
          context.requireCaller(idAddress(INIT_ACTOR_ID))
          engine.guard(context, () => construct(Contract.create(context), creator, initcode))
        },
      }),
      [EvmMethod.RESURRECT]: method({
        name: 'Resurrect',
        parameters: constructorParametersCodec,
        gas: EVM_METHOD_GAS.create,
        run: (context, { creator, initcode }) => {
          context.requireCaller(idAddress(ETHEREUM_ADDRESS_MANAGER_ACTOR_ID))
          engine.guard(context, () => construct(Contract.resurrect(context), creator, initcode))
        },
      }),
      [EvmMethod.GET_BYTECODE]: linkedMethod('GetBytecode', EVM_METHOD_GAS.query, (context) => {
        context.acceptAnyCaller()
        const state = context.state.read(evmStateCodec)
        return isDead(context, state) ? undefined : state.bytecode
      }),
      [EvmMethod.GET_BYTECODE_HASH]: method({
        name: 'GetBytecodeHash',
        returns: fixedBytesCodec(32),
        gas: EVM_METHOD_GAS.query,
        run: (context) => {
          context.acceptAnyCaller()
          const state = context.state.read(evmStateCodec)
          return isDead(context, state) ? EMPTY_HASH : state.bytecodeHash
        },
      }),
      [EvmMethod.GET_STORAGE_AT]: method({
        name: 'GetStorageAt',
        parameters: storageAtParametersCodec,
        returns: u256Codec,
        gas: EVM_METHOD_GAS.query,
        run: (context, { key }) => {
          context.requireCaller(idAddress(SYSTEM_ACTOR_ID))
          const { slots } = Contract.load(context)
          return orExitCode(ExitCode.USR_ASSERTION_FAILED, () => slots.get(key))
        },
      }),
      [EvmMethod.INVOKE_CONTRACT_DELEGATE]: delegateMethod((context, { code, input, caller, value }) => {
        context.requireCaller(idAddress(context.message.receiver))
        const contract = loadOrUnspecified(context)
        return run(contract, code, input, { caller: contractAddressOfBytes(caller), value })
      }),
      [EvmMethod.INVOKE_CONTRACT]: method({
        name: 'InvokeEVM',
        parameters: bytesCodec,
        takesRawBytes: true,
        defaultParameters: () => new Uint8Array(),
        returns: bytesCodec,
        gas: EVM_METHOD_GAS.invoke,
        run: invoke,
      }),
    },
  })
}

const bytecodeReturnCodec = optionalCodec(cidCodec)

/** A method without parameters that returns a link which its caller can follow, or null. */
function linkedMethod(
  name: string,
  gas: MethodGas,
  run: (context: ActorContext) => Cid | undefined,
): NativeMethod {
  return {
    name,
    call: (context, block) => {
      if (block !== undefined) fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'the method takes no parameters')
      context.gas.begin(gas, 0)
      return { codec: DAG_CBOR, data: encodeValue(bytecodeReturnCodec, run(context)) }
    },
  }
}

/** The method for DELEGATECALL, whose parameters link to code: a block of another codec would not bring the code along. */
function delegateMethod(
  run: (context: ActorContext, parameters: DelegateCallParameters) => Uint8Array,
): NativeMethod {
  return {
    name: 'InvokeContractDelegate',
    call: (context, block) => {
      if (block?.codec !== DAG_CBOR)
        fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'the method takes parameters with links')
      const parameters = decodeBlock(delegateCallParametersCodec, block)
      context.gas.begin(EVM_METHOD_GAS.invoke, block.data.length)
      return byteString(run(context, parameters))
    },
  }
}

/** The contract's own name. @throws {ActorError} USR_ASSERTION_FAILED where it has none */
function ownName(contract: Contract): bigint {
  return orExitCode(ExitCode.USR_ASSERTION_FAILED, () => contract.nameOf(contract.context.message.receiver))
}

/** The code of a CID. @throws {ActorError} USR_NOT_FOUND where the invocation cannot reach it */
function readBytecode(context: ActorContext, cid: Cid): Uint8Array {
  return orExitCode(ExitCode.USR_NOT_FOUND, () => context.state.blocks.get(cid))
}

function loadOrUnspecified(context: ActorContext): Contract {
  return orExitCode(ExitCode.USR_UNSPECIFIED, () => Contract.load(context))
}

/** Gives every failure of `run` one exit code. @throws {ActorError} */
function orExitCode<T>(exitCode: ExitCode, run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (error instanceof ActorError) throw new ActorError(exitCode, error.message)
    throw error
  }
}
