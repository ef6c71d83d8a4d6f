import { type Block, type CallFrame, INVOKE_CONTRACT, methodNumber } from '@troupe/hypervisor'
import { CborReader, type Cid, cidKey, cidOf, RAW } from '@troupe/ipld'
import type { Troupe } from 'troupe'
import { createNames, type Names } from 'troupe/trace'
import type { TourCode } from './actors.ts'
import { selectorOf } from './solidity-abi.ts'

/** Methods, from 1 on, of actors that Filecoin does not have, or not in this form. */
const METHODS: Readonly<Record<string, readonly string[]>> = {
  counter: ['Constructor', 'Increment', 'Get'],
  relay: ['Constructor', 'Try', 'Batch', 'Recurse'],
  Hall: ['Constructor'],
  init: ['Constructor', 'Exec', 'Exec4', 'InstallCode'],
}
/** Methods whose numbers are made of their names (FRC-42). */
const NAMED_METHODS = ['Increment', 'Get', 'Parties'] as const
const SELECTOR_LENGTH = 4
/** The function of the hall that contracts call. */
const HALL_FUNCTION = 'seat(uint64[])'

/** How everything is called on the network of the tour: its actors and their methods, functions of its contract, and what runs each. */
export function createTourNames({ chain, crypto }: Troupe, code: TourCode): Names {
  const machine = chain.machineAfter()
  const official = createNames(machine.manifest, crypto)
  const keyOf = (bytes: Uint8Array): string => cidKey(cidOf(crypto, RAW, bytes))
  const nameByCode = new Map([
    [keyOf(code.counter), 'counter'],
    [keyOf(code.relay), 'relay'],
    [keyOf(code.hall.script), 'Hall'],
  ])
  const nameByNumber = new Map(NAMED_METHODS.map((name) => [methodNumber(crypto, name), name]))
  const functions = [...code.boxOffice.functions, HALL_FUNCTION]
  const nameBySelector = new Map(
    functions.map((signature) => [selectorOf(crypto, signature), signature.replace(/\(.*/u, '')]),
  )
  const actorName = (cid: Cid): string | undefined => nameByCode.get(cidKey(cid)) ?? official.actorName(cid)
  const callName = ({ call, code: callee }: CallFrame): string | undefined => {
    if (call.method !== INVOKE_CONTRACT || call.parameters === undefined || callee === undefined)
      return undefined
    const name = nameBySelector.get(selectorIn(call.parameters))
    const actor = actorName(callee)
    // All contracts have the same code: the tour has one.
    return name && `${actor === 'evm' ? 'BoxOffice' : actor}.${name}`
  }
  return {
    ...official,
    ...{ actorName, callName },
    methodName: (actor, method) =>
      METHODS[actor ?? '']?.[Number(method) - 1] ??
      official.methodName(actor, method) ??
      nameByNumber.get(method),
    // Code that is installed later is known to a later machine.
    runtimeName: (cid) => chain.machineAfter().runtimeNameOf(cid),
  }
}

/** The selector of a call to a contract: accounts send calldata in a byte string of CBOR, contracts as it is. */
function selectorIn({ codec, data }: Block): string {
  const input = codec === RAW ? data : new CborReader(data).bytes()
  return Buffer.from(input.subarray(0, SELECTOR_LENGTH)).toString('hex')
}
