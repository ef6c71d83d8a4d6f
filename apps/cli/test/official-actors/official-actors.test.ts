import { loadNodeCrypto } from '@troupe/crypto-node'
import {
  type Address,
  decodeAddress,
  ethereumAddress,
  idAddress,
  type MessageResult,
  methodNumber,
  rulesOf,
} from '@troupe/hypervisor'
import { CborReader, CborWriter } from '@troupe/ipld'
import { describe, expect, it } from 'vitest'
import { GOLDENS } from './goldens.ts'
import { OfficialNetwork, officialCodes, RELEASES, userBundles } from './network.ts'

const SKIP_REASON = 'the bundle cache lacks this release: add it with `troupe bundle add`'
const crypto = await loadNodeCrypto()
const bundles = userBundles(crypto)

const INIT = idAddress(1n)
const EXEC = 2n
const PROPOSE = 2n
const APPROVE = 3n
const THIS_EPOCH_REWARD = 3n
const CREATE_EXTERNAL = 4n
const [INVOKE_EVM, MINT, BALANCE] = ['InvokeEVM', 'Mint', 'Balance'].map((name) =>
  methodNumber(crypto, name),
) as [bigint, bigint, bigint]

const hex = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
/** Stores the first word of its input, logs the word after it with the word itself as topic, and returns what it has logged. */
const CONTRACT = '6000358060005560005460010160005260206000a160206000f3'
/** Returns the contract. */
const INITCODE = hex(`601a80600b6000396000f3${CONTRACT}`)

/** The address of the first contract of an Ethereum account: the end of keccak-256 of the list of its address and 0, in RLP. */
const firstContractOf = (account: Uint8Array): Uint8Array =>
  crypto.keccak256(Uint8Array.of(0xd6, 0x94, ...account, 0x80)).subarray(12)

/** A scenario of messages to the official actors of one release; gives the gas of each message, and the state root. */
function play(net: OfficialNetwork, codeOf: (name: string) => Uint8Array): { gas: number[]; root: string } {
  const gas: number[] = []
  const ok = (result: MessageResult): CborReader => {
    expect(result.failure?.backtrace?.toString()).toBeUndefined()
    expect(result.receipt.exitCode).toBe(0)
    expect(result.fidelity.level).toBe('exact')
    gas.push(Number(result.receipt.gasUsed))
    return new CborReader(result.receipt.returnData)
  }
  const { state } = net.machine
  const balance = (address: Address): bigint | undefined => {
    const id = state.lookupId(address)
    return id === undefined ? undefined : state.getActor(id)?.balance
  }
  const code = (address: Address): string => {
    const found = state.getActor(state.lookupId(address) as bigint)?.code
    return found === undefined ? 'nothing' : (net.machine.manifest.nameOf(found) ?? 'unknown')
  }
  const [a, b, fresh] = net.keys

  // A value for a key that nobody has seen makes an account.
  expect(state.lookupId(fresh)).toBeUndefined()
  ok(net.send(a, fresh, { value: 700n }))
  expect(state.lookupId(fresh)).toBe(102n)
  expect([code(fresh), balance(fresh)]).toEqual(['account', 700n])

  // The init actor makes a multisig of two signers, both of whom have to agree.
  const signers = new CborWriter().array(4).array(2).bytes(idAddress(100n).bytes).bytes(idAddress(101n).bytes)
  const multisig = signers.uint(2).uint(0).uint(0).finish()
  const exec = new CborWriter().array(2).raw(codeOf('multisig')).bytes(multisig).finish()
  const made = ok(net.send(a, INIT, { method: EXEC, value: 1000n, params: exec }))
  made.tuple(2)
  const wallet = decodeAddress(made.bytes())
  const robust = decodeAddress(made.bytes())
  expect([wallet.id, robust.protocol]).toEqual([103n, 2])
  expect(state.lookupId(robust)).toBe(103n)
  expect([code(wallet), balance(wallet)]).toEqual(['multisig', 1000n])

  const transfer = new CborWriter().array(4).bytes(fresh.bytes).bigInt(300n).uint(0).bytes(new Uint8Array())
  const proposed = ok(net.send(a, wallet, { method: PROPOSE, params: transfer.finish() }))
  proposed.tuple(4)
  expect([proposed.uint(32), proposed.bool()]).toEqual([0, false])
  expect(balance(fresh)).toBe(700n)
  const approval = new CborWriter().array(2).uint(0).bytes(new Uint8Array()).finish()
  const approved = ok(net.send(b, wallet, { method: APPROVE, params: approval }))
  approved.tuple(3)
  expect([approved.bool(), approved.uint(32)]).toEqual([true, 0])
  expect([balance(wallet), balance(fresh)]).toEqual([700n, 1000n])

  // A value for an Ethereum address makes a placeholder, which becomes an account by its first message.
  const ethereum = new Uint8Array(20).fill(0xee)
  const user = ethereumAddress(ethereum)
  ok(net.send(a, user, { value: 10n ** 18n }))
  expect(code(user)).toBe('placeholder')
  const deploy = new CborWriter().bytes(INITCODE).finish()
  const deployed = ok(net.send(user, idAddress(10n), { method: CREATE_EXTERNAL, params: deploy }))
  deployed.tuple(3)
  const id = deployed.uint64()
  decodeAddress(deployed.bytes())
  const address = deployed.bytes()
  expect(code(user)).toBe('ethaccount')
  expect(address).toEqual(firstContractOf(ethereum))
  const contract = ethereumAddress(address)
  expect(state.lookupId(contract)).toBe(id)
  expect(code(contract)).toBe('evm')

  for (const [sender, word] of [
    [user, 41],
    [a, 254],
  ] as const) {
    const input = new Uint8Array(32)
    input[31] = word
    const params = new CborWriter().bytes(input).finish()
    const result = net.send(sender, contract, { method: INVOKE_EVM, params })
    const output = ok(result).bytes()
    expect([output.length, output[31]]).toEqual([32, word + 1])
    expect(result.events).toEqual([
      {
        emitter: id,
        entries: [
          { flags: 3n, key: 't1', codec: 0x55n, value: input },
          { flags: 3n, key: 'd', codec: 0x55n, value: output },
        ],
      },
    ])
    expect(result.receipt.eventsRoot).not.toBeNull()
  }

  // Data cap is minted by its governor, and is asked for by anyone.
  const datacap = idAddress(7n)
  const mint = new CborWriter()
    .array(3)
    .bytes(idAddress(101n).bytes)
    .bigInt(5n * 10n ** 18n)
    .array(0)
    .finish()
  ok(net.send(a, datacap, { method: MINT, params: mint }))
  const holder = new CborWriter().bytes(idAddress(101n).bytes).finish()
  expect(ok(net.send(b, datacap, { method: BALANCE, params: holder })).bigInt()).toBe(5n * 10n ** 18n)
  const stranger = net.send(b, datacap, { method: MINT, params: mint })
  expect(stranger.receipt.exitCode).toBe(18)

  const reward = ok(net.send(b, idAddress(2n), { method: THIS_EPOCH_REWARD }))
  reward.tuple(2)
  reward.tuple(2)
  expect([reward.bigInt(), reward.bigInt(), reward.bigInt()]).toEqual([3n, 4n, 5n])

  // Out of gas, and everything but the fee is as before.
  const poor = net.send(a, fresh, { value: 1n, gasLimit: 1_300_000n })
  expect(poor.receipt).toMatchObject({ exitCode: 7, gasUsed: 1_300_000n })
  expect(balance(fresh)).toBe(1000n)
  return { gas, root: net.machine.flush().toString() }
}

describe.each(RELEASES)(
  'the official actors of release %s at network version %i',
  { timeout: 60_000 },
  (release, nv, manifest) => {
    const codes = officialCodes(bundles, manifest)
    const rules = rulesOf(nv)

    it('can all be prepared, and play a scenario with our gas and state root', ({ skip }) => {
      if (codes === undefined) return skip(SKIP_REASON)
      const net = new OfficialNetwork(rules, codes, bundles, crypto)
      const codeOf = (name: string): Uint8Array => {
        const code = codes.get(name)
        if (code === undefined) throw new Error(`no ${name}`)
        return new CborWriter().cid(code).finish()
      }
      expect(play(net, codeOf)).toEqual(GOLDENS[release])
      expect(codes.size).toBe(16)
      for (const code of codes.values()) expect(net.machine.program(code).fidelity.level).toBe('exact')
    })
  },
)
