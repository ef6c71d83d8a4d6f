import { HYGGE, OH_SNAP, type PriceList, SKYR, TEEP, WATERMELON } from '@troupe/hypervisor'
import { describe, expect, it } from 'vitest'

/** The sum of charges, in whole gas, rounded up as receipts have it. */
function gasUsed(...milligas: readonly number[]): number {
  return Math.ceil(milligas.reduce((sum, charge) => sum + charge, 0) / 1000)
}

describe('prices', () => {
  // Messages of the main network with their gas as receipts have it: fvm-test-vectors, by the parts that a trace shows.
  it('add up to nv17 fil_9_account/Send', () => {
    expect(gasUsed(SKYR.onChainMessage(81), SKYR.onMethodInvocation(0n, 0n, 0))).toBe(220196)
  })

  it('add up to nv17 fil_9_storageminer/ChangePeerID', () => {
    const wasm = 859_288_000
    expect(
      gasUsed(
        SKYR.onChainMessage(125),
        SKYR.onMethodInvocation(0n, 4n, 0),
        wasm,
        14 * SKYR.onSyscall(),
        2 * SKYR.onBlockOpenBase(),
        SKYR.onBlockOpen(438, 0),
        SKYR.onBlockRead(479),
        SKYR.onBlockCreate(438, 0),
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
        HYGGE.onMethodInvocation(0n, 4n, 0),
        HYGGE.onMemoryInit(18 * 65_536),
        wasm,
        16 * HYGGE.onSyscall(),
        2 * HYGGE.onBlockOpenBase(),
        HYGGE.onBlockOpen(427, 0),
        HYGGE.onBlockRead(468),
        HYGGE.onBlockCreate(427, 0),
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
    ['watermelon', WATERMELON],
    ['teep', TEEP],
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

  it.each([OH_SNAP, SKYR, HYGGE, WATERMELON, TEEP])('$name: some amounts never changed', (prices) => {
    expect(prices.onComputeUnsealedSectorCid()).toBe(98_647_000)
    if (prices !== TEEP) expect(prices.onVerifySeal()).toBe(2_000_000)
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

  it.each([OH_SNAP, SKYR, HYGGE, WATERMELON, TEEP])(
    '$name: amounts are safe integers, also for the greatest lengths',
    (prices) => {
      const huge = 2 ** 32 - 1
      for (const amount of [
        prices.onChainMessage(huge),
        prices.onChainReturnValue(huge),
        prices.onBlockOpen(huge, 0),
        prices.onBlockCreate(huge, 0),
        prices.onBlockRead(huge),
        prices.onBlockLink(huge),
        prices.onHash(0x1053, huge),
        prices.onVerifySignature(2, huge),
        prices.onVerifyPost(huge),
        prices.onVerifyAggregateSeals(8n, huge),
        Number(prices.onRandomness(huge, 1n)),
        prices.onEventValidate(huge),
        prices.onEventAccept(huge),
        prices.onEvent(2 ** 24, huge, huge),
        prices.onMethodInvocation(0n, 2n, huge),
        prices.onInnerReturnValue(huge),
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
    expect(SKYR.onMethodInvocation(0n, 0n, 0)).toBe(29_233_000)
    expect(SKYR.onMethodInvocation(1n, 0n, 0)).toBe(216_405_000)
    expect(SKYR.onMethodInvocation(0n, 2n, 0)).toBe(23_856_000)
    expect(SKYR.onMethodInvocation(1n, 2n, 0)).toBe(51_356_000)
    // A negative value is not zero.
    expect(SKYR.onMethodInvocation(-1n, 0n, 0)).toBe(216_405_000)
  })

  it('charge and refund actors', () => {
    expect(SKYR.onCreateActor()).toBe(1_207_254_000)
    expect(SKYR.onDeleteActor()).toBe(-98_800_000)
  })

  it('charge blocks', () => {
    expect(SKYR.onBlockOpenBase()).toBe(135_617_000)
    expect(SKYR.onBlockOpen(3, 0)).toBe(31_500)
    expect(SKYR.onBlockCreate(3, 0)).toBe(31_500)
    expect(SKYR.onBlockRead(3)).toBe(1_500)
    expect(SKYR.onBlockLink(3)).toBe(353_640_000 + 3_000 + 3_900_000)
  })

  it('charge syscalls, and what they ask the node', () => {
    expect(SKYR.onSyscall()).toBe(14_000_000)
    expect(SKYR.onHash(0x12, 1000)).toBe(31_355_000)
    expect(SKYR.onVerifySignature(1, 1000)).toBe(1_637_292_000)
    expect(SKYR.onVerifySignature(2, 1000)).toBe(16_598_605_000)
    expect(SKYR.onVerifyConsensusFault()).toBe(516_422_000)
    expect(SKYR.onRandomness(32, 7n)).toBe(21_000_000n)
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
      Number(SKYR.onTipsetCid(1n)),
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
    expect(OH_SNAP.onBlockOpen(10, 0)).toBe(0)
    expect(OH_SNAP.onBlockCreate(10, 0)).toBe(0)
    expect(OH_SNAP.onBlockRead(10)).toBe(0)
    expect(OH_SNAP.onBlockLink(10)).toBe(353_640_000 + 13_000_000)
    expect(OH_SNAP.onRandomness(32, 7n)).toBe(0n)
    expect(OH_SNAP.onVerifyConsensusFault()).toBe(495_422_000)
    expect(OH_SNAP.wasm).toMatchObject({ base: 0, linear: undefined })
  })

  it('are those of the next versions otherwise', () => {
    expect(OH_SNAP.onChainMessage(81)).toBe(SKYR.onChainMessage(81))
    expect(OH_SNAP.onMethodInvocation(1n, 0n, 0)).toBe(SKYR.onMethodInvocation(1n, 0n, 0))
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
    expect(HYGGE.onMethodInvocation(0n, 2n, 0)).toBe(75_000_000)
    expect(HYGGE.onMethodInvocation(5n, 9n, 0)).toBe(75_000_000)
  })

  it('charge blocks', () => {
    expect(HYGGE.onBlockOpenBase()).toBe(187_440_000)
    // ref-fvm release/v3 fvm/src/gas/price_list.rs test_read_write
    expect(HYGGE.onBlockOpen(10, 0)).toBe(100_000)
    expect(HYGGE.onBlockCreate(10, 0)).toBe(100_000)
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
    expect(HYGGE.onRandomness(32, 7n)).toBe(21_800_000n)
    expect(HYGGE.onRandomness(0, 7n)).toBe(21_480_000n)
    expect(HYGGE.onTipsetCid(1n)).toBe(50_000_000n)
    expect(HYGGE.onTipsetCid(2n)).toBe(215_000_000n)
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

describe('the prices of network versions 21 and later', () => {
  // Amounts: ref-fvm master fvm/src/gas/price_list.rs (`WATERMELON_PRICES`, `TEEP_PRICES`, `test_read_write`, `test_aggregate_porep_gas_charges`).
  it('charge links', () => {
    expect(WATERMELON.onMethodInvocation(5n, 9n, 0)).toBe(75_000_000)
    expect(WATERMELON.onMethodInvocation(0n, 2n, 3)).toBe(75_900_000)
    expect(WATERMELON.onInnerReturnValue(0)).toBe(0)
    expect(WATERMELON.onInnerReturnValue(3)).toBe(900_000)
    expect(WATERMELON.onChainReturnValue(3)).toBe(3_900_000)
    expect(WATERMELON.onRoot()).toBe(300_000)
    expect(WATERMELON.onSetRoot()).toBe(300_000)
    expect(WATERMELON.onScanItem()).toBe(35_000)
    expect(WATERMELON.onScanLink()).toBe(400_000)
  })

  it('charge blocks for what is kept of them, or for their links where those cost more', () => {
    expect(WATERMELON.onBlockOpenBase()).toBe(187_740_000)
    for (const price of [WATERMELON.onBlockOpen, WATERMELON.onBlockCreate]) {
      expect(price(10, 0)).toBe(100_000)
      expect(price(0, 1)).toBe(300_000)
      expect(price(1000, 25)).toBe(10_000_000)
      expect(price(1000, 26)).toBe(2_400_000 + 26 * 300_000)
    }
    expect(WATERMELON.onBlockRead(10)).toBe(4_000)
    expect(WATERMELON.onBlockLink(10)).toBe(506_300_000 + 33_524_000)
  })

  it('charge lookbacks by the epoch, and those into the future beyond any limit', () => {
    expect(WATERMELON.onRandomness(99, 0n)).toBe(146_200_000n)
    expect(WATERMELON.onRandomness(0, 900n)).toBe(146_200_000n + 900n * 75_000n)
    expect(WATERMELON.onRandomness(0, -1n)).toBe(2n ** 64n - 1n)
    expect(WATERMELON.onRandomness(0, 2n ** 63n - 1n)).toBe(2n ** 64n - 1n)
    expect(WATERMELON.onTipsetCid(1n)).toBe(146_275_000n)
    expect(WATERMELON.onTipsetCid(10_000n)).toBe(146_200_000n + 750_000_000n)
  })

  it('charge aggregated signatures by the pairing and the byte, exactly', () => {
    expect(WATERMELON.onVerifyBlsAggregate(0, 0)).toBe(8_299_302_000n)
    expect(WATERMELON.onVerifyBlsAggregate(10, 640)).toBe(11n * 8_299_302_000n + 640n * 7000n)
    expect(WATERMELON.onVerifyBlsAggregate(89_478_485, 1)).toBe(89_478_486n * 8_299_302_000n + 7000n)
  })

  it('charge events by entries, keys and values', () => {
    expect(WATERMELON.onEvent(0, 0, 0)).toBe(12 * 17_200 + 2_500_000)
    expect(WATERMELON.onEvent(2, 7, 30)).toBe(
      (12 + 18 + 37) * 17_200 + 2_500_000 + 2 * 1_400_000 + 7 * 16_000,
    )
  })

  it('are those before where nothing is said', () => {
    expect(WATERMELON.onChainMessage(95)).toBe(HYGGE.onChainMessage(95))
    expect(WATERMELON.onVerifySignature(2, 100)).toBe(HYGGE.onVerifySignature(2, 100))
    expect(WATERMELON.onActorUpdate()).toBe(HYGGE.onActorUpdate())
    expect(WATERMELON.wasm).toEqual(HYGGE.wasm)
    expect(WATERMELON.preloadedActors).toEqual(HYGGE.preloadedActors)
    expect(TEEP.onRandomness(0, 5n)).toBe(WATERMELON.onRandomness(0, 5n))
    expect(TEEP.onEvent(2, 7, 30)).toBe(WATERMELON.onEvent(2, 7, 30))
  })

  it('charge a seal in full, and aggregates without interaction on their own, from network version 25 on', () => {
    expect(TEEP.onVerifySeal()).toBe(42_000_000_000)
    for (const kind of [18n, 19n])
      expect(WATERMELON.onVerifyAggregateSeals(kind, 65)).toBe(WATERMELON.onVerifyAggregateSeals(8n, 65))
    const steps: [number, number, number][] = [
      [1, 112_356_810, 110_803_030],
      [2, 122_912_610, 120_803_700],
      [3, 137_559_930, 134_642_130],
      [4, 137_559_930, 134_642_130],
      [5, 162_039_100, 157_357_890],
      [8, 162_039_100, 157_357_890],
      [9, 210_960_780, 203_017_690],
      [16, 210_960_780, 203_017_690],
      [17, 318_351_180, 304_253_590],
      [32, 318_351_180, 304_253_590],
      [33, 528_274_980, 509_880_640],
      [65, 528_274_980, 509_880_640],
    ]
    for (const [count, step32, step64] of steps) {
      expect(TEEP.onVerifyAggregateSeals(18n, count)).toBe(1000 * (44_990 * 126 * count + step32))
      expect(TEEP.onVerifyAggregateSeals(19n, count)).toBe(1000 * (35_928 * 126 * count + step64))
    }
    expect(TEEP.onVerifyAggregateSeals(18n, 0)).toBe(0)
  })
})
