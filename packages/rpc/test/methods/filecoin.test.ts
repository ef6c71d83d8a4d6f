import { CodedError, loadCrypto } from '@troupe/crypto'
import { CborStore, cidOf, DAG_CBOR } from '@troupe/ipld'
import { createRpc } from '@troupe/rpc'
import { createTroupe, signMessage, storeEvents } from 'troupe'
import { describe, expect, it } from 'vitest'
import { createEmitterVm } from '../emitter-chain.ts'

async function asked(options: { readonly mining?: 'manual' } = {}) {
  const vm = await createTroupe(options)
  const rpc = createRpc(vm)
  const call = async (method: string, ...params: unknown[]): Promise<never> =>
    (await rpc.call(`Filecoin.${method}`, params)) as never
  return { vm, call }
}

describe('the chain of Filecoin', () => {
  it('has tipsets of one block, found by key and by height', async () => {
    const { call, vm } = await asked()
    await vm.mine()
    await vm.mine({ epochs: 5n })
    const head: { Cids: { '/': string }[]; Blocks: object[]; Height: number } = await call('ChainHead')
    expect(head).toMatchObject({
      Cids: [{ '/': String(vm.head.block) }],
      Height: 6,
      Blocks: [
        {
          Miner: 't099',
          Height: 6,
          ElectionProof: { WinCount: 1 },
          ParentBaseFee: expect.any(String),
          BlockSig: null,
        },
      ],
    })
    expect(await call('ChainGetTipSet', head.Cids)).toEqual(head)
    expect(await call('ChainGetTipSet', null)).toEqual(head)
    expect(await call('ChainGetBlock', head.Cids[0])).toEqual(head.Blocks[0])
    expect(await call('ChainGetTipSetByHeight', 3, null)).toMatchObject({ Height: 1 })
    expect(await call('ChainGetTipSetAfterHeight', 3, [])).toMatchObject({ Height: 6 })
    expect(await call('ChainGetGenesis')).toMatchObject({ Height: 0 })
    await expect(call('ChainGetTipSetByHeight', 7, null)).rejects.toMatchObject({ number: -32000 })
    await expect(call('ChainGetTipSet', [{ '/': 'nothing' }])).rejects.toMatchObject({ number: -32602 })
    await vm.close()
  })

  it('has messages and receipts, in a block and after it', async () => {
    const { call, vm } = await asked()
    const [alice, bob] = vm.accounts
    const { cid } = await vm.send({ from: alice, to: bob ?? '', value: 5n }, { signed: true })
    const block = { '/': String(vm.head.block) }
    const message = {
      To: vm.format(bob?.address as never),
      From: vm.format(alice?.address as never),
      Nonce: 0,
      Value: '5',
      Method: 0,
      Params: null,
    }
    expect(await call('ChainGetBlockMessages', block)).toMatchObject({
      BlsMessages: [],
      SecpkMessages: [
        {
          Message: message,
          Signature: { Type: 1, Data: expect.stringMatching(/^[\w+/]{86,88}=*$/u) },
          CID: { '/': String(cid) },
        },
      ],
      Cids: [{ '/': String(cid) }],
    })
    expect(await call('ChainGetMessage', { '/': String(cid) })).toMatchObject(message)
    expect(await call('ChainGetParentMessages', block)).toEqual([])
    await vm.mine()
    const next = { '/': String(vm.head.block) }
    expect(await call('ChainGetParentMessages', next)).toMatchObject([
      { Cid: { '/': String(cid) }, Message: message },
    ])
    expect(await call('ChainGetParentReceipts', next)).toMatchObject([
      { ExitCode: 0, Return: null, GasUsed: expect.any(Number), EventsRoot: null },
    ])
    expect(await call('StateSearchMsg', [], { '/': String(cid) }, -1, true)).toMatchObject({
      ...{ Message: { '/': String(cid) }, Receipt: { ExitCode: 0 }, Height: 1, TipSet: [block] },
    })
    expect(await call('StateReplay', [], { '/': String(cid) })).toMatchObject({
      ...{ MsgRct: { ExitCode: 0 }, Error: '', GasCost: { TotalCost: expect.stringMatching(/^\d+$/u) } },
      ExecutionTrace: { Msg: { From: 't0100', Value: '5' }, Subcalls: [] },
    })
    expect(await call('EthGetTransactionHashByCid', { '/': String(cid) })).toMatch(/^0x[0-9a-f]{64}$/u)
    expect(await call('ChainHasObj', block)).toBe(true)
    expect(await call('ChainReadObj', block)).toMatch(/^kEIAY/u)
    await vm.close()
  })
})

describe('the state of Filecoin', () => {
  it('has actors, under all their names', async () => {
    const { call, vm } = await asked()
    const [alice] = vm.accounts
    const key = vm.format(alice?.address as never)
    expect(await call('StateGetActor', key, null)).toMatchObject({
      Nonce: 0,
      Balance: String(10_000n * 10n ** 18n),
      DelegatedAddress: null,
    })
    expect(await call('StateGetActor', alice?.ethereum, [])).toMatchObject({
      DelegatedAddress: vm.format(alice?.delegated as never),
    })
    expect(await call('StateLookupID', key, null)).toBe('t0100')
    expect(await call('StateAccountKey', 't0100', null)).toBe(key)
    expect(await call('StateLookupRobustAddress', 't0110', null)).toBe(vm.format(alice?.delegated as never))
    expect(await call('StateReadState', 't0100', null)).toMatchObject({
      Balance: String(10_000n * 10n ** 18n),
      State: { address: key },
    })
    expect(await call('StateListActors', null)).toContain('t0100')
    expect(await call('StateActorCodeCIDs', 28)).toHaveProperty('account')
    await expect(call('StateGetActor', 't0999', null)).rejects.toMatchObject({
      number: -32000,
      message: expect.stringMatching(/^actor not found/u),
    })
    await expect(call('StateAccountKey', 't01', null)).rejects.toMatchObject({ number: -32000 })
    await expect(call('StateGetActor', 'nobody', null)).rejects.toMatchObject({
      number: -32602,
      message: expect.stringMatching(/^address/u),
    })
    await vm.close()
  })

  it('says what the network and the node are', async () => {
    const { call, vm } = await asked()
    expect(await call('StateNetworkName')).toBe('local')
    expect(await call('StateNetworkVersion', null)).toBe(28)
    expect(await call('StateGetNetworkParams')).toMatchObject({
      BlockDelaySecs: 30,
      Eip155ChainID: 31_415_926,
    })
    expect(await call('Version')).toMatchObject({ APIVersion: 131_840, BlockDelay: 30 })
    expect(await call('EthChainId')).toBe('0x1df5e76')
    expect(await call('EthGetBlockByNumber', 'latest', false)).toMatchObject({ number: '0x0' })
    expect(await call('NetVersion')).toBe('31415926')
    await vm.close()
  })

  it('gives the events of a message by the root in its receipt, as many as one may ask for', async () => {
    const vm = await createEmitterVm()
    const crypto = await loadCrypto()
    const ask = (method: string, param: unknown, limits = {}): Promise<never> =>
      createRpc(vm, { limits }).call(`Filecoin.${method}`, [param]) as Promise<never>
    const { cid } = await vm.send({ to: 200n, method: 5n })
    const { Receipt }: { Receipt: { EventsRoot: { '/': string } } } = await ask('StateWaitMsg', {
      '/': String(cid),
    })
    const entry = (Key: string, bytes: readonly number[]): object => ({
      ...{ Flags: 3, Key, Codec: 0x55, Value: Buffer.from(bytes).toString('base64') },
    })
    const word = (last: number): number[] => [...new Uint8Array(31), last]
    expect(await ask('ChainGetEvents', Receipt.EventsRoot)).toEqual([
      { Emitter: 200, Entries: [entry('t1', word(5)), entry('t2', word(7)), entry('d', [1, 2])] },
    ])
    await expect(ask('ChainGetEvents', { '/': String(vm.head.block) })).rejects.toBeInstanceOf(CodedError)
    await expect(
      ask('ChainGetEvents', { '/': String(cidOf(crypto, DAG_CBOR, Uint8Array.of(1))) }),
    ).rejects.toMatchObject({ code: 'rpc/not-found' })

    const store = new CborStore(vm.chain.blocks.blocks, crypto)
    const rootOf = (count: number, bytes: number): object => {
      const value = { flags: 0n, key: 'k', codec: 0x55n, value: new Uint8Array(bytes) }
      const root = storeEvents(
        store,
        Array.from({ length: count }, () => ({ emitter: 1n, entries: [value] })),
      )
      return { '/': String(root) }
    }
    expect(await ask('ChainGetEvents', rootOf(3, 1), { logs: 3 })).toHaveLength(3)
    await expect(ask('ChainGetEvents', rootOf(4, 1), { logs: 3 })).rejects.toMatchObject({
      code: 'rpc/limit',
    })
    const most = 2 ** 16
    expect(await ask('ChainGetEvents', rootOf(128, most - 1))).toHaveLength(128)
    await expect(ask('ChainGetEvents', rootOf(128, most))).rejects.toMatchObject({ code: 'rpc/limit' })
    await vm.close()
  })

  it('is asked by calls that are no messages', async () => {
    const { call, vm } = await asked()
    const message = { To: 't0101', From: 't0100', Value: '7' }
    expect(await call('StateCall', message, null)).toMatchObject({
      ...{ MsgRct: { ExitCode: 0 }, Msg: { Value: '7', GasLimit: 10_000_000_000 }, Error: '' },
      ExecutionTrace: { InvokedActor: { Id: 101 } },
    })
    expect(await call('StateCall', { ...message, Method: 99 }, null)).toMatchObject({
      MsgRct: { ExitCode: 22 },
      Error: expect.stringMatching(/^f0101 method 99: .+ \(USR_UNHANDLED_MESSAGE\)$/u),
    })
    expect(await call('StateCall', { ...message, To: 't0999' }, null)).toMatchObject({
      MsgRct: { ExitCode: 5 },
      Error: expect.stringMatching(/./u),
    })
    expect(await vm.balanceOf(101n)).toBe(10_000n * 10n ** 18n)
    await vm.close()
  })
})

describe('a message of a wallet of Filecoin', () => {
  it('has its gas estimated, is signed, pushed, and waited for', async () => {
    const { call, vm } = await asked()
    const [alice] = vm.accounts
    const From = vm.format(alice?.address as never)
    const estimated: { GasLimit: number; GasFeeCap: string; GasPremium: string } = await call(
      'GasEstimateMessageGas',
      { To: 't0101', From, Value: '3' },
      null,
      null,
    )
    expect(estimated.GasLimit).toBeGreaterThan(100_000)
    expect(estimated.GasPremium).toBe('100000')
    const message = {
      ...vm.prepare({ from: alice, to: 't0101', value: 3n }),
      ...{
        gasLimit: BigInt(estimated.GasLimit),
        gasFeeCap: BigInt(estimated.GasFeeCap),
        gasPremium: BigInt(estimated.GasPremium),
      },
    }
    const { signature } = signMessage(vm.crypto, alice as never, message)
    const signed = {
      Message: {
        Version: 0,
        To: 't0101',
        From,
        Nonce: 0,
        Value: '3',
        ...{ GasLimit: estimated.GasLimit, GasFeeCap: estimated.GasFeeCap, GasPremium: estimated.GasPremium },
        Method: 0,
        Params: null,
      },
      Signature: { Type: signature.type, Data: Buffer.from(signature.data).toString('base64') },
    }
    await expect(
      call('MpoolPush', { ...signed, Message: { ...signed.Message, Value: '4' } }),
    ).rejects.toMatchObject({ number: -32003 })
    const cid = await call('MpoolPush', signed)
    expect(await call('StateWaitMsg', cid, 1, -1, true)).toMatchObject({
      Message: cid,
      Receipt: { ExitCode: 0 },
    })
    expect(await call('MpoolGetNonce', From)).toBe(1)
    expect(await call('WalletBalance', 't0101')).toBe(String(10_000n * 10n ** 18n + 3n))
    await vm.close()
  })

  it('may be one of the accounts of the chain, and wait', async () => {
    const { call, vm } = await asked({ mining: 'manual' })
    const [From]: string[] = await call('WalletList')
    expect(await call('WalletDefaultAddress')).toBe(From)
    expect(await call('WalletHas', From)).toBe(true)
    expect(await call('WalletHas', 't1abjxfbp274xpdqcpuaykwkfb43omjotacm2p3za')).toBe(false)
    const pushed: { CID: object } = await call('MpoolPushMessage', { To: 't0101', From, Value: '3' }, null)
    expect(await call('MpoolPending', null)).toEqual([pushed])
    const waiting = call('StateWaitMsg', pushed.CID)
    await vm.mine()
    expect(await waiting).toMatchObject({ Height: 1, Message: pushed.CID })
    await vm.close()
  })
})

describe('names of the two worlds', () => {
  it('are found by each other', async () => {
    const { call, vm } = await asked()
    const [alice] = vm.accounts
    const delegated = vm.format(alice?.delegated as never)
    expect(await call('EthAddressToFilecoinAddress', alice?.ethereum)).toBe(delegated)
    for (const name of [delegated, 't0110'])
      expect(await call('FilecoinAddressToEthAddress', name)).toBe(alice?.ethereum.toLowerCase())
    expect(await call('FilecoinAddressToEthAddress', 't0100')).toBe(
      '0xff00000000000000000000000000000000000064',
    )
    await expect(
      call('FilecoinAddressToEthAddress', 't1abjxfbp274xpdqcpuaykwkfb43omjotacm2p3za'),
    ).rejects.toMatchObject({ number: -32000 })
    const { cid, hash } = await vm.send(
      { from: alice?.delegated ?? '', to: 't0101', value: 1n },
      { signed: true },
    )
    expect(await call('EthGetMessageCidByTransactionHash', hash)).toEqual({ '/': String(cid) })
    expect(await call('EthGetTransactionHashByCid', { '/': String(cid) })).toBe(hash)
    await vm.close()
  })
})
