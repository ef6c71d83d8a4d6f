import { ExitCode } from '@troupe/hypervisor'
import { ESCAPES, EXHAUSTIONS, type JavaScriptAttack, RECURSIONS } from '@troupe/testkit'
import { describe, expect, it } from 'vitest'
import { sesNetwork } from './support/ses-network.ts'

/** Enough to boot none of the attacks to its end; the bench gives them more. */
const GAS = 100_000_000n
/** Of the actor's first attack. */
const FIRST = 2

const bodies = (attacks: readonly JavaScriptAttack[]): string =>
  attacks.map(({ body }) => `() => { ${body} }`).join(',\n')

/** An actor whose methods change its state, and then do what an attack wants; method 1 does nothing. */
const victim = (attacks: readonly JavaScriptAttack[]): string => `(() => {
  const attacks = [${bodies(attacks)}];
  const actor = { 1() {} };
  attacks.forEach((attack, i) => {
    actor[i + ${FIRST}] = (host) => { host.setRoot(host.putBlock(0x71, new Uint8Array([0xf6]))); return attack() };
  });
  return actor;
})()`

describe.each([
  ['work', EXHAUSTIONS],
  ['recursion', RECURSIONS],
])('what would be %s without end', async (_, attacks) => {
  const { send, network } = await sesNetwork([victim(attacks)])
  const { state } = network.machine
  const before = state.getActor(101n)
  const { receipt } = send({ method: 1n })

  it.each(attacks.map(({ name }, i) => [name, i + FIRST] as const))(
    'ends, and leaves nothing: %s',
    (_, method) => {
      const { exitCode, gasUsed } = send({ method: BigInt(method), gasLimit: GAS }).receipt
      expect([
        ExitCode.SYS_OUT_OF_GAS,
        ExitCode.SYS_ILLEGAL_INSTRUCTION,
        ExitCode.USR_UNSPECIFIED,
        ExitCode.USR_ASSERTION_FAILED,
      ]).toContain(exitCode)
      expect(gasUsed).toBeLessThanOrEqual(GAS)
      expect(state.getActor(101n)).toEqual(before)
      expect(send({ method: 1n }).receipt).toEqual(receipt)
    },
  )
})

describe('a way out', async () => {
  const { send } = await sesNetwork([
    `(() => { const attacks = [${bodies(ESCAPES)}]; return { 2: (host, { data }) => ({ codec: 0x55, data: new Uint8Array([attacks[data[0]]() === true ? 1 : 0]) }) } })()`,
  ])

  it.each(ESCAPES.map(({ name }, i) => [name, i] as const))('is closed: %s', (_, i) => {
    expect(send({ params: Uint8Array.of(i) }).receipt).toMatchObject({
      exitCode: 0,
      returnData: Uint8Array.of(1),
    })
  })
})
