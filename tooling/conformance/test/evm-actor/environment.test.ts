import type { Assembler } from '@troupe/differential'
import { expect } from 'vitest'
import { onBothActors } from './networks.ts'
import { evaluating } from './programs.ts'
import {
  bytesOf,
  ETHEREUM_ACCOUNT,
  masked,
  PLACEHOLDER,
  type Stage,
  type Staged,
  WHO,
  wordOf,
  words,
} from './stage.ts'

/** What randomness for contracts is drawn with. */
const EVM_PREV_RANDAO = 10n

/** The word that instructions leave. */
function evaluate(stage: Stage, build: (code: Assembler) => Assembler, staged: Staged = {}): bigint {
  return wordOf(stage.call(stage.create(evaluating(build)), new Uint8Array(), staged).output)
}

onBothActors('what a contract is told', (play) => {
  play('the time of the tipset', (stage) => {
    stage.conditions.timestamp = 123n
    expect(evaluate(stage, (code) => code.op('TIMESTAMP'))).toBe(123n)
  })

  play('the chain', (stage) => {
    stage.conditions.chainId = 1989n
    expect(evaluate(stage, (code) => code.op('CHAINID'))).toBe(1989n)
  })

  play('a gas limit of blocks that never changes', (stage) => {
    expect(evaluate(stage, (code) => code.op('GASLIMIT'))).toBe(10_000_000_000n)
  })

  play('a gas price of base fee and premium', (stage) => {
    stage.conditions.baseFee = 123n
    stage.conditions.gasPremium = 345n
    expect(evaluate(stage, (code) => code.op('GASPRICE'))).toBe(468n)
  })

  play('how much gas is left', (stage) => {
    const contract = stage.create(evaluating((code) => code.op('GAS')))
    const gasLimit = 500_000_000n
    const outcome = stage.call(contract, new Uint8Array(), { gasLimit })
    const left = wordOf(outcome.output)
    expect(left).toBeLessThan(gasLimit)
    expect(left).toBeGreaterThanOrEqual(gasLimit - outcome.gasUsed)
  })

  play('its own Ethereum address', (stage) => {
    const contract = stage.create(evaluating((code) => code.op('ADDRESS')))
    expect(wordOf(stage.call(contract).output)).toBe(contract)
  })

  play('callers and origins by Ethereum address, and by id where they have none', (stage) => {
    for (const op of ['CALLER', 'ORIGIN']) {
      const contract = stage.create(evaluating((code) => code.op(op)))
      const tells = (from: bigint): bigint => wordOf(stage.call(contract, new Uint8Array(), { from }).output)
      expect(tells(WHO.account), op).toBe(masked(WHO.account))
      expect(tells(WHO.ethereumAccount), op).toBe(ETHEREUM_ACCOUNT)
    }
  })

  play('balances by id and by Ethereum address; nobody has none', (stage) => {
    const contract = stage.create(evaluating((code) => code.push(0).op('CALLDATALOAD', 'BALANCE')))
    const balance = (of: bigint): bigint => wordOf(stage.call(contract, words(of)).output)
    expect(balance(masked(WHO.placeholder))).toBe(5n)
    expect(balance(PLACEHOLDER)).toBe(5n)
    expect(balance(123n)).toBe(0n)
    expect(balance(0n)).toBe(0n)
    expect(balance(masked(WHO.nobody))).toBe(0n)
  })

  play('the hashes of the 256 tipsets before this one', (stage) => {
    const at = 0xffffn
    const contract = stage.create(evaluating((code) => code.push(at).op('BLOCKHASH')))
    const hash = stage.externs.tipsetCid(at).multihash.digest.subarray(0, 32)
    const nothing = new Uint8Array(32)
    for (const [epoch, expected] of [
      [at - 1n, nothing],
      [at, nothing],
      [at + 2n, hash],
      [at + 256n, hash],
      [at + 257n, nothing],
    ] as const) {
      stage.conditions.epoch = epoch
      expect(stage.call(contract).output, String(epoch)).toEqual(expected)
    }
  })

  play('randomness of the epoch, the same however often it asks', (stage) => {
    const contract = stage.create(evaluating((code) => code.op('PREVRANDAO')))
    const tells = (epoch: bigint): bigint => {
      stage.conditions.epoch = epoch
      return wordOf(stage.call(contract).output)
    }
    const { crypto, externs } = stage
    const drawn = (epoch: bigint): bigint => {
      const preimage = [
        bytesOf(EVM_PREV_RANDAO, 8),
        externs.beaconRandomness(epoch),
        bytesOf(epoch, 8),
        new TextEncoder().encode('prevrandao'),
      ]
      return wordOf(crypto.blake2b(Uint8Array.from(preimage.flatMap((bytes) => [...bytes])), 32))
    }
    expect(tells(1101n)).toBe(drawn(1101n))
    expect(tells(1102n)).toBe(drawn(1102n))
    const again = stage.create(evaluating((code) => code.op('PREVRANDAO', 'PREVRANDAO', 'EQ')))
    expect(wordOf(stage.call(again).output)).toBe(1n)
  })
})
