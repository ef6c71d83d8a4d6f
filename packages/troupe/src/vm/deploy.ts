/** @module How code becomes an actor: the messages to the init actor, and what they return. */
import { InitMethod } from '@troupe/actors'
import { type Address, decodeAddress, INIT_ACTOR_ID } from '@troupe/hypervisor'
import { type Cid, encodeIpld, type IpldValue, isCid } from '@troupe/ipld'
import { TroupeError } from '../errors.ts'
import type { SourceMapSource } from './read-source-map.ts'
import type { MessageRequest } from './request.ts'
import type { SendOptions } from './send-options.ts'

/** Code: its bytes, or the URL of a file. */
export type CodeSource = Uint8Array | URL

/** How code is installed. */
export type InstallOptions = Pick<MessageRequest, 'from'> &
  SendOptions & {
    /**
     * The source map of code in hardened JavaScript, by which traces and errors show the places of what was written. Default: where the code is the URL of a file, the file beside it whose name has `.map` at its end, if there is
     * one; where that is none of the code's, they say so.
     */
    readonly sourceMap?: SourceMapSource
  }

/** How an actor is created. */
export type DeployOptions = Pick<MessageRequest, 'value' | 'gasLimit'> &
  InstallOptions & {
    /** What the constructor is called with. A `Uint8Array` goes in as it is. Default: nothing. */
    readonly params?: IpldValue
  }

/** The bytes of code. @throws {TroupeError} code/unreadable */
export async function readCode(code: CodeSource): Promise<Uint8Array> {
  if (code instanceof Uint8Array) return code
  if (!(code instanceof URL))
    throw new TroupeError(
      'code/unreadable',
      `code: this is neither bytes nor the URL of a file (${typeof code})`,
    )
  const { readFile } = await import('node:fs/promises')
  try {
    return await readFile(code)
  } catch (cause) {
    throw new TroupeError('code/unreadable', `code: ${code} cannot be read`, { cause })
  }
}

/** The message that installs code. */
export function installRequest(code: Uint8Array, { from }: Pick<MessageRequest, 'from'>): MessageRequest {
  return { from, to: INIT_ACTOR_ID, method: BigInt(InitMethod.INSTALL_CODE), params: [code] }
}

/** The message that creates an actor. */
export function execRequest(code: Cid, { from, gasLimit, params, value }: DeployOptions): MessageRequest {
  const bytes =
    params === undefined ? new Uint8Array() : params instanceof Uint8Array ? params : encodeIpld(params)
  return { from, gasLimit, value, to: INIT_ACTOR_ID, method: BigInt(InitMethod.EXEC), params: [code, bytes] }
}

/** What `InstallCode` returned: `[code, whether it is new]`. */
export function installedCode(value: IpldValue | undefined): Cid {
  const [code] = Array.isArray(value) ? (value as readonly IpldValue[]) : []
  return isCid(code) ? code : unexpected('InstallCode')
}

/** How an actor is called that was just created. */
export interface CreatedActor {
  /** Short, and as good as the other. */
  readonly id: Address
  /** For before the message is final. */
  readonly robust: Address
}

/** What `Exec` returned: `[id address, f2 address]`. @throws {TroupeError} init/unexpected-return */
export function createdActor(value: IpldValue | undefined): CreatedActor {
  const [id, robust] = Array.isArray(value) ? (value as readonly IpldValue[]) : []
  if (!(id instanceof Uint8Array && robust instanceof Uint8Array)) return unexpected('Exec')
  return { id: decodeAddress(id), robust: decodeAddress(robust) }
}

function unexpected(method: string): never {
  throw new TroupeError(
    'init/unexpected-return',
    `the init actor of this network returned something else from ${method} than it should`,
  )
}
