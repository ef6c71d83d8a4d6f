import {
  Executor,
  ExitCode,
  idAddress,
  type Machine,
  MESSAGE_VERSION,
  type Message,
  SYSTEM_ACTOR_ID,
  type TraceListener,
} from '@troupe/hypervisor'
import { TroupeError } from '../errors.ts'

/** A call that the system itself makes in a block. */
export interface SystemCall extends Pick<Message, 'to' | 'method' | 'gasLimit' | 'params'> {
  /** For messages about it: `cron`, `the block reward`. */
  readonly name: string
}

/**
 * Makes a call of the system's, and gives what it returned.
 * @throws {TroupeError} chain/system-failed, which is not for a chain to survive
 */
export function runSystem(
  machine: Machine,
  epoch: bigint,
  { name, ...call }: SystemCall,
  trace: TraceListener | undefined,
): Uint8Array {
  const { receipt, failure } = new Executor(machine).execute(
    {
      version: MESSAGE_VERSION,
      from: idAddress(SYSTEM_ACTOR_ID),
      sequence: epoch,
      value: 0n,
      gasFeeCap: 0n,
      gasPremium: 0n,
      ...call,
    },
    { kind: 'implicit', length: 0, ...(trace === undefined ? {} : { trace }) },
  )
  if (receipt.exitCode === ExitCode.OK) return receipt.returnData
  throw new TroupeError(
    'chain/system-failed',
    `${name} failed at epoch ${epoch} with exit code ${receipt.exitCode}: ${failure?.message ?? 'no reason given'}`,
  )
}
