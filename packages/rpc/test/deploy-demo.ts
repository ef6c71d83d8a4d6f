import { createRpc } from '@troupe/rpc'
import type { Troupe } from 'troupe'
import { encodeDeployData, encodeFunctionData, type Hex } from 'viem'
import { createContractVm } from './contract-chain.ts'
import { demoAbi, demoBytecode } from './demo-contract.ts'

/** Data of a call of the contract. */
export const encoded = (functionName: string, args: unknown[] = []): Hex =>
  encodeFunctionData({ abi: demoAbi, functionName, args } as never)

type Limits = NonNullable<NonNullable<Parameters<typeof createRpc>[1]>['limits']>

/** What a test does with a contract that was deployed. */
export interface DeployedDemo {
  readonly vm: Troupe
  readonly call: (method: string, ...params: unknown[]) => Promise<never>
  readonly from: Hex
  readonly to: Hex
  /** Its initcode. */
  readonly data: Hex
  /** Hash of the transaction that created it. */
  readonly creation: Hex
  readonly send: (input: Hex, fields?: object) => Promise<Hex>
}

/** A contract that was deployed, at block 1, by the first account. */
export async function deployDemo(limits: Limits = {}, chain?: Troupe): Promise<DeployedDemo> {
  const vm: Troupe = chain ?? (await createContractVm())
  const rpc = createRpc(vm, { limits })
  const call = async (method: string, ...params: unknown[]): Promise<never> =>
    (await rpc.call(method, params)) as never
  const from = vm.accounts[0]?.ethereum.toLowerCase() as Hex
  const data = encodeDeployData({ abi: demoAbi, bytecode: demoBytecode, args: [5n] })
  const creation: Hex = await call('eth_sendTransaction', { from, data })
  const { contractAddress: to }: { contractAddress: Hex } = await call('eth_getTransactionReceipt', creation)
  const send = (input: Hex, fields: object = {}): Promise<Hex> =>
    call('eth_sendTransaction', { from, to, data: input, ...fields })
  return { vm, call, from, to, data, creation, send }
}
