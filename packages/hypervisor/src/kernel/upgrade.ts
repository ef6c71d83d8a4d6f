/** @module The syscall `actor.upgrade_actor`, where a network has it. */
import type { Cid } from '@troupe/ipld'
import { ErrorNumber } from '../actor/error-number.ts'
import { ExitCode } from '../actor/exit-code.ts'
import { idAddress } from '../address/address.ts'
import { getActor, setActor } from '../call-manager/accounts.ts'
import { NO_BLOCK } from './block-registry.ts'
import { Abort, SyscallError } from './errors.ts'
import type { Kernel } from './kernel.ts'
import { refuseReadOnly } from './self.ts'
import type { SendResult } from './send.ts'

/**
 * `actor.upgrade_actor`: gives the actor other code, and calls that code's `upgrade`. Where it succeeds, the invocation that asked for it ends too,
 * with what `upgrade` returned; where it fails, the actor keeps its code and learns why. The delegated address is lost, as in the reference.
 *
 * Source: ref-fvm master fvm/src/kernel/default.rs (`upgrade_actor`), fvm/src/syscalls/actor.rs.
 * @throws {Abort} on success
 * @throws {SyscallError} ReadOnly; Forbidden where the actor has called others that called it again; InvalidHandle; LimitExceeded; IllegalOperation
 */
export function upgradeActor(kernel: Kernel, code: Cid, parameters: number): SendResult {
  refuseReadOnly(kernel, 'replace its code')
  const { calls, context } = kernel
  if (!calls.mayUpgrade(context.receiver))
    throw new SyscallError(
      ErrorNumber.Forbidden,
      'an actor that is on the call stack twice cannot replace its code',
    )
  const block = parameters === NO_BLOCK ? undefined : kernel.blocks.get(parameters)
  if (kernel.blocks.isFull)
    throw new SyscallError(ErrorNumber.LimitExceeded, 'there is no room for the return block')

  const { exitCode, value } = calls.transaction(() => {
    const actor = getActor(calls, context.receiver)
    if (actor === undefined)
      throw new SyscallError(ErrorNumber.IllegalOperation, 'the actor has been deleted')
    const { delegatedAddress: _, ...kept } = actor
    setActor(calls, context.receiver, { ...kept, code })
    return calls.call({
      from: context.caller,
      to: idAddress(context.receiver),
      method: METHOD_UPGRADE,
      parameters: block,
      value: 0n,
      gasLimit: undefined,
      readOnly: false,
      upgradedFrom: actor.code,
    })
  })
  const returnId = value === undefined ? NO_BLOCK : kernel.blocks.put(value)
  if (exitCode === ExitCode.OK) throw new Abort(exitCode, '', returnId)
  return {
    exitCode,
    returnId,
    returnCodec: BigInt(value?.codec ?? 0),
    returnSize: value?.data.length ?? 0,
  }
}

/** What `upgrade` finds as its method number. */
const METHOD_UPGRADE = 932_083n
