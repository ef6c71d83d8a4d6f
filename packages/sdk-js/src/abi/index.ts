/**
 * Contracts of the EVM, called with values and answering in values.
 *
 * ```ts
 * import { contract, defineAbi } from '@troupe/sdk-js/abi'
 *
 * const TOKEN = defineAbi([...]) // the JSON that a compiler writes
 * contract(ref, TOKEN).transfer(to, 5n)
 * ```
 *
 * It is not in the image, but bundled into the actors that import it.
 *
 * @module
 */
export type { Abi, AbiParameter, EthereumAddress, ResultOf, ValueOf, ValuesOf } from './abi-values.ts'
export { type Answers, answer, revert } from './answer.ts'
export { ContractError, type ContractFunctions, contract } from './contract.ts'
export { type ContractAbi, defineAbi } from './define-abi.ts'
export { atEthereumAddress, ethereumAddress } from './ethereum-address.ts'
