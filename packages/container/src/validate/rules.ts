/** A rule of validation that a well-formed function body can break. */
export type ValidationRule =
  /** A value has another type than the instruction, block or function wants. */
  | 'type-mismatch'
  /** Fewer values than the instruction or the end of the block wants. */
  | 'missing-value'
  /** More values at the end of a block than it leaves. */
  | 'surplus-value'
  /** `if` leaves a value, and has no `else`. */
  | 'missing-else'
  /** `else` belongs to no `if`. */
  | 'misplaced-else'
  /** There is code after the end of the function. */
  | 'code-after-end'
  /** The labels of `br_table` take different numbers of values. */
  | 'label-arity'
  /** A memory access is aligned more than its size. */
  | 'alignment'
  /** `global.set` of a global that is not mutable. */
  | 'immutable-global'
  /** `memory.init` or `data.drop`, and no data count section. */
  | 'data-count'
  /** `ref.func` of a function that is neither exported nor among elements nor in a global. */
  | 'undeclared-reference'
  /** Typed `select` of more or fewer than one type. */
  | 'select-arity'
  | 'unknown-local'
  | 'unknown-global'
  | 'unknown-function'
  | 'unknown-type'
  | 'unknown-table'
  | 'unknown-memory'
  | 'unknown-label'
  | 'unknown-element-segment'
  | 'unknown-data-segment'
