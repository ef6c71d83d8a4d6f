export type { AddressText, SchemaOptions } from './address-text.ts'
export { BUILTIN_INTERFACES } from './builtin/builtin-actors.ts'
export { type Decoded, decodePlain, decodeWith, interpret, specialise } from './decode.ts'
export { encodeWith, toPlain } from './encode.ts'
export { SchemaError, type SchemaErrorCode } from './errors.ts'
export {
  type ActorInterface,
  both,
  exported,
  Interfaces,
  type MethodInterface,
  numbered,
} from './interfaces.ts'
export { formatKey } from './keys.ts'
export {
  ADDRESS,
  type AmtSchema,
  ANY,
  amt,
  BIG_INT,
  BITFIELD,
  BOOL,
  BYTES,
  CID,
  type ConstantSchema,
  constant,
  type EmbeddedSchema,
  embedded,
  type HamtSchema,
  hamt,
  INT,
  type KamtSchema,
  type KeyKind,
  type LinkSchema,
  type ListSchema,
  link,
  list,
  type MapSchema,
  map,
  type OneOfSchema,
  type OptionalSchema,
  oneOf,
  optional,
  type ScalarKind,
  type Schema,
  STORAGE,
  TEXT,
  TOKENS,
  type TupleSchema,
  tuple,
  U256,
  UINT,
} from './schema.ts'
