/** @module Which cases of the state tests are compared step for step: too many for all of them, and always the same. */

/** Of so many cases one is compared. */
const STRIDE = 10
/** Of so many cases of folders that are about the machine itself, but for those that take tens of millions of steps. */
const CLOSE_STRIDE = 2
const CLOSE_FOLDERS =
  /^(Cancun\/|VMTests\/(?!vmPerformance)|stCreateTest\/|stExtCodeHash\/|stMemoryTest\/|stReturnDataTest\/|stRevertTest\/|stSStoreTest\/)/

/** Whether a case is in the sample. By its id alone, so that a part of the tests has its part of the sample. */
export function isSampled(id: string): boolean {
  return fnv1a(id) % (CLOSE_FOLDERS.test(id) ? CLOSE_STRIDE : STRIDE) === 0
}

/** A hash that spreads texts evenly (FNV-1a, 32 bits). */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}

const REVERT_OPERANDS =
  'the library looks at the operands of a REVERT before it tells of it: it tells of none where the stack has no two words'
const REVERT_MEMORY =
  'the library reads the memory of a REVERT before it tells of it, and has no room for that much'

/** Sampled cases that do not compare equal, each with its reason. One that does all the same is a failure. */
export const STEP_EXCEPTIONS: Readonly<Record<string, string>> = {
  'stMemoryTest/buffer.json#buffer/Cancun/335/0/0': REVERT_MEMORY,
  'stMemoryTest/buffer.json#buffer/Cancun/339/0/0': REVERT_MEMORY,
  'stMemoryTest/buffer.json#buffer/Cancun/344/0/0': REVERT_MEMORY,
  'stMemoryTest/buffer.json#buffer/Cancun/346/0/0': REVERT_MEMORY,
  'stReturnDataTest/returndatacopy_after_failing_callcode.json#returndatacopy_after_failing_callcode/Cancun/0/0/0':
    REVERT_OPERANDS,
  'stReturnDataTest/returndatacopy_following_failing_call.json#returndatacopy_following_failing_call/Cancun/0/0/0':
    REVERT_OPERANDS,
  'stReturnDataTest/returndatasize_after_failing_callcode.json#returndatasize_after_failing_callcode/Cancun/0/0/0':
    REVERT_OPERANDS,
  'stReturnDataTest/returndatasize_after_failing_delegatecall.json#returndatasize_after_failing_delegatecall/Cancun/0/0/0':
    REVERT_OPERANDS,
  'stReturnDataTest/returndatasize_after_failing_staticcall.json#returndatasize_after_failing_staticcall/Cancun/0/0/0':
    REVERT_OPERANDS,
  'stRevertTest/RevertOnEmptyStack.json#RevertOnEmptyStack/Cancun/0/0/0': REVERT_OPERANDS,
  'stRevertTest/RevertOpcodeReturn.json#RevertOpcodeReturn/Cancun/2/0/0': REVERT_MEMORY,
}
