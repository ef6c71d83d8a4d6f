import * as calls from './calls.ts'
import * as copying from './copying.ts'
import * as environment from './environment.ts'
import type { Operation } from './rules.ts'
import * as storage from './storage.ts'

/** What the loop hands to a function of its own, by opcode. */
export const OPERATIONS: ReadonlyArray<Operation | undefined> = tabulate([
  [0x20, copying.keccak],
  [0x30, environment.ownAddress],
  [0x31, environment.balance],
  [0x32, environment.origin],
  [0x33, environment.caller],
  [0x37, copying.callDataCopy],
  [0x39, copying.codeCopy],
  [0x3a, environment.gasPrice],
  [0x3b, environment.externalCodeSize],
  [0x3c, environment.externalCodeCopy],
  [0x3e, copying.returnDataCopy],
  [0x3f, environment.externalCodeHash],
  [0x40, environment.blockHash],
  [0x41, environment.coinbase],
  [0x42, environment.timestamp],
  [0x43, environment.blockNumber],
  [0x44, environment.prevRandao],
  [0x45, environment.blockGasLimit],
  [0x46, environment.chainId],
  [0x47, environment.selfBalance],
  [0x48, environment.baseFee],
  [0x49, environment.blobHash],
  [0x4a, environment.blobBaseFee],
  [0x54, storage.load],
  [0x55, storage.store],
  [0x5a, environment.gasLeft],
  [0x5c, storage.loadTransient],
  [0x5d, storage.storeTransient],
  [0x5e, copying.memoryCopy],
  [0xa0, storage.logWith(0)],
  [0xa1, storage.logWith(1)],
  [0xa2, storage.logWith(2)],
  [0xa3, storage.logWith(3)],
  [0xa4, storage.logWith(4)],
  [0xf0, calls.create],
  [0xf1, calls.call],
  [0xf2, calls.callCode],
  [0xf4, calls.delegateCall],
  [0xf5, calls.create2],
  [0xfa, calls.staticCall],
  [0xff, storage.selfDestruct],
])

function tabulate(
  rows: ReadonlyArray<readonly [opcode: number, operation: Operation]>,
): Array<Operation | undefined> {
  const table: Array<Operation | undefined> = Array.from({ length: 256 }, () => undefined)
  for (const [opcode, operation] of rows) table[opcode] = operation
  return table
}
