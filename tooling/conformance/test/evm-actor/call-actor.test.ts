import { delegatedAddress, idAddress } from '@troupe/hypervisor'
import { expect } from 'vitest'
import { onBothActors } from './networks.ts'
import { ANSWER, PARROT } from './parrot.ts'
import { ask, caller } from './programs.ts'
import { NAMED_ADDRESS, type Outcome, type Stage, type Staged, WHO, words } from './stage.ts'

const CALL_ACTOR = (0xfen << 152n) + 3n
const CALL_ACTOR_ID = (0xfen << 152n) + 5n
const CBOR = 0x51
const RAW = 0x55
/** Six words, and where the bytes of parameters and address are by default. */
const FIRST = 192
const SECOND = 224
const MODULUS = 1n << 256n
const ERROR_NOT_FOUND = 6n
const GAS = 50_000_000n
const none = new Uint8Array()

/** What a precompile is asked for. */
interface Order {
  readonly method?: bigint
  readonly value?: number
  readonly flags?: number
  readonly codec?: number
  readonly params?: Uint8Array
  readonly paramsAt?: number
  /** An address, or an id. */
  readonly target?: Uint8Array | bigint
  readonly targetAt?: number
}

/** The input of a precompile: bytes may lie anywhere, over each other too. */
function encode({
  method = 0n,
  value = 0,
  flags = 0,
  codec = 0,
  params = none,
  paramsAt = FIRST,
  target = none,
  targetAt = SECOND,
}: Order): Uint8Array {
  const last = typeof target === 'bigint' ? target : targetAt
  const parts: readonly (readonly [number, Uint8Array])[] = [
    [0, words(method, value, flags, codec, paramsAt, last)],
    [paramsAt, words(params.length, params)],
    ...(typeof target === 'bigint' ? [] : [[targetAt, words(target.length, target)] as const]),
  ]
  const input = new Uint8Array(Math.max(...parts.map(([at, bytes]) => at + bytes.length)))
  for (const [at, bytes] of parts) input.set(bytes, at)
  return input
}

/** What a precompile gives: exit code, codec, and bytes, padded to whole words. */
function answer(exit: bigint, codec = 0, data: Uint8Array = none): Uint8Array {
  const padded = new Uint8Array(Math.ceil(data.length / 32) * 32)
  padded.set(data)
  return words(exit, codec, 96, data.length, padded)
}

/** Has a new contract ask the precompile. */
function order(
  stage: Stage,
  what: Order | Uint8Array,
  to = CALL_ACTOR,
  staged: Staged = {},
): ReturnType<typeof ask> {
  const contract = stage.create(caller('DELEGATECALL'), staged)
  return ask(stage, contract, { to, input: what instanceof Uint8Array ? what : encode(what), gas: GAS })
}

function calls({ sent }: Outcome): unknown[] {
  return sent.map(({ to, method, value, parameters, gasLimit, readOnly }) => [
    ...[to, method, value, parameters, gasLimit, readOnly],
  ])
}

onBothActors('the precompile that calls actors', (play) => {
  play('gives exit code, codec and bytes of what the actor returned', (stage) => {
    const outcome = order(stage, { method: PARROT.answer, target: idAddress(WHO.parrot).bytes })
    expect([outcome.status, outcome.returned]).toEqual([1, answer(0n, RAW, ANSWER)])
    expect(calls(outcome)).toEqual([[idAddress(WHO.parrot), PARROT.answer, 0n, undefined, GAS, false]])
  })

  play('succeeds where the actor fails, and gives its exit code and bytes', (stage) => {
    const outcome = order(stage, { method: PARROT.refuse, target: idAddress(WHO.parrot).bytes })
    expect([outcome.status, outcome.returned]).toEqual([1, answer(33n, RAW, ANSWER)])
  })

  play('fails for methods that are kept for actors, and calls nobody', (stage) => {
    for (const method of [1n, 2n, 1023n]) {
      const outcome = order(stage, { method, target: idAddress(WHO.parrot).bytes })
      expect([outcome.status, outcome.returned, calls(outcome)]).toEqual([0, none, []])
    }
    expect(order(stage, { method: 1024n, target: idAddress(WHO.parrot).bytes }).status).toBe(1)
  })

  play('finds bytes wherever the input says they are', (stage) => {
    const outcome = order(stage, { paramsAt: 200, target: NAMED_ADDRESS.bytes, targetAt: 300 })
    expect([outcome.status, outcome.returned]).toEqual([1, answer(0n)])
    expect(calls(outcome)).toEqual([[NAMED_ADDRESS, 0n, 0n, undefined, GAS, false]])
  })

  play('takes the same bytes for parameters and address where the input says so', (stage) => {
    const { bytes } = NAMED_ADDRESS
    const input = encode({ codec: CBOR, params: bytes, target: bytes, targetAt: FIRST })
    const outcome = order(stage, input)
    expect([outcome.status, outcome.returned]).toEqual([1, answer(0n)])
    expect(calls(outcome)).toEqual([[NAMED_ADDRESS, 0n, 0n, { codec: CBOR, data: bytes }, GAS, false]])
  })

  play('gives the number of the error, negated, where no call could be made', (stage) => {
    const unknown = delegatedAddress(1234n, new TextEncoder().encode('somebody'))
    const outcome = order(stage, { target: unknown.bytes })
    expect([outcome.status, outcome.returned]).toEqual([1, answer(MODULUS - ERROR_NOT_FOUND)])
  })

  play(
    'fails without an address, with a codec that it does not know, and with parameters without codec',
    (stage) => {
      const { bytes: target } = NAMED_ADDRESS
      for (const wrong of [
        {},
        { target, codec: 0xff },
        { target, codec: RAW },
        { target, params: new Uint8Array(32).fill(0xff), targetAt: SECOND + 32 },
        { target, params: Uint8Array.of(0), targetAt: SECOND + 1 },
        { target, flags: 2 },
        { target: Uint8Array.of(9, 9) },
      ]) {
        const outcome = order(stage, wrong)
        expect([outcome.status, outcome.returned, calls(outcome)]).toEqual([0, none, []])
      }
    },
  )

  play('is for DELEGATECALL only', (stage) => {
    const input = encode({ method: PARROT.answer, target: idAddress(WHO.parrot).bytes })
    for (const kind of ['CALL', 'STATICCALL'] as const) {
      const outcome = ask(stage, stage.create(caller(kind)), { to: CALL_ACTOR, input })
      expect([outcome.status, outcome.returned, calls(outcome)]).toEqual([0, none, []])
    }
  })

  play(
    'with too many bytes to read ends the actor, with exit code 24 where their count alone is too much',
    (stage) => {
      const target = idAddress(WHO.parrot).bytes
      const withLength = (length: number): Uint8Array => {
        const input = encode({ target })
        input.set(words(length), FIRST)
        return input
      }
      expect(order(stage, withLength(2 ** 31)).exitCode).toBe(24)
      expect(order(stage, withLength(2 ** 32 - 1)).exitCode).toBe(24)
      expect(order(stage, withLength(2 ** 31 - 1)).exitCode).toBe(4)
      expect(order(stage, withLength(540_000_000)).exitCode).toBe(4)
      // So many there is room for; and then parameters without a codec are none.
      expect(order(stage, withLength(520_000_000))).toMatchObject({ exitCode: 0, status: 0 })
      expect(order(stage, withLength(2 ** 32 - 1).with(FIRST + 27, 1)).status).toBe(0)
    },
  )
})

onBothActors('the precompile that calls actors by id', (play) => {
  play('takes the id where the other has the place of the address', (stage) => {
    const input = encode({ target: WHO.named })
    const garbage = Uint8Array.from([...input, ...words(NAMED_ADDRESS.bytes.length, NAMED_ADDRESS.bytes)])
    const outcome = order(stage, garbage, CALL_ACTOR_ID)
    expect([outcome.status, outcome.returned]).toEqual([1, answer(0n)])
    expect(calls(outcome)).toEqual([[idAddress(WHO.named), 0n, 0n, undefined, GAS, false]])
  })

  play('sends value', (stage) => {
    const outcome = order(stage, { value: 1, target: WHO.named }, CALL_ACTOR_ID, { value: 100n })
    expect([outcome.status, outcome.returned]).toEqual([1, answer(0n)])
    expect(stage.balance(WHO.named)).toBe(1n)
  })

  play('calls read-only where it is told so', (stage) => {
    const outcome = order(
      stage,
      { flags: 1, method: PARROT.repeat, codec: CBOR, params: ANSWER, target: WHO.parrot },
      CALL_ACTOR_ID,
    )
    expect([outcome.status, outcome.returned]).toEqual([1, answer(0n, CBOR, ANSWER)])
    expect(outcome.sent[0]?.readOnly).toBe(true)
  })
})
