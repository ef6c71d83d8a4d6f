import { describe, expect, it } from 'vitest'
import { type Answers, compareAnswers } from '../src/shapes/compare.ts'
import { reportShapes } from '../src/shapes/report.ts'
import { differencesOf, shapeOf } from '../src/shapes/shape.ts'

const HASH = `0x${'ab'.repeat(32)}`
const ADDRESS = `0x${'0a'.repeat(20)}`

describe('the shape of an answer', () => {
  const different = (here: unknown, there: unknown): string[] =>
    differencesOf(shapeOf(here), shapeOf(there)).map(({ path, here: a, there: b }) => `${path}: ${a}, ${b}`)

  it('is the same for other values of the same form', () => {
    const block = (number: string, hash: string): object => ({ number, hash, logs: [{ data: '0x' }] })
    expect(different(block('0x1', HASH), block('0x1f4', `0x${'00'.repeat(32)}`))).toEqual([])
    expect(different([], [{ data: HASH }])).toEqual([])
    expect(different({ [ADDRESS]: 1 }, { [ADDRESS.replace('a', 'b')]: 2 })).toEqual([])
  })

  it.each([
    ['a key that is missing', { a: 1 }, { a: 1, b: null }, ['.b: -, null']],
    ['nothing in place of something', { to: null }, { to: ADDRESS }, ['.to: null, address']],
    ['a number of JSON', { gas: 1 }, { gas: '0x1' }, ['.gas: number, quantity']],
    ['zeros before a number', '0x01', '0x1', [': bytes, quantity']],
    ['bytes of another length', HASH, ADDRESS, []],
    ['a text that is no hexadecimal one', '0xzz', '0x1', [': text, quantity']],
    ['a list in place of an object', { a: [{ b: 1 }] }, { a: { b: 1 } }, ['.a: list, object']],
  ])('is another one for %s', (_, here, there, expected) => {
    expect(different(here, there)).toEqual(expected)
  })
})

describe('answers', () => {
  const questions = [
    { name: 'one', method: 'eth_one' },
    { name: 'two', method: 'eth_one' },
  ]
  const answers = (result: unknown): Answers => new Map(questions.map(({ name }) => [name, { result }]))
  const failed = (code: number, message: string, data?: string): Answers =>
    new Map(questions.map(({ name }) => [name, { error: { code, message, data } }]))
  const compared = (here: Answers, a: Answers, b: Answers): object[] =>
    compareAnswers(
      questions,
      here,
      new Map([
        ['a', a],
        ['b', b],
      ]),
    )

  it('that differ in the same way are one difference, which says who has the same', () => {
    expect(compared(answers({ x: 1 }), answers({ x: 1, y: 2 }), answers({ x: 3 }))).toEqual([
      {
        ...{ method: 'eth_one', place: '.y', here: '-', there: { a: 'number' } },
        ...{ same: ['b'], questions: ['one', 'two'] },
      },
    ])
  })

  it('of a method that others do not have are not compared with them', () => {
    expect(compared(answers(1), failed(-32601, 'Method not found'), answers(2))).toEqual([])
  })

  it('differ in values that are the same everywhere', () => {
    const logs = (topic: string): Answers => answers([{ topics: [HASH, topic], gas: topic }])
    expect(compared(logs('0x1'), logs('0x1'), logs('0x2'))).toMatchObject([
      { place: '[].topics[] (values)', here: 'value 2: 0x1', there: { b: 'value 2: 0x2' }, same: ['a'] },
    ])
  })

  it('differ in numbers and bytes of errors, and not in their words', () => {
    const here = failed(3, 'execution reverted', '0x08')
    expect(compared(here, failed(3, 'reverted', '0x08'), failed(-32000, 'reverted'))).toMatchObject([
      { place: 'outcome', here: 'error 3 with 0x08', there: { b: 'error -32000' } },
    ])
    expect(compared(answers(1), here, answers(1))).toMatchObject([{ here: 'a result' }])
  })
})

describe('the report', () => {
  it('names what has no reason, and reasons that nothing needs', () => {
    const difference = { here: '-', there: { a: 'null' }, same: [], questions: ['one'] }
    const { differences, idle, text, unexplained } = reportShapes(
      [
        { ...difference, method: 'eth_getBlockByHash', place: '.withdrawals' },
        { ...difference, method: 'eth_nothing', place: '.x' },
        { ...difference, method: 'eth_nothing', place: '.y', same: ['b'] },
      ],
      3,
      ['a', 'b'],
    )
    expect([differences, unexplained.map(({ place }) => place)]).toEqual([2, ['.x']])
    expect(idle.length).toBeGreaterThan(10)
    expect(text).toContain('| `eth_getBlockByHash` | `.withdrawals` | – | a: null |')
  })
})
