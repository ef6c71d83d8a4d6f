export { Bitfield, type BitRange, bitfieldCodec, MAX_BIT, MAX_BITFIELD_BYTES } from './bitfield.ts'
