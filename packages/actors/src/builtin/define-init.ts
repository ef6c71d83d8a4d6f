import {
  type ActorId,
  type Address,
  delegatedAddress,
  ExitCode,
  FIRST_NON_SINGLETON_ACTOR_ID,
  idAddress,
  METHOD_CONSTRUCTOR,
  SYSTEM_ACTOR_ID,
} from '@troupe/hypervisor'
import { type Cid, cidEquals, type ValueCodec } from '@troupe/ipld'
import {
  type ActorContext,
  ActorMap,
  defineActor,
  encodedBlock,
  fail,
  method,
  type NativeActor,
  type NativeMethod,
  textCodec,
  tupleCodec,
  u64Codec,
  withExitCode,
} from '@troupe/runtime-native'
import {
  exec4ParametersCodec,
  execParametersCodec,
  execReturnCodec,
  type InitActorState,
  InitMethod,
} from './init-types.ts'

/** In what init actors differ. */
export interface InitActorVariant<S extends InitActorState> {
  readonly version: string
  readonly stateCodec: ValueCodec<S>
  /** The state that the constructor makes of what every init actor has. */
  firstState(context: ActorContext, state: InitActorState): S
  /** Whether an actor with one code may make one with another by `Exec`. */
  canExec(context: ActorContext, callerCode: Cid, code: Cid): boolean
  /** Lets those call `Exec4` who may. @throws {ActorError} USR_FORBIDDEN */
  admitToExec4(context: ActorContext): void
  /** Methods that not every init actor has. */
  readonly methods?: Readonly<Record<number, NativeMethod>>
}

const ADDRESSES = { name: 'addresses', value: u64Codec }
const LAST_ID = 2n ** 64n - 1n
/** Gas of the code for giving an address an id, in milligas. */
const MAPPING_WORK = 64_000_000

/** Defines an init actor. Source: builtin-actors v18 actors/init/src/{lib,state,types}.rs. */
export function defineInitActor<S extends InitActorState>(variant: InitActorVariant<S>): NativeActor {
  return defineActor({
    name: 'init',
    version: variant.version,
    gas: { memoryPages: 17, entry: 57_200_000, failure: 9_000_000 },
    methods: {
      [InitMethod.CONSTRUCTOR]: method({
        name: 'Constructor',
        parameters: tupleCodec({ networkName: textCodec }),
        gas: { base: 35_100_000, perParameterByte: 113_000 },
        run: (context, { networkName }) => {
          context.requireCaller(idAddress(SYSTEM_ACTOR_ID))
          const addressMap = ActorMap.create(context.state, ADDRESSES).flush()
          const state = { addressMap, nextId: FIRST_NON_SINGLETON_ACTOR_ID, networkName }
          context.state.create(variant.stateCodec, variant.firstState(context, state))
        },
      }),
      [InitMethod.EXEC]: method({
        name: 'Exec',
        parameters: execParametersCodec,
        returns: execReturnCodec,
        gas: { base: 18_600_000, perParameterByte: 295_000, perStateByte: 262_000 },
        run: (context, { code, constructorParameters }) => {
          context.acceptAnyCaller()
          context.log(`exec of ${code}`)
          const callerCode = context.actors.code(context.message.caller)
          if (callerCode === undefined) fail(ExitCode.USR_ILLEGAL_STATE, 'the caller has no code')
          context.log(`by ${callerCode}`)
          if (!variant.canExec(context, callerCode, code))
            fail(
              ExitCode.USR_FORBIDDEN,
              `a caller with code ${callerCode} may not make an actor of code ${code}`,
            )
          const robustAddress = context.actors.nextAddress()
          context.log('address made')
          const { id } = mapAddresses(context, variant.stateCodec, robustAddress, undefined)
          context.actors.create(code, id)
          return construct(context, id, robustAddress, constructorParameters)
        },
      }),
      [InitMethod.EXEC4]: method({
        name: 'Exec4',
        parameters: exec4ParametersCodec,
        returns: execReturnCodec,
        gas: { base: 49_700_000, perStateByte: 272_000 },
        run: (context, { code, constructorParameters, subaddress }) => {
          variant.admitToExec4(context)
          const delegated = withExitCode(ExitCode.USR_ILLEGAL_ARGUMENT, 'no delegated address', () =>
            delegatedAddress(context.message.caller, subaddress),
          )
          context.log('delegated address made')
          const robustAddress = context.actors.nextAddress()
          context.log('address made')
          const { id, isMapped } = mapAddresses(context, variant.stateCodec, robustAddress, delegated)
          if (isMapped) requirePlaceholder(context, id)
          context.actors.create(code, id, delegated)
          return construct(context, id, robustAddress, constructorParameters)
        },
      }),
      ...variant.methods,
    },
  })
}

/** Gives both addresses the id that the delegated one has, or else the next. */
function mapAddresses<S extends InitActorState>(
  context: ActorContext,
  stateCodec: ValueCodec<S>,
  robust: Address,
  delegated: Address | undefined,
): { id: ActorId; isMapped: boolean } {
  context.gas.work(MAPPING_WORK)
  return context.state.change(stateCodec, (state) => {
    const addresses = ActorMap.load(context.state, state.addressMap, ADDRESSES)
    const mapped = delegated && addresses.get(delegated.bytes)
    const id = mapped ?? state.nextId
    if (mapped === undefined) {
      if (id === LAST_ID) context.panic('there are no ids left')
      state.nextId = id + 1n
      if (delegated !== undefined) addresses.set(delegated.bytes, id)
    }
    if (!addresses.setIfAbsent(robust.bytes, id))
      fail(ExitCode.USR_FORBIDDEN, 'the address of the new actor has an id already')
    state.addressMap = addresses.flush()
    return { id, isMapped: mapped !== undefined }
  })
}

function requirePlaceholder(context: ActorContext, id: ActorId): void {
  const found = context.actors.code(id)
  if (found === undefined) fail(ExitCode.USR_FORBIDDEN, 'an actor that was deleted cannot be made again')
  if (!cidEquals(found, context.actors.codeOf('placeholder')))
    fail(ExitCode.USR_FORBIDDEN, 'the actor exists, and is no placeholder')
}

function construct(
  context: ActorContext,
  id: ActorId,
  robustAddress: Address,
  parameters: Uint8Array,
): { idAddress: Address; robustAddress: Address } {
  const to = idAddress(id)
  context.sendOrFail({
    to,
    method: METHOD_CONSTRUCTOR,
    parameters: encodedBlock(parameters),
    value: context.message.value,
  })
  return { idAddress: to, robustAddress }
}
