/** @module Values that actors are called with. */
import {
  type Address,
  actorAddress,
  addressCodec,
  blsAddress,
  delegatedAddress,
  idAddress,
  secp256k1Address,
} from '@troupe/hypervisor'
import { encodeValue, type ValueCodec } from '@troupe/ipld'
import fc, { type Arbitrary } from 'fast-check'
import type { World } from '../world.ts'
import { constant, type Parameters } from './generator.ts'

/** Any bytes, mostly few. */
export const bytes: Arbitrary<Uint8Array> = fc.uint8Array({ maxLength: 200 })

/** An unsigned 64-bit integer, often a small one or a greatest one. */
export const u64: Arbitrary<bigint> = fc.oneof(
  fc.bigInt(0n, 30n),
  fc.bigInt(0n, 2n ** 64n - 1n),
  fc.constant(2n ** 64n - 1n),
)

/** A signed 64-bit integer. */
export const i64: Arbitrary<bigint> = fc.oneof(fc.bigInt(-3n, 30n), fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n))

/** An amount: often none, sometimes negative, sometimes more than there is. */
export const amount: Arbitrary<bigint> = fc.oneof(
  fc.constant(0n),
  fc.bigInt(0n, 10n ** 22n),
  fc.bigInt(-(10n ** 20n), 10n ** 30n),
)

/** Any address, of an actor that is there or of one that is not. */
export function address(world: World): Arbitrary<Address> {
  const seed = fc.uint8Array({ minLength: 65, maxLength: 65 })
  return fc.oneof(
    fc.bigInt(0n, 300n).map(idAddress),
    fc.constantFrom(...world.accounts.map((account) => account.address)),
    seed.map((key) => secp256k1Address(world.crypto, key)),
    seed.map((key) => blsAddress(key.subarray(0, 48))),
    seed.map((data) => actorAddress(world.crypto, data)),
    fc.tuple(fc.bigInt(0n, 20n), bytes).map(([space, rest]) => delegatedAddress(space, rest.subarray(0, 54))),
  )
}

/** Parameters of a codec. */
export function encoded<V>(codec: ValueCodec<V>, values: Arbitrary<V>): Arbitrary<Parameters> {
  return constant(values.map((value) => encodeValue(codec, value)))
}

/** An address as parameters. */
export function encodedAddress(world: World): Arbitrary<Parameters> {
  return encoded(addressCodec, address(world))
}
