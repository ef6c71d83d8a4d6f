/** @module Calls that change nothing: eth_call and eth_estimateGas. */
import { callOn, toCallMessage } from '../ethereum/call.ts'
import { estimateGas } from '../ethereum/estimate-gas.ts'
import { findState } from '../ethereum/find-block.ts'
import { type Method, method, unsupported } from '../method.ts'
import { blockReference, LATEST } from '../parameters/block-reference.ts'
import { callRequest } from '../parameters/call-request.ts'
import { optional, parameter } from '../parameters/parameter.ts'
import { toHex, toQuantity } from '../text/hex.ts'

const CALL = parameter('call', callRequest)
const BLOCK = parameter('block', optional(blockReference))

/** eth_call and the like. */
export const CALL_METHODS: readonly Method[] = [
  method('eth_call', 'read', [CALL, BLOCK], ({ vm }, [call, block = LATEST]) =>
    toHex(callOn(vm.chain.machineAfter(findState(vm, block)), toCallMessage(call))),
  ),
  method('eth_estimateGas', 'read', [CALL, BLOCK], ({ vm }, [call, block = LATEST]) => {
    const tipset = findState(vm, block)
    return toQuantity(estimateGas(() => vm.chain.machineAfter(tipset), toCallMessage(call)))
  }),
  unsupported(
    'eth_createAccessList',
    'Filecoin has no access lists: what a transaction touches first costs the same whether it was listed or not',
  ),
]
