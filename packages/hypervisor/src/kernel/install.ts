/** @module The syscall `actor.install_actor`, where a network has it. */
import { type Cid, RAW } from '@troupe/ipld'
import { ErrorNumber } from '../actor/error-number.ts'
import { INIT_ACTOR_ID } from '../address/singletons.ts'
import { ProtocolFatal, SyscallError } from './errors.ts'
import type { Kernel } from './kernel.ts'
import { refuseReadOnly } from './self.ts'

/**
 * `actor.install_actor`: checks a code that the init actor has linked, and makes it ready to run. It counts as installed once the init actor lists it.
 *
 * Differs: the reference lets any actor ask, looks for the code in the whole store of the node, and charges when the work is done.
 *
 * Source: ref-fvm master fvm/src/kernel/default.rs (`install_actor`), sdk/src/sys/actor.rs.
 * @throws {SyscallError} Forbidden for any other caller; ReadOnly; NotFound for a block that the invocation cannot reach; LimitExceeded for too large a code;
 * IllegalArgument where no runtime takes it
 */
export function installActor(kernel: Kernel, code: Cid): void {
  const { calls, context, rules } = kernel
  const { machine } = calls
  if (rules.userActors === undefined || context.receiver !== INIT_ACTOR_ID)
    throw new SyscallError(ErrorNumber.Forbidden, 'only the init actor installs code')
  refuseReadOnly(kernel, 'install code')
  if (code.code !== RAW) throw new SyscallError(ErrorNumber.IllegalArgument, `${code} is no CID of raw bytes`)
  if (rules.tracksLinks && !kernel.blocks.isReachable(code))
    throw new SyscallError(ErrorNumber.NotFound, `the actor cannot reach ${code}`)
  const bytes = machine.blocks.get(code)
  if (bytes === undefined) throw new ProtocolFatal(`missing code: ${code}`)
  const { maximumCodeSize } = rules.userActors
  if (bytes.length > maximumCodeSize)
    throw new SyscallError(ErrorNumber.LimitExceeded, `code may not be larger than ${maximumCodeSize} bytes`)
  const charge = (size: number): void => calls.charge('OnInstallActor', rules.prices.onInstallActor(size))
  charge(bytes.length)
  const refusal = machine.refusalOf(code, bytes, charge, kernel.gas)
  kernel.trace?.({ type: 'install', code, refusal })
  if (refusal === undefined) return
  const where = refusal.offset === undefined ? '' : ` (at offset ${refusal.offset})`
  throw new SyscallError(ErrorNumber.IllegalArgument, `${refusal.code}: ${refusal.reason}${where}`)
}
