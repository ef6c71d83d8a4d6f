/** An actor that makes one syscall again and again: the method number is how often, times ten, and which. */
import './exit'
import { gas_available, ipld_block_stat, send_send, vm_message_context } from './syscalls'

const CONTEXT = memory.data(80)
const OUT = memory.data(32)
/** f0102. */
const RECIPIENT = memory.data<u8>([0, 102])
const NO_GAS_LIMIT: u64 = u64.MAX_VALUE
const NO_SUCH_BLOCK: u32 = 999

export function invoke(parameters: u32): u32 {
  vm_message_context(CONTEXT)
  const method = load<u64>(CONTEXT, 32)
  const count = method / 10
  switch (<u32>(method % 10)) {
    case 0:
      for (let i: u64 = 0; i < count; i++)
        if (send_send(OUT, RECIPIENT, 2, 2, 0, 0, 0, NO_GAS_LIMIT, 0) !== 0 || load<u32>(OUT) !== 0)
          unreachable()
      return 0
    case 1:
      for (let i: u64 = 0; i < count; i++) if (gas_available(OUT) !== 0) unreachable()
      return 0
    case 2:
      for (let i: u64 = 0; i < count; i++) if (ipld_block_stat(OUT, NO_SUCH_BLOCK) === 0) unreachable()
      return 0
    default:
      return 0
  }
}
