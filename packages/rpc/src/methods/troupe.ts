/** @module What chains of this kind have of their own. */
import { CodedError } from '@troupe/crypto'
import { type Address, idAddress } from '@troupe/hypervisor'
import { type Troupe, toAddress } from 'troupe'
import { type Method, method } from '../method.ts'
import { invalid, optional, parameter, type Reader, reader } from '../parameters/parameter.ts'
import { quantity, show, text } from '../parameters/readers.ts'

/** Characters of an address as text: f4 with the longest subaddress has fewer. */
const MAX_ADDRESS_LENGTH = 120
/** The actor that has what rewards are paid from: what it gives was in nobody's hands. */
const REWARD_ACTOR = idAddress(2n)
const FIL = 10n ** 18n
const DEFAULT_GIFT = 100n * FIL
const MAX_GIFT = 1_000_000n * FIL

const recipient = text(MAX_ADDRESS_LENGTH)
const amount: Reader<bigint> = reader('attoFIL', (value, at) => {
  const given = quantity.read(value, at)
  if (given <= MAX_GIFT) return given
  throw invalid(at, `is more than ${MAX_GIFT / FIL} FIL: ${show(value)}`)
})

/** troupe_*. */
export const TROUPE_METHODS: readonly Method[] = [
  /** Gives attoFIL (default: 100 FIL) to an address of any kind, and the CID of the message that does; its block may be still to come. */
  method(
    'troupe_faucet',
    'control',
    [parameter('address', recipient), parameter('amount', optional(amount))],
    async ({ vm }, [to, value = DEFAULT_GIFT]) => {
      // Nobody signs for the reward actor, and nobody pays.
      const gift = { from: REWARD_ACTOR, to: addressOf(vm, to), value, gasFeeCap: 0n }
      return String(await vm.post(gift, { impersonate: true }))
    },
  ),
]

function addressOf(vm: Troupe, address: string): Address {
  try {
    return toAddress(vm.crypto, address, 'address')
  } catch (cause) {
    if (cause instanceof CodedError)
      throw invalid('address', `is none of Filecoin, and none of Ethereum: ${show(address)}`)
    throw cause
  }
}
