import { RpcError } from './errors.ts'
import type { RpcHost } from './host.ts'
import { type Parameter, type ParameterValues, readParameters } from './parameters/parameter.ts'
import type { Json } from './protocol/json.ts'
import type { RpcCaller } from './session.ts'

/** The families of methods, by what stands before the underscore or the point. */
export type MethodGroup =
  | 'eth'
  | 'net'
  | 'web3'
  | 'debug'
  | 'trace'
  | 'txpool'
  | 'evm'
  | 'hardhat'
  | 'anvil'
  | 'personal'
  | 'rpc'
  | 'ots'
  | 'erigon'
  | 'testing'
  | 'tenderly'
  | 'troupe'
  | 'Filecoin'

/**
 * What a method does to the chain: nothing (`read`); it hands in what its sender has signed (`submit`); or it uses the chain's own powers, its keys,
 * its time and its state (`control`), which is not for strangers.
 */
export type MethodAccess = 'read' | 'submit' | 'control'

/** What is said of a method. */
export interface MethodDescription {
  readonly name: string
  readonly group: MethodGroup
  readonly access: MethodAccess
  readonly parameters: readonly Parameter<unknown>[]
  /** Why there is never a result, where that is so. */
  readonly unsupported: string | undefined
}

/** A method. */
export interface Method extends MethodDescription {
  /** @throws {RpcError} */
  call(host: RpcHost, values: readonly unknown[], caller: RpcCaller): Promise<Json>
}

/** A method of what it takes and what it does. */
export function method<const P extends readonly Parameter<unknown>[]>(
  name: string,
  access: MethodAccess,
  parameters: P,
  answer: (host: RpcHost, parameters: ParameterValues<P>, caller: RpcCaller) => Json | Promise<Json>,
): Method {
  return {
    ...{ name, access, parameters },
    group: groupOf(name),
    unsupported: undefined,
    call: async (host, values, caller) => {
      const read = readParameters(parameters, values)
      if (access !== 'read') return answer(host, read, caller)
      // On a store that answers later, what only reads is asked again until no block is missing. What takes time by itself is waited for outside.
      const { given } = await host.vm.read(() => ({ given: answer(host, read, caller) }))
      return given
    },
  }
}

/** A method that tools know, and that cannot be answered honestly here. @param reason why */
export function unsupported(name: string, reason: string): Method {
  return {
    ...{ name, access: 'read', parameters: [] },
    group: groupOf(name),
    unsupported: reason,
    call: async () => {
      throw new RpcError('rpc/unsupported', `${name}: ${reason}`)
    },
  }
}

/** The same method under another name. */
export function alias(name: string, { access, parameters, call, unsupported }: Method): Method {
  return { ...{ name, access, parameters, call, unsupported }, group: groupOf(name) }
}

/** The same method under a name by which it answers nothing, as anvil's do. */
export function silentAlias(name: string, given: Method): Method {
  return {
    ...alias(name, given),
    call: async (host, values, caller) => {
      await given.call(host, values, caller)
      return null
    },
  }
}

function groupOf(name: string): MethodGroup {
  return name.slice(0, name.search(/[_.]/u)) as MethodGroup
}
