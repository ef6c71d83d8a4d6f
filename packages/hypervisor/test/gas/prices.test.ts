import { HYGGE, OH_SNAP, type PriceList, SKYR } from '@troupe/hypervisor'
import { describe, expect, it } from 'vitest'

/** The sum of charges, in whole gas, rounded up as receipts have it. */
function gasUsed(...milligas: readonly number[]): number {
  return Math.ceil(milligas.reduce((sum, charge) => sum + charge, 0) / 1000)
}

describe('prices', () => {
  // Messages of the main network with their gas as receipts have it: fvm-test-vectors, by the parts that a trace shows.
  it('add up to nv17 fil_9_account/Send', () => {
    expect(gasUsed(SKYR.onChainMessage(81), SKYR.onMethodInvocation(0n, 0n))).toBe(220196)
  })

  it('add up to nv17 fil_9_storageminer/ChangePeerID', () => {
    const wasm = 859_288_000
    expect(
      gasUsed(
        SKYR.onChainMessage(125),
        SKYR.onMethodInvocation(0n, 4n),
        wasm,
        14 * SKYR.onSyscall(),
        2 * SKYR.onBlockOpenBase(),
        SKYR.onBlockOpen(438),
        SKYR.onBlockRead(479),
        SKYR.onBlockCreate(438),
        2 * SKYR.onBlockLink(0),
        SKYR.onBlockLink(438) - SKYR.onBlockLink(0),
      ),
    ).toBe(2_885_097)
  })

  it('add up to nv18 fil_10_storageminer/Send', () => {
    expect(gasUsed(HYGGE.onChainMessage(95), HYGGE.onValueTransfer(), HYGGE.onActorUpdate())).toBe(1_165_163)
  })

  it('add up to nv18 fil_10_storageminer/ChangePeerID', () => {
    const wasm = 392_444_400
    expect(
      gasUsed(
        HYGGE.onChainMessage(123),
        HYGGE.onMethodInvocation(0n, 4n),
        HYGGE.onMemoryInit(18 * 65_536),
        wasm,
        16 * HYGGE.onSyscall(),
        2 * HYGGE.onBlockOpenBase(),
        HYGGE.onBlockOpen(427),
        HYGGE.onBlockRead(468),
        HYGGE.onBlockCreate(427),
        2 * HYGGE.onBlockLink(0),
        HYGGE.onBlockLink(427) - HYGGE.onBlockLink(0),
        HYGGE.onActorUpdate(),
      ),
    ).toBe(5_185_949)
  })
})

describe('prices of every list', () => {
  it.each<[string, PriceList]>([
    ['oh-snap', OH_SNAP],
    ['skyr', SKYR],
    ['hygge', HYGGE],
  ])('%s: aggregated seals go up in steps', (name, prices) => {
    expect(prices.name).toBe(name)
    const per32 = 449_900_000
    expect(prices.onVerifyAggregateSeals(8n, 0)).toBe(0)
    expect(prices.onVerifyAggregateSeals(8n, 3)).toBe(3 * per32)
    expect(prices.onVerifyAggregateSeals(8n, 4)).toBe(4 * per32 + 103_994_170_000)
    expect(prices.onVerifyAggregateSeals(8n, 6)).toBe(6 * per32 + 103_994_170_000)
    expect(prices.onVerifyAggregateSeals(8n, 7)).toBe(7 * per32 + 112_356_810_000)
    expect(prices.onVerifyAggregateSeals(8n, 13)).toBe(13 * per32 + 122_912_610_000)
    expect(prices.onVerifyAggregateSeals(8n, 26)).toBe(26 * per32 + 137_559_930_000)
    expect(prices.onVerifyAggregateSeals(8n, 52)).toBe(52 * per32 + 162_039_100_000)
    expect(prices.onVerifyAggregateSeals(8n, 103)).toBe(103 * per32 + 210_960_780_000)
    expect(prices.onVerifyAggregateSeals(8n, 409)).toBe(409 * per32 + 318_351_180_000)
    expect(prices.onVerifyAggregateSeals(8n, 410)).toBe(410 * per32 + 528_274_980_000)
    expect(prices.onVerifyAggregateSeals(9n, 819)).toBe(819 * 359_272_000 + 509_880_640_000)
    expect(prices.onVerifyAggregateSeals(9n, 4)).toBe(4 * 359_272_000 + 102_581_240_000)
    // Other kinds of proof, unknown ones among them, cost what 32 GiB sectors do.
    for (const other of [-1n, 0n, 7n, 14n, 2n ** 62n]) {
      expect(prices.onVerifyAggregateSeals(other, 10)).toBe(prices.onVerifyAggregateSeals(8n, 10))
    }
  })

  it.each([OH_SNAP, SKYR, HYGGE])('$name: some amounts never changed', (prices) => {
    expect(prices.onComputeUnsealedSectorCid()).toBe(98_647_000)
    expect(prices.onVerifySeal()).toBe(2_000_000)
    expect(prices.onVerifyReplicaUpdate()).toBe(36_316_136_000)
    expect(prices.onVerifyPost(0)).toBe(117_680_921_000)
    expect(prices.onVerifyPost(2349)).toBe(117_680_921_000 + 2349 * 43_780_000)
    expect(prices.onRecoverSecpPublicKey()).toBe(1_637_292_000)
    expect(prices.onChainReturnValue(0)).toBe(0)
    expect(prices.onChainReturnValue(3)).toBe(3_900_000)
    expect(prices.wasm.zeroCostOps).toEqual({
      unreachable: 0,
      nop: 1,
      block: 2,
      loop: 3,
      else: 5,
      end: 11,
      return: 15,
      drop: 26,
    })
  })

  it.each([OH_SNAP, SKYR, HYGGE])(
    '$name: amounts are safe integers, also for the greatest lengths',
    (prices) => {
      const huge = 2 ** 32 - 1
      for (const amount of [
        prices.onChainMessage(huge),
        prices.onChainReturnValue(huge),
        prices.onBlockOpen(huge),
        prices.onBlockCreate(huge),
        prices.onBlockRead(huge),
        prices.onBlockLink(huge),
        prices.onHash(0x1053, huge),
        prices.onVerifySignature(2, huge),
        prices.onVerifyPost(huge),
        prices.onVerifyAggregateSeals(8n, huge),
        prices.onRandomness(huge),
        prices.onEventValidate(huge),
        prices.onEventAccept(huge),
        prices.onMemoryInit(huge),
        prices.onTableInit(huge),
      ]) {
        expect(Number.isSafeInteger(amount)).toBe(true)
        expect(amount).toBeGreaterThanOrEqual(0)
      }
    },
  )

  it('saturate where they would not be exact', () => {
    expect(HYGGE.onBlockLink(2 ** 32 - 1)).toBe(Number.MAX_SAFE_INTEGER)
    expect(HYGGE.onBlockLink(2 ** 31)).toBe(506_000_000 + 3_352_400 * 2 ** 31)
  })
})

describe('the prices of network versions 16 and 17', () => {
  it('charge a call by value and method', () => {
    expect(SKYR.onMethodInvocation(0n, 0n)).toBe(29_233_000)
    expect(SKYR.onMethodInvocation(1n, 0n)).toBe(216_405_000)
    expect(SKYR.onMethodInvocation(0n, 2n)).toBe(23_856_000)
    expect(SKYR.onMethodInvocation(1n, 2n)).toBe(51_356_000)
    // A negative value is not zero.
    expect(SKYR.onMethodInvocation(-1n, 0n)).toBe(216_405_000)
  })

  it('charge and refund actors', () => {
    expect(SKYR.onCreateActor()).toBe(1_207_254_000)
    expect(SKYR.onDeleteActor()).toBe(-98_800_000)
  })

  it('charge blocks', () => {
    expect(SKYR.onBlockOpenBase()).toBe(135_617_000)
    expect(SKYR.onBlockOpen(3)).toBe(31_500)
    expect(SKYR.onBlockCreate(3)).toBe(31_500)
    expect(SKYR.onBlockRead(3)).toBe(1_500)
    expect(SKYR.onBlockLink(3)).toBe(353_640_000 + 3_000 + 3_900_000)
  })

  it('charge syscalls, and what they ask the node', () => {
    expect(SKYR.onSyscall()).toBe(14_000_000)
    expect(SKYR.onHash(0x12, 1000)).toBe(31_355_000)
    expect(SKYR.onVerifySignature(1, 1000)).toBe(1_637_292_000)
    expect(SKYR.onVerifySignature(2, 1000)).toBe(16_598_605_000)
    expect(SKYR.onVerifyConsensusFault()).toBe(516_422_000)
    expect(SKYR.onRandomness(32)).toBe(21_000_000)
  })

  it('charge code by the instruction only', () => {
    expect(SKYR.wasm.base).toBe(4000)
    expect(SKYR.wasm.linear).toBeUndefined()
  })

  it('are zero for what came later', () => {
    for (const amount of [
      SKYR.onValueTransfer(),
      SKYR.onActorLookup(),
      SKYR.onActorUpdate(),
      SKYR.onAddressAssignment(),
      SKYR.onTipsetCid(1),
      SKYR.onEventValidate(10),
      SKYR.onEventAccept(10),
      SKYR.onMemoryInit(10),
      SKYR.onTableInit(10),
    ]) {
      expect(amount).toBe(0)
    }
    expect(SKYR.preloadedActors).toEqual([])
  })
})

describe('the prices of network version 15', () => {
  it('leave out syscalls, questions to the node, memory and code', () => {
    expect(OH_SNAP.onSyscall()).toBe(0)
    expect(OH_SNAP.onBlockOpenBase()).toBe(114_617_000)
    expect(OH_SNAP.onBlockOpen(10)).toBe(0)
    expect(OH_SNAP.onBlockCreate(10)).toBe(0)
    expect(OH_SNAP.onBlockRead(10)).toBe(0)
    expect(OH_SNAP.onBlockLink(10)).toBe(353_640_000 + 13_000_000)
    expect(OH_SNAP.onRandomness(32)).toBe(0)
    expect(OH_SNAP.onVerifyConsensusFault()).toBe(495_422_000)
    expect(OH_SNAP.wasm).toMatchObject({ base: 0, linear: undefined })
  })

  it('are those of the next versions otherwise', () => {
    expect(OH_SNAP.onChainMessage(81)).toBe(SKYR.onChainMessage(81))
    expect(OH_SNAP.onMethodInvocation(1n, 0n)).toBe(SKYR.onMethodInvocation(1n, 0n))
    expect(OH_SNAP.onCreateActor()).toBe(SKYR.onCreateActor())
    expect(OH_SNAP.onDeleteActor()).toBe(SKYR.onDeleteActor())
    expect(OH_SNAP.onHash(0x12, 1)).toBe(SKYR.onHash(0x12, 1))
  })
})

describe('the prices of network versions 18 to 20', () => {
  it('charge actors by first look and first change', () => {
    expect(HYGGE.onActorLookup()).toBe(500_000_000)
    expect(HYGGE.onActorUpdate()).toBe(475_000_000)
    expect(HYGGE.onCreateActor()).toBe(650_000_000)
    expect(HYGGE.onCreateActor() + HYGGE.onAddressAssignment()).toBe(2_700_000_000)
    expect(HYGGE.onDeleteActor()).toBe(0)
    expect(HYGGE.preloadedActors).toEqual([0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n, 10n, 99n])
  })

  it('charge calls the same for every method and value', () => {
    expect(HYGGE.onValueTransfer()).toBe(6_000_000)
    expect(HYGGE.onMethodInvocation(0n, 2n)).toBe(75_000_000)
    expect(HYGGE.onMethodInvocation(5n, 9n)).toBe(75_000_000)
  })

  it('charge blocks', () => {
    expect(HYGGE.onBlockOpenBase()).toBe(187_440_000)
    // ref-fvm release/v3 fvm/src/gas/price_list.rs test_read_write
    expect(HYGGE.onBlockOpen(10)).toBe(100_000)
    expect(HYGGE.onBlockCreate(10)).toBe(100_000)
    expect(HYGGE.onBlockRead(10)).toBe(4_000)
    expect(HYGGE.onBlockLink(10)).toBe(506_000_000 + 33_524_000)
  })

  it('charge hashes and signatures by the byte', () => {
    expect(([0x12, 0xb220, 0xb240, 0x1b, 0x1053] as const).map((hash) => HYGGE.onHash(hash, 100))).toEqual([
      700_000, 1_000_000, 1_000_000, 3_300_000, 3_500_000,
    ])
    expect(HYGGE.onVerifySignature(1, 100)).toBe(1_638_292_000)
    expect(HYGGE.onVerifySignature(2, 100)).toBe(16_601_205_000)
  })

  it('charge randomness, tipsets and faults', () => {
    expect(HYGGE.onRandomness(32)).toBe(21_800_000)
    expect(HYGGE.onRandomness(0)).toBe(21_480_000)
    expect(HYGGE.onTipsetCid(1)).toBe(50_000_000)
    expect(HYGGE.onTipsetCid(2)).toBe(215_000_000)
    expect(HYGGE.onVerifyConsensusFault()).toBe(516_422_000)
  })

  it('charge events by the byte', () => {
    expect(HYGGE.onEventValidate(0)).toBe(1_750_000)
    expect(HYGGE.onEventValidate(100)).toBe(1_750_000 + 2_740_000)
    expect(HYGGE.onEventAccept(0)).toBe(182_400)
    expect(HYGGE.onEventAccept(88)).toBe(1_520_000)
  })

  it('charge memory, tables, and code by what it does', () => {
    expect(HYGGE.onMemoryInit(65_536)).toBe(26_214_400)
    expect(HYGGE.onTableInit(10)).toBe(32_000)
    expect(HYGGE.wasm.base).toBe(4000)
    expect(HYGGE.wasm.linear).toEqual({ grow: 26_214_400, copyFillInit: 400, table: 3200 })
  })
})
