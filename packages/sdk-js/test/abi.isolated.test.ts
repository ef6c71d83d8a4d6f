import './support/lockdown.ts'
import { CborReader, CborWriter } from '@troupe/ipld'
import {
  bytes,
  type Directory,
  defineActor,
  type Funds,
  fail,
  M,
  type Passable,
  SdkError,
  toUint8Array,
} from '@troupe/sdk-js'
import {
  type Abi,
  type AbiParameter,
  answer,
  atEthereumAddress,
  ContractError,
  contract,
  defineAbi,
  type ResultOf,
  revert,
  type ValuesOf,
} from '@troupe/sdk-js/abi'
import type { HostBlock, HostKernel } from '@troupe/sdk-js/host'
import fc from 'fast-check'
import {
  bytesToHex,
  decodeAbiParameters,
  decodeFunctionData,
  encodeAbiParameters,
  encodeErrorResult,
  encodeFunctionData,
  encodeFunctionResult,
  type Hex,
  hexToBytes,
  parseAbi,
  type AbiParameter as ViemParameter,
} from 'viem'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { AbiReader, AbiWriter } from '../src/abi/abi-buffer.ts'
import { type AbiType, makeType, sequence, writeItems } from '../src/abi/abi-type.ts'
import { Play } from './support/play.ts'

/** A type, a value of it, and what it is to viem. */
interface Sample {
  readonly parameter: AbiParameter
  readonly value: Passable
  readonly theirs: unknown
}

const ETHER = 10n ** 18n
const hex = (data: Uint8Array): Hex => bytesToHex(data)

function integers(sign: 'uint' | 'int'): fc.Arbitrary<Sample> {
  return fc.integer({ min: 1, max: 32 }).chain((size) => {
    const range = 2n ** BigInt(8 * size)
    const [min, max] = sign === 'uint' ? [0n, range - 1n] : [-range / 2n, range / 2n - 1n]
    return fc.bigInt({ min, max }).map((value) => ({
      parameter: { type: `${sign}${8 * size}` },
      value,
      theirs: size > 6 ? value : Number(value),
    }))
  })
}

const plain: fc.Arbitrary<Sample> = fc.oneof(
  integers('uint'),
  integers('int'),
  fc.boolean().map((value) => ({ parameter: { type: 'bool' }, value, theirs: value })),
  fc
    .string({ unit: 'grapheme', maxLength: 70 })
    .map((value) => ({ parameter: { type: 'string' }, value, theirs: value })),
  fc
    .uint8Array({ maxLength: 70 })
    .map((data) => ({ parameter: { type: 'bytes' }, value: bytes(data), theirs: hex(data) })),
  fc
    .uint8Array({ minLength: 1, maxLength: 32 })
    .map((data) => ({ parameter: { type: `bytes${data.length}` }, value: bytes(data), theirs: hex(data) })),
  fc
    .uint8Array({ minLength: 20, maxLength: 20 })
    .map((data) => ({ parameter: { type: 'address' }, value: hex(data), theirs: hex(data) })),
)

/** Lists of one type are made of one sample over and over: the values differ by being there or not. */
const { sample } = fc.letrec<{ sample: Sample; list: Sample; tuple: Sample }>((tie) => ({
  sample: fc.oneof({ maxDepth: 4, withCrossShrink: true }, plain, tie('list'), tie('tuple')),
  list: fc
    .tuple(tie('sample'), fc.nat({ max: 3 }), fc.boolean())
    .map(([{ parameter, value, theirs }, count, isFixed]) => {
      const length = isFixed ? count + 1 : count
      return {
        parameter: { ...parameter, type: `${parameter.type}[${isFixed ? length : ''}]` },
        value: Array.from({ length }, () => value),
        theirs: Array.from({ length }, () => theirs),
      }
    }),
  tuple: fc
    .tuple(fc.array(tie('sample'), { minLength: 1, maxLength: 4 }), fc.boolean())
    .map(([parts, isNamed]) => ({
      parameter: {
        type: 'tuple',
        components: parts.map(({ parameter }, i) =>
          isNamed ? { ...parameter, name: `part${i}` } : parameter,
        ),
      },
      value: isNamed
        ? Object.fromEntries(parts.map(({ value }, i) => [`part${i}`, value]))
        : parts.map(({ value }) => value),
      theirs: isNamed
        ? Object.fromEntries(parts.map(({ theirs }, i) => [`part${i}`, theirs]))
        : parts.map(({ theirs }) => theirs),
    })),
}))

function encode(types: readonly AbiType[], values: readonly Passable[]): Uint8Array {
  const writer = new AbiWriter()
  writeItems(types, writer, values)
  return writer.finish()
}

const decode = (types: readonly AbiType[], data: Uint8Array): Passable =>
  sequence(types).read(new AbiReader(data), 0)

/** The code that something is refused with. */
function codeOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    return (error as SdkError).code
  }
  return expect.fail('nothing was refused')
}

describe('values in the encoding of Solidity', () => {
  it('are those that viem writes, and are read as they were', () => {
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 4 }), (samples) => {
        const parameters = samples.map(({ parameter }) => parameter)
        const types = parameters.map((parameter) => makeType(parameter))
        const data = encode(
          types,
          samples.map(({ value }) => value),
        )
        const theirs = encodeAbiParameters(
          parameters as readonly ViemParameter[],
          samples.map(({ theirs }) => theirs),
        )
        expect(hex(data)).toBe(theirs)
        expect(decode(types, hexToBytes(theirs))).toEqual(samples.map(({ value }) => value))
      }),
    )
  })

  it('are refused, or read as viem reads them, where a byte is another', () => {
    fc.assert(
      fc.property(sample, fc.nat(), fc.integer({ min: 1, max: 255 }), ({ parameter, value }, at, by) => {
        const types = [makeType(parameter)]
        const data = encode(types, [value]).slice()
        const index = at % data.length
        data[index] = (data[index] as number) ^ by
        let ours: Passable
        try {
          ours = decode(types, data)
        } catch (error) {
          expect((error as SdkError).code).toBe('abi/malformed')
          return
        }
        // Whatever was let through is what viem reads, which by its own encoder is the same value.
        const theirs = decodeAbiParameters([parameter as ViemParameter], data)
        expect(hex(encode(types, ours as readonly Passable[]))).toBe(
          encodeAbiParameters([parameter as ViemParameter], theirs),
        )
      }),
    )
  })

  it.each([
    ['uint8', 256n],
    ['uint8', -1n],
    ['int8', 128n],
    ['int8', -129n],
    ['uint256', 2n ** 256n],
    ['uint256', 5],
    ['bool', 1n],
    ['address', '0x05'],
    ['address', 5n],
    ['bytes4', bytes(new Uint8Array(3))],
    ['bytes', '0x05'],
    ['string', '\ud800'],
    ['string', bytes(new Uint8Array(3))],
    ['uint8[2]', [1n]],
    ['uint8[]', 1n],
  ] as const)('of %s are not %s', (type, value) => {
    expect(codeOf(() => encode([makeType({ type })], [value as Passable]))).toBe('abi/refused')
  })

  it('that are tuples have all of their components', () => {
    const pair = makeType({
      type: 'tuple',
      components: [
        { type: 'bool', name: 'a' },
        { type: 'bool', name: 'b' },
      ],
    })
    expect(codeOf(() => encode([pair], [{ a: true }]))).toBe('abi/refused')
    expect(codeOf(() => encode([pair], [null]))).toBe('abi/refused')
  })

  it.each([
    ['a word too short', 'uint256', `0x${'00'.repeat(31)}`],
    ['a number beyond its type', 'uint8', word(256n)],
    ['a truth that is neither', 'bool', word(2n)],
    ['an address of 21 bytes', 'address', word(1n << 160n)],
    ['bytes that go on', 'bytes4', word(1n)],
    ['an offset behind the end', 'bytes', word(33n)],
    ['an offset that no memory has', 'bytes', word(2n ** 255n)],
    ['a length behind the end', 'bytes', `${word(32n)}${word(1n).slice(2)}`],
    ['a list that is longer than there is room for', 'uint8[]', `${word(32n)}${word(40n).slice(2)}`],
    ['a text that is none', 'string', `${word(32n)}${word(1n).slice(2)}ff${'00'.repeat(31)}`],
    [
      'bytes that are not filled up with zeros',
      'bytes',
      `${word(32n)}${word(1n).slice(2)}ff${'00'.repeat(30)}01`,
    ],
  ] as const)('are not read from %s', (_, type, data) => {
    expect(codeOf(() => decode([makeType({ type })], hexToBytes(data)))).toBe('abi/malformed')
  })
})

describe('what a contract returns', () => {
  /** A list of as many lists of lists as there are words, all of them the same one. */
  const folded = (count: number, levels: number): Uint8Array => {
    const words = [word(32n)]
    for (let level = 1; level < levels; level++)
      words.push(word(BigInt(count)), ...Array.from({ length: count }, () => word(BigInt(32 * count))))
    words.push(word(BigInt(count)), ...Array.from({ length: count }, () => word(5n)))
    return hexToBytes(`0x${words.map((each) => each.slice(2)).join('')}`)
  }

  it('unfolds to sixteen times what there is, and to no more', () => {
    const read = (levels: number, count: number): Passable =>
      decode([makeType({ type: `uint256${'[]'.repeat(levels)}` })], folded(count, levels))
    expect(read(2, 2)).toEqual([
      [
        [5n, 5n],
        [5n, 5n],
      ],
    ])
    // Of two levels of n: 2n + 3 words there are, and n² + 2n + 2 are read.
    expect(read(2, 31)).toMatchObject([{ length: 31 }])
    expect(codeOf(() => read(2, 32))).toBe('abi/malformed')
    expect(codeOf(() => read(16, 8))).toBe('abi/malformed')
  })
})

describe('an address of Ethereum', () => {
  const asked: unknown[] = []
  const directory = {
    actor: (id: bigint) => asked.push(id),
    resolve: (address: ArrayBuffer) => asked.push(hex(toUint8Array(address))),
  } as unknown as Directory

  it('is that of an actor: its own, or its id behind a mask', () => {
    atEthereumAddress(directory, `0x${'aB'.repeat(20)}`)
    atEthereumAddress(directory, `0xff${'00'.repeat(11)}${'f'.repeat(16)}`)
    atEthereumAddress(directory, `0xff${'00'.repeat(10)}01${'0'.repeat(16)}`)
    expect(asked).toEqual([
      `0x040a${'ab'.repeat(20)}`,
      2n ** 64n - 1n,
      `0x040aff${'00'.repeat(10)}01${'0'.repeat(16)}`,
    ])
  })

  it.each(['0x', '', '12', 'f01', `0x${'ab'.repeat(19)}`, `0x${'ab'.repeat(21)}`, 5])(
    'is none in %j',
    (text) => {
      expect(codeOf(() => atEthereumAddress(directory, text as Hex))).toBe('abi/refused')
    },
  )
})

function word(value: bigint): Hex {
  return `0x${value.toString(16).padStart(64, '0')}`
}

describe('an interface', () => {
  const named = (type: string, more: object = {}): Abi => [
    { type: 'function', name: 'f', inputs: [{ type, ...more }], outputs: [], stateMutability: 'view' },
  ]
  it.each([
    'fixed',
    'uint7',
    'uint264',
    'int0',
    'bytes0',
    'bytes33',
    'function',
    'uint8[0]',
    'uint8[',
    'uint8[01]',
    'uint08',
    'bytes04',
    'tuple',
    'address8',
  ])('has no type %s', (type) => {
    expect(codeOf(() => defineAbi(named(type)))).toBe('definition/bad-abi')
  })

  it('has types of sixteen levels, and no more', () => {
    defineAbi(named(`uint8${'[]'.repeat(16)}`))
    expect(codeOf(() => defineAbi(named(`uint8${'[]'.repeat(17)}`)))).toBe('definition/bad-abi')
  })

  it('has types of 65,536 words in one piece, and no more', () => {
    defineAbi(named('uint8[4][16384]'))
    for (const type of ['uint8[65537]', 'uint8[4][16385]', 'string[99999999999]'])
      expect(codeOf(() => defineAbi(named(type)))).toBe('definition/bad-abi')
  })

  it('is a list, and not all that a compiler writes', () => {
    expect(codeOf(() => defineAbi({ abi: [] } as never))).toBe('definition/bad-abi')
  })

  it('has a thousand items, and no more; none of them twice, nor a component', () => {
    const items = Array.from({ length: 1025 }, () => ({ type: 'receive' }) as const)
    defineAbi(items.slice(1))
    expect(codeOf(() => defineAbi(items))).toBe('definition/bad-abi')
    expect(codeOf(() => defineAbi([...named('bool'), ...named('bool')]))).toBe('definition/bad-abi')
    const components = [
      { type: 'bool', name: 'a' },
      { type: 'bool', name: 'a' },
    ]
    expect(codeOf(() => defineAbi(named('tuple', { components })))).toBe('definition/bad-abi')
  })

  it('is answered in all of its functions', () => {
    const abi = defineAbi([
      ...named('bool'),
      { type: 'function', name: 'f', inputs: [], outputs: [], stateMutability: 'view' },
    ] as const)
    expect(codeOf(() => answer(abi, { 'f()': () => undefined } as never))).toBe('definition/bad-abi')
    expect(codeOf(() => answer(abi, { f: () => undefined } as never))).toBe('definition/bad-abi')
  })

  it('says what goes in and what comes out, to the compiler', () => {
    type Parts = readonly [
      { type: 'uint8[2][]' },
      {
        type: 'tuple'
        components: readonly [{ type: 'address'; name: 'to' }, { type: 'bytes4'; name: 'tag' }]
      },
      { type: 'tuple[]'; components: readonly [{ type: 'bool' }, { type: 'string' }] },
    ]
    expectTypeOf<ValuesOf<Parts>>().toEqualTypeOf<
      readonly [
        readonly (readonly bigint[])[],
        { readonly to: Hex; readonly tag: ArrayBuffer },
        readonly (readonly [boolean, string])[],
      ]
    >()
    expectTypeOf<ResultOf<readonly []>>().toEqualTypeOf<undefined>()
    expectTypeOf<ResultOf<readonly [{ type: 'bool' }]>>().toEqualTypeOf<boolean>()
  })
})

const TOKEN_ABI = parseAbi([
  'function transfer(address to, uint256 amount) returns (bool)',
  'function balanceOf(address) view returns (uint256)',
  'function both(bytes data) payable returns (string, bytes)',
  'function many(uint256) returns (uint256)',
  'function many(uint256, uint256) returns (uint256)',
  'function many(string) returns (uint256)',
  'function touch()',
  'error Short(uint256 by, bytes4 tag)',
])
const TOKEN = defineAbi(TOKEN_ABI)
const TO = '0x00000000000000000000000000000000000000ab'
const CONTRACT = 1000n
const ACTOR = 1001n

/** Calls a contract, and says what came back. */
const Caller = defineActor('Caller', {
  powers: ['directory', 'funds'],
  payable: ['public.run'],
  facets: { public: M.interface('Caller', { run: M.call(M.string()).returns(M.any()) }) },
  methods: {
    public: {
      run({ directory, funds }, what) {
        const ref = directory.actor(CONTRACT)
        try {
          return RUNS[what]?.(ref, funds) as never
        } catch (error) {
          if (error instanceof ContractError)
            return [error.errorName ?? 'nothing', ...error.args, error.message, error.data] as never
          if (error instanceof SdkError && what !== 'touch aloud') return [error.code] as never
          throw error
        }
      },
    },
  },
})

const RUNS: Readonly<Record<string, (ref: ReturnType<Directory['actor']>, funds: Funds) => unknown>> = {
  transfer: (ref) => contract(ref, TOKEN).transfer(TO, ETHER),
  balance: (ref) => contract(ref, TOKEN).balanceOf(TO),
  both: (ref, funds) => contract(ref, TOKEN, { value: funds.pay(5n) }).both(bytes(Uint8Array.of(1, 2))),
  two: (ref) => contract(ref, TOKEN).many(1n, 2n),
  text: (ref) => contract(ref, TOKEN)['many(string)']('x'),
  'touch aloud': (ref) => contract(ref, TOKEN).touch(),
  touch: (ref) => contract(ref, TOKEN).touch() ?? 'done',
  unclear: (ref) => (contract(ref, TOKEN) as never as { many(n: bigint): unknown }).many(1n),
  unknown: (ref) => (contract(ref, TOKEN) as never as { no(): unknown }).no(),
  tooMany: (ref) =>
    (contract(ref, TOKEN) as never as { balanceOf(a: string, b: string): unknown }).balanceOf(TO, TO),
  wrong: (ref) => contract(ref, TOKEN).transfer('0x', 5n),
}

type Behaviour = (call: ReturnType<typeof decodeFunctionData<typeof TOKEN_ABI>>, host: HostKernel) => Hex

const blockOf = (data: Hex): { codec: number; data: Uint8Array } => ({
  codec: 0x51,
  data: new CborWriter().bytes(hexToBytes(data)).finish(),
})

/** A chain with the caller, and a contract that does this. */
async function playWith(behaviour: Behaviour): Promise<Play> {
  const play = new Play()
  play.host.add(CONTRACT, (_, parameters, host) => {
    const calldata = new CborReader(parameters?.data ?? new Uint8Array()).bytes()
    return blockOf(behaviour(decodeFunctionData({ abi: TOKEN_ABI, data: hex(calldata) }), host))
  })
  await play.create(ACTOR, Caller)
  return play
}

/** A chain with the caller, and something else in the place of the contract. */
async function playAnswering(answering: (host: HostKernel) => HostBlock | undefined): Promise<Play> {
  const play = new Play()
  play.host.add(CONTRACT, (_, __, host) => answering(host))
  await play.create(ACTOR, Caller)
  return play
}

describe('a contract with its interface', () => {
  it('is sent what viem reads, and gives what viem writes', async () => {
    const calls: unknown[] = []
    const play = await playWith((call, host) => {
      calls.push([call.functionName, call.args, host.message().value, host.message().flags])
      if (call.functionName === 'transfer')
        return encodeFunctionResult({ abi: TOKEN_ABI, functionName: 'transfer', result: true })
      if (call.functionName === 'both')
        return encodeFunctionResult({ abi: TOKEN_ABI, functionName: 'both', result: ['grün', '0x0102'] })
      return word(BigInt(call.args.length))
    })
    const run = async (what: string): Promise<Passable | undefined> =>
      (await play.send(ACTOR, 'Run', [what], { value: 5n })).result
    expect(await run('transfer')).toBe(true)
    expect(await run('balance')).toBe(1n)
    const [text, data] = (await run('both')) as readonly [string, ArrayBuffer]
    expect([text, [...toUint8Array(data)]]).toEqual(['grün', [1, 2]])
    expect(await run('two')).toBe(2n)
    expect(await run('text')).toBe(1n)
    const address = '0x00000000000000000000000000000000000000AB'
    expect(calls).toEqual([
      ['transfer', [address, ETHER], 0n, 0n],
      // What says that it changes nothing cannot.
      ['balanceOf', [address], 0n, 1n],
      ['both', ['0x0102'], 5n, 0n],
      ['many', [1n, 2n], 0n, 0n],
      ['many', ['x'], 0n, 0n],
    ])
  })

  it('is not called with what it does not take', async () => {
    const play = await playWith(() => expect.fail('it was called'))
    for (const what of ['unclear', 'unknown', 'tooMany', 'wrong'])
      expect((await play.send(ACTOR, 'Run', [what])).result).toEqual(['abi/refused'])
  })

  it('is not believed where it returns something else', async () => {
    const play = await playWith(() => '0x05')
    expect((await play.send(ACTOR, 'Run', ['transfer'])).result).toEqual(['abi/malformed'])
  })

  it('has to be there', async () => {
    const play = await playAnswering(() => undefined)
    for (const what of ['touch', 'balance'])
      expect((await play.send(ACTOR, 'Run', [what])).result).toEqual(['abi/malformed'])
    const empty = await playAnswering(() => blockOf('0x'))
    expect((await empty.send(ACTOR, 'Run', ['touch'])).result).toBe('done')
  })

  it('is named where it fails otherwise', async () => {
    const play = await playAnswering((host) => host.abort(40, '', undefined))
    expect(await play.send(ACTOR, 'Run', ['touch aloud'])).toMatchObject({
      exitCode: 40,
      message: 'call/failed: InvokeEVM of f01000 ended with exit code 40',
    })
  })

  it.each([
    ['a list', '80'],
    ['bytes that are not all there', '5b7fffffffffffffff00'],
    ['nothing at all', ''],
    ['more behind it', '4000'],
  ])('is told apart from what gives %s', async (_, data) => {
    const block = { codec: 0x51, data: hexToBytes(`0x${data}`) }
    const play = await playAnswering(() => block)
    expect((await play.send(ACTOR, 'Run', ['touch'])).result).toEqual(['abi/malformed'])
    const reverting = await playAnswering((host) => host.abort(33, '', block))
    expect((await reverting.send(ACTOR, 'Run', ['touch'])).result).toEqual(['call/failed'])
  })

  it.each([
    [
      encodeErrorResult({ abi: TOKEN_ABI, errorName: 'Short', args: [5n, '0x01020304'] }),
      ['Short', 5n, bytes(Uint8Array.of(1, 2, 3, 4)), 'transfer(address,uint256) reverted with Short(5, …)'],
    ],
    [
      encodeErrorResult({ abi: parseAbi(['error Error(string)']), errorName: 'Error', args: ['no "more"'] }),
      ['Error', 'no "more"', 'transfer(address,uint256) reverted with Error("no \\"more\\"")'],
    ],
    [
      encodeErrorResult({ abi: parseAbi(['error Panic(uint256)']), errorName: 'Panic', args: [0x11n] }),
      ['Panic', 0x11n, 'transfer(address,uint256) reverted with Panic(17)'],
    ],
    ['0x01020304', ['nothing', 'transfer(address,uint256) reverted with 4 bytes']],
    ['0x', ['nothing', 'transfer(address,uint256) reverted with 0 bytes']],
    // An error of the interface, and half of what it says.
    ['0x08c379a0', ['nothing', 'transfer(address,uint256) reverted with 4 bytes']],
  ] as const)('tells of a revert with %s', async (data, expected) => {
    const play = await playWith((_, host) => host.abort(33, '', blockOf(data)))
    const result = (await play.send(ACTOR, 'Run', ['transfer'])).result as readonly Passable[]
    expect(result.slice(0, -1).map(plainly)).toEqual(expected.map(plainly))
    expect(hex(toUint8Array(result.at(-1) as ArrayBuffer))).toBe(data)
  })
})

function plainly(value: unknown): unknown {
  return value instanceof ArrayBuffer ? [...toUint8Array(value)] : value
}

const COUNTER_ABI = parseAbi([
  'function add(uint256 n) returns (uint256)',
  'function take() payable returns (uint256, string)',
  'function nothing() view',
  'function same(uint256) pure returns (uint256)',
  'function same(string) pure returns (string)',
  'error TooMuch(uint256 n)',
  'receive() external payable',
])
const COUNTER = defineAbi(COUNTER_ABI)
const Counter = defineActor('Counter', {
  state: { count: 0n },
  facets: { public: M.interface('Counter', {}) },
  methods: { public: {} },
  contract: answer(COUNTER, {
    add({ state }, n) {
      if (n > 10n) revert(COUNTER, 'TooMuch', n)
      state.count += n
      return state.count
    },
    take: ({ value, state }) => (value === 9n ? fail(34, 'half \ud83c') : [value, `of ${state.count}`]),
    nothing: () => undefined,
    'same(uint256)': (_, n) => n,
    'same(string)': (_, text) => text,
  }),
})

describe('an actor that answers as a contract', () => {
  async function counter(): Promise<(data: Hex, value?: bigint) => Promise<readonly [number, Hex]>> {
    const play = new Play()
    await play.create(ACTOR, Counter)
    return async (data, value = 0n) => {
      const call = { to: ACTOR, from: 100n, method: 3_844_450_837n, value }
      // As the EVM's actor sends it: no block for no bytes.
      const parameters = data === '0x' ? undefined : { codec: 0x55, data: hexToBytes(data) }
      const { exitCode, block } = await play.host.send({ ...call, parameters })
      return [exitCode, block === undefined ? '0x' : hex(new CborReader(block.data).bytes())]
    }
  }

  it('reads what viem writes, and writes what viem reads', async () => {
    const send = await counter()
    const call = (functionName: never, args: never): Hex =>
      encodeFunctionData({ abi: COUNTER_ABI, functionName, args })
    expect(await send(call('add' as never, [7n] as never))).toEqual([0, word(7n)])
    const taken = encodeFunctionResult({ abi: COUNTER_ABI, functionName: 'take', result: [5n, 'of 7'] })
    expect(await send(call('take' as never, [] as never), 5n)).toEqual([0, taken])
    expect(await send(call('nothing' as never, [] as never))).toEqual([0, '0x'])
    expect(await send(call('same' as never, [5n] as never))).toEqual([0, word(5n)])
    expect((await send(call('same' as never, ['é'] as never)))[0]).toBe(0)
    expect(await send('0x', 5n)).toEqual([0, '0x'])
  })

  it('reverts with what is not there, is not paid, or is refused', async () => {
    const send = await counter()
    const add = (n: bigint): Hex => encodeFunctionData({ abi: COUNTER_ABI, functionName: 'add', args: [n] })
    const tooMuch = encodeErrorResult({ abi: COUNTER_ABI, errorName: 'TooMuch', args: [11n] })
    expect(await send(add(11n))).toEqual([33, tooMuch])
    expect(await send(add(1n), 1n)).toEqual([33, '0x'])
    const take = encodeFunctionData({ abi: COUNTER_ABI, functionName: 'take' })
    const abi = parseAbi(['error Error(string)'])
    const half = encodeErrorResult({ abi, errorName: 'Error', args: ['half \ufffd'] })
    expect(await send(take, 9n)).toEqual([34, half])
    expect(await send('0x01020304')).toEqual([33, '0x'])
    expect(await send('0x010203')).toEqual([33, '0x'])
    expect((await send(add(1n).slice(0, -2) as Hex))[0]).toBe(21)
    expect(await send(add(1n))).toEqual([0, word(1n)])
  })
})
