import type { Machine } from '@troupe/hypervisor'
import { RpcError } from '../errors.ts'
import type { AccountOverride } from '../parameters/overrides.ts'
import { toHex } from '../text/hex.ts'
import { contractEdit } from './edit-contract.ts'

/**
 * Makes accounts what they are to be for a call, on a machine that nobody else uses.
 * @throws {RpcError} rpc/failed for an address that can have no account
 */
export function overrideState(machine: Machine, overrides: readonly AccountOverride[]): void {
  for (const override of overrides) overrideAccount(machine, override)
}

function overrideAccount(machine: Machine, override: AccountOverride): void {
  const { address, balance, clearsStorage, code, nonce, storage } = override
  const { emptyTuple, manifest, state } = machine
  const id = state.lookupId(address)
  const actor = id === undefined ? undefined : state.getActor(id)
  const placeholder = manifest.code('placeholder')
  if (actor === undefined && (address.id !== undefined || placeholder === undefined))
    throw new RpcError('rpc/failed', `the address ${toHex(address.bytes)} has no account, and can have none`)
  const base = actor ?? {
    ...{ code: placeholder as NonNullable<typeof placeholder>, head: emptyTuple },
    ...{ sequence: 0n, balance: 0n, delegatedAddress: address },
  }
  const isContract = code !== undefined || storage !== undefined || manifest.is('evm', base.code)
  const place = id ?? state.registerAddress(address)
  if (!isContract) {
    state.setActor(place, { ...base, balance: balance ?? base.balance, sequence: nonce ?? base.sequence })
    return
  }
  const { blocks, edit } = contractEdit(machine, address, {
    ...(code === undefined ? {} : { code }),
    ...(nonce === undefined ? {} : { nonce }),
    ...(storage === undefined ? {} : { storage, clearsStorage }),
  })
  for (const [cid, bytes] of blocks) machine.blocks.put(cid, bytes)
  state.setActor(place, {
    ...base,
    code: edit.code ?? base.code,
    head: edit.head ?? base.head,
    balance: balance ?? base.balance,
  })
}
