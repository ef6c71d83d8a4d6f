/**
 * How code of a contract ends an invocation, besides returning. What is changed in a read-only call is USR_READ_ONLY.
 *
 * Source: builtin-actors v18 actors/evm/src/lib.rs.
 */
export const EvmExitCode = {
  /** REVERT; with it comes what the code reverted with, as a CBOR byte string. */
  REVERTED: 33,
  /** INVALID. */
  INVALID_INSTRUCTION: 34,
  UNDEFINED_INSTRUCTION: 35,
  STACK_UNDERFLOW: 36,
  STACK_OVERFLOW: 37,
  ILLEGAL_MEMORY_ACCESS: 38,
  BAD_JUMP_DESTINATION: 39,
  /** The beneficiary of SELFDESTRUCT could not be paid. */
  SELF_DESTRUCT_FAILED: 40,
} as const
