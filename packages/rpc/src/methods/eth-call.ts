/** @module Calls that change nothing: eth_call, eth_estimateGas and eth_simulateV1. */
import type { Machine, RuleSet } from '@troupe/hypervisor'
import { callOn, toCallMessage } from '../ethereum/call.ts'
import { estimateGas } from '../ethereum/estimate-gas.ts'
import { findState } from '../ethereum/find-block.ts'
import { overrideState } from '../ethereum/override-state.ts'
import { executePending } from '../ethereum/pending-state.ts'
import { simulate } from '../ethereum/simulate.ts'
import { type Method, method, unsupported } from '../method.ts'
import { type BlockReference, blockReference, LATEST } from '../parameters/block-reference.ts'
import { type CallRequest, callRequest } from '../parameters/call-request.ts'
import { blockOverrides, stateOverrides } from '../parameters/overrides.ts'
import { optional, parameter } from '../parameters/parameter.ts'
import { simulation } from '../parameters/simulation.ts'
import { toHex, toQuantity } from '../text/hex.ts'

/** What is estimated is what the sender sends next. */
const PENDING: BlockReference = { tag: 'pending' }
const CALL = parameter('call', callRequest)
const BLOCK = parameter('block', optional(blockReference))
const STATE = parameter('stateOverrides', optional(stateOverrides))
const CONTEXT = parameter('blockOverrides', optional(blockOverrides))

/** eth_call and the like. */
export const CALL_METHODS: readonly Method[] = [
  method(
    'eth_call',
    'read',
    [CALL, BLOCK, STATE, CONTEXT],
    (host, [call, block = LATEST, state = [], context]) => {
      const machine = host.vm.chain.machineAfter(findState(host.vm, block), context)
      overrideState(machine, state)
      const message = toCallMessage(withEnoughGas(call, machine.rules))
      return host.listening((trace) => toHex(callOn(machine, message, trace)))
    },
  ),
  method(
    'eth_estimateGas',
    'read',
    [CALL, BLOCK, STATE, CONTEXT],
    (host, [call, block = PENDING, state = [], context]) => {
      const tipset = findState(host.vm, block)
      const message = toCallMessage(withEnoughGas(call, host.vm.chain.rules.rules))
      const isPending = 'tag' in block && block.tag === 'pending'
      const open = (): Machine => {
        const machine = host.vm.chain.machineAfter(tipset, context, false)
        if (isPending) executePending(host, machine, message.from)
        overrideState(machine, state)
        return machine
      }
      return toQuantity(estimateGas(open, message))
    },
  ),
  method(
    'eth_simulateV1',
    'read',
    [parameter('simulation', simulation), BLOCK],
    (host, [wanted, block = LATEST]) => simulate(host, wanted, findState(host.vm, block)),
  ),
  unsupported(
    'eth_createAccessList',
    'Filecoin has no access lists: what a transaction touches first costs the same whether it was listed or not',
  ),
]

/**
 * A call with all the gas that there is, as Lotus has it: clients that know what a transfer costs on Ethereum say so, and that is not enough for its inclusion here. Where gas is
 * Ethereum's, it has what it says.
 * Source: lotus chain/types/ethtypes/eth_types.go `EthCall.ToFilecoinMessage`.
 */
function withEnoughGas(call: CallRequest, { ethereumGas }: RuleSet): CallRequest {
  return ethereumGas === undefined ? { ...call, gas: undefined } : call
}
