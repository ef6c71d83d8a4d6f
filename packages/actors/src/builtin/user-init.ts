import { ExitCode, SyscallError } from '@troupe/hypervisor'
import { type Cid, cidEquals, DAG_CBOR, decodeValue, encodeValue, RAW, type ValueCodec } from '@troupe/ipld'
import {
  type ActorContext,
  arrayCodec,
  boolCodec,
  bytesCodec,
  cidCodec,
  fail,
  method,
  type NativeActor,
  textCodec,
  tupleCodec,
  u64Codec,
  withExitCode,
} from '@troupe/runtime-native'
import { defineInitActor } from './define-init.ts'
import { canExecBuiltin } from './init.ts'
import { type InitActorState, InitMethod } from './init-types.ts'
import { ACTORS_VERSION } from './version.ts'

/** The state of an init actor that installs code. */
export interface UserInitState extends InitActorState {
  /** List of the CIDs of installed code. */
  installedActors: Cid
}

/** Shape: `[map from addresses to ids, next id, network name, list of installed code]`. */
export const userInitStateCodec: ValueCodec<UserInitState> = tupleCodec({
  addressMap: cidCodec,
  nextId: u64Codec,
  networkName: textCodec,
  installedActors: cidCodec,
})

/** Parameters of `InstallCode`. Shape: `[code]`. */
export const installParametersCodec: ValueCodec<{ code: Uint8Array }> = tupleCodec({ code: bytesCodec })

/** What `InstallCode` returns: `false` where the code had been installed before. Shape: `[code CID, whether it is new]`. */
export const installReturnCodec: ValueCodec<{ code: Cid; isNew: boolean }> = tupleCodec({
  code: cidCodec,
  isNew: boolCodec,
})

const installedActorsCodec: ValueCodec<Cid[]> = arrayCodec(cidCodec)

/**
 * The init actor of networks whose users install code (`withUserActors`): `InstallCode` takes it from any built-in caller, `Exec` makes actors of it, and
 * `Exec4` makes them at addresses in the caller's own namespace.
 *
 * Differs: `Exec` makes built-in actors as it does everywhere; the reference's lets anyone make actors of any code. Gas is not fitted to anything, because
 * there is no release with such an actor.
 *
 * Source: builtin-actors experimental/fvm-m2 actors/init/src/{lib,state,types}.rs (`m2-native`).
 */
export const userInitActor: NativeActor = defineInitActor({
  version: `${ACTORS_VERSION}+user-actors`,
  stateCodec: userInitStateCodec,
  firstState: (context, state) => ({ ...state, installedActors: storeInstalled(context, []) }),
  canExec: (context, callerCode, code) =>
    context.actors.builtin(code) === undefined || canExecBuiltin(context, callerCode, code),
  admitToExec4: (context) => context.acceptAnyCaller(),
  methods: {
    [InitMethod.INSTALL_CODE]: method({
      name: 'InstallCode',
      parameters: installParametersCodec,
      returns: installReturnCodec,
      gas: { base: 30_000_000, perParameterByte: 1000, perStateByte: 1000 },
      run: (context, { code }) => {
        context.acceptAnyCaller()
        return context.state.change(userInitStateCodec, (state) => install(context, state, code))
      },
    }),
  },
})

function install(
  context: ActorContext,
  state: UserInitState,
  bytes: Uint8Array,
): { code: Cid; isNew: boolean } {
  const code = withExitCode(ExitCode.USR_SERIALIZATION, 'the code cannot be stored', () =>
    context.state.blocks.add(RAW, bytes),
  )
  const installed = withExitCode(ExitCode.USR_ILLEGAL_STATE, 'the list of installed code', () =>
    decodeValue(installedActorsCodec, context.state.blocks.get(state.installedActors)),
  )
  if (installed.some((known) => cidEquals(known, code))) return { code, isNew: false }
  requireRunnable(context, code)
  state.installedActors = storeInstalled(context, [...installed, code])
  return { code, isNew: true }
}

/** Has the kernel check a code. @throws {ActorError} USR_ILLEGAL_ARGUMENT where it refuses */
function requireRunnable(context: ActorContext, code: Cid): void {
  try {
    context.syscalls.call('actor.install_actor', code)
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error
    fail(ExitCode.USR_ILLEGAL_ARGUMENT, `the code is refused: ${error.message}`)
  }
}

function storeInstalled(context: ActorContext, codes: Cid[]): Cid {
  return withExitCode(ExitCode.USR_ILLEGAL_STATE, 'the list of installed code', () =>
    context.state.blocks.add(DAG_CBOR, encodeValue(installedActorsCodec, codes)),
  )
}
