/**
 * @module Programs in JavaScript whose results the language fixes to the last bit: nothing of what it leaves to engines (texts of errors, functions of `Math` that round as they like, how
 * often a comparison is called), nor of what the engine has wrong (how a bigint compares with a number).
 */
import fc from 'fast-check'

const NAMES = ['a', 'b', 'c', 'd']
const NUMBERS = [
  '0',
  '(-0)',
  '1',
  '(-1)',
  '0.1',
  '1e21',
  '(-1.5e-7)',
  '2147483648',
  '4294967295.5',
  '9007199254740993',
  '1e308',
  'NaN',
  'Infinity',
  '(-Infinity)',
]
const TEXTS = [
  '',
  'a',
  'abc',
  'A,b,,c',
  ' 12 ',
  '0x1f',
  '1e3',
  'ß',
  'İ',
  '\\ud83d\\ude00',
  '\\ud800',
  'é',
  'e\\u0301',
]
const PATTERNS = [
  '/[a-c]+/g',
  '/(.)(?=,)/',
  '/(?<name>b)|c/gi',
  '/^\\s*(\\d+)/',
  '/./gsu',
  '/\\p{L}/gu',
  '/(a*)*b?/',
]
/** A template literal; written as one, it would be one here. */
const TEMPLATE = '`<$' + '{@}|$' + '{@}>`'
const KEYS = ['x', 'y', '1', '0', '-1', '__proto__x', 'z z']

const pick = (...sources: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...sources)

/** Fills the places `@` of a template with sources, in order; a template may have fewer. */
function form(
  templates: readonly string[],
  ...places: readonly fc.Arbitrary<string>[]
): fc.Arbitrary<string> {
  return fc.tuple(fc.constantFrom(...templates), ...places).map(([template, ...sources]) => {
    const parts = template.split('@')
    if (parts.length - 1 > sources.length) throw new RangeError(`more places than sources: ${template}`)
    return parts.map((part, i) => part + (i < parts.length - 1 ? sources[i] : '')).join('')
  })
}

const { value: expression } = fc.letrec<
  Record<'value' | 'number' | 'text' | 'big' | 'list' | 'record' | 'truth', string>
>((tie) => {
  const [value, number, text, big, list, record, truth] = [
    tie('value'),
    tie('number'),
    tie('text'),
    tie('big'),
    tie('list'),
    tie('record'),
    tie('truth'),
  ]
  const depth = { depthSize: 'small', maxDepth: 5, withCrossShrink: true } as const
  const key = pick(...KEYS)
  const small = fc.integer({ min: -3, max: 12 }).map((it) => `(${it})`)
  const pattern = pick(...PATTERNS)
  const literal = pick(...NUMBERS)
  return {
    value: fc.oneof(
      depth,
      pick(...NAMES),
      number,
      text,
      big,
      list,
      record,
      truth,
      pick('null', 'undefined'),
      form(['(@ ? @ : @)', '(@ ?? @ ?? @)', '(@ && @ || @)'], value, value, value),
    ),
    number: fc.oneof(
      depth,
      pick(...NUMBERS),
      fc.double().map((it) => `(${Object.is(it, -0) ? '-0' : it})`),
      form(['(@ + @)', '(@ - @)', '(@ * @)', '(@ / @)', '(@ % @)'], number, number),
      form(['(@ & @)', '(@ | @)', '(@ ^ @)', '(@ << @)', '(@ >> @)', '(@ >>> @)'], number, number),
      form(['Math.imul(@, @)', 'Math.max(@, @)', 'Math.min(@, @)', 'parseInt(@, @)'], number, small),
      form(
        [
          'Math.floor(@)',
          'Math.round(@)',
          'Math.trunc(@)',
          'Math.sign(@)',
          'Math.fround(@)',
          'Math.clz32(@)',
        ],
        number,
      ),
      form(['Math.sqrt(@)', 'Math.abs(@)', '-(@)', '~@', '+(@)'], number),
      form(['Number(@)', '(@ | 0)', 'parseFloat(@)'], value),
      form(['@.length', '@.charCodeAt(1)', '@.codePointAt(0)', '@.indexOf("b")', '@.search(/[bc]/)'], text),
      form(['@.length', '@.indexOf(1)', '@.findLastIndex((it) => it)'], list),
      form(['@.reduce((sum, it) => sum + Number(typeof it === "number" ? it : 1), @)'], list, number),
    ),
    text: fc.oneof(
      depth,
      pick(...TEXTS).map((it) => `"${it}"`),
      form(['(@ + @)', TEMPLATE], text, value),
      form(
        ['@.slice(@, @)', '@.substring(@, @)', '@.padStart(@, "xy")', '(@.at(@) + "")'],
        text,
        small,
        small,
      ),
      form(
        ['@.toUpperCase()', '@.toLowerCase()', '@.trim()', '@.normalize("NFD")', '@.toWellFormed()'],
        text,
      ),
      form(
        ['@.replace(@, "[$1$&]")', '@.split(@).join("|")', '@.replace(@, (all, one) => show(one))'],
        text,
        pattern,
      ),
      form(['String(@)', '(typeof @)', '(JSON.stringify(@) + "")', 'show(@)'], value),
      form(
        ['(@).toFixed(3)', '(@).toPrecision(9)', '(@).toExponential(4)', '(Math.trunc(@) | 0).toString(7)'],
        number,
      ),
      form(['@.toString(16)', '@.toString(36)', '@.toString()'], big),
      form(['@.join("-")', '@.toString()'], list),
      form(['new Date(@).toISOString()', 'new Date(@ * 1e9).toJSON()'], number),
    ),
    big: fc.oneof(
      depth,
      fc.bigInt({ min: -(2n ** 130n), max: 2n ** 130n }).map((it) => `(${it}n)`),
      form(['(@ + @)', '(@ - @)', '(@ * @)', '(@ / @)', '(@ & @)', '(@ | @)', '(@ ^ @)'], big, big),
      form(
        ['(@ ** @n)', '(@ << @n)', '(@ >> @n)', 'BigInt.asIntN(64, @)', 'BigInt.asUintN(65, @)'],
        big,
        fc.nat(9).map(String),
      ),
      form(['BigInt(@)', 'BigInt(Math.trunc(@))'], number),
    ),
    list: fc.oneof(
      depth,
      form(['[@, @, @]', '[, @, ...[@, @]]'], value, value, value),
      form(['[...@, ...@]', '@.concat(@)', '[@, @].flat()'], list, list),
      form(['@.slice(@, @)', '@.toSpliced(@, @)', '@.with(0, @)', '@.copyWithin(@, @)'], list, small, small),
      form(
        [
          '@.map((it) => [it, typeof it])',
          '@.filter((it) => it)',
          '@.toReversed()',
          '@.flatMap((it) => [it, it])',
        ],
        list,
      ),
      form(
        [
          '@.map(String).sort()',
          '@.map(Number).filter((it) => it === it).sort((l, r) => l - r || 0)',
          '[...new Set(@)]',
          '[...@.entries()]',
        ],
        list,
      ),
      form(['Array.from(@)', '[...@]', '@.split("")', '[...@.matchAll(/[a-c]/g)].map(([it]) => it)'], text),
      form(['Object.keys(@)', 'Object.entries(@)', 'Reflect.ownKeys(@).map(String)'], record),
      form(
        [
          '[...new Uint8Array([@, @])]',
          '[...new Float32Array([@, @])]',
          '[...new Int16Array([@, @]).fill(7, 1)]',
        ],
        number,
        number,
      ),
      form(['[...(function* () { yield @; try { yield @ } finally { yield @ } })()]'], value, value, value),
    ),
    record: fc.oneof(
      depth,
      form(
        [`{ "@": @, ["@"]: @ }`].map((it) => `(${it})`),
        key,
        value,
        key,
        value,
      ),
      form(['({ ...@, ...@ })', 'Object.assign({}, @, @)'], record, record),
      form(['Object.fromEntries(Object.entries(@).reverse())', 'JSON.parse(JSON.stringify(@))'], record),
      form(['new Map([[@, @]])', 'Object.groupBy([@, @], (it) => typeof it)'], value, value),
      form(['(({ x, ...rest }) => ({ rest, x: x ?? @ }))(@)'], value, record),
      // No variables: what reads itself recurs, and where that ends is the engine's own.
      form(['({ get it() { return @ }, set it(to) {}, [Symbol.toPrimitive]: () => @ })'], literal, literal),
    ),
    truth: fc.oneof(
      depth,
      form(['(@ === @)', '(@ == @)', 'Object.is(@, @)', '(show(@) < show(@))'], value, value),
      form(['(@ < @)', '(@ >= @)', '!(@ <= @)'], number, number),
      form(['(@ < @)', '(@ >= @)', '!(@ <= @)'], big, big),
      form(['@.test(@)'], pattern, text),
      form(['@.includes(@)', '@.some((it) => it === @)'], list, value),
      form(['(@ < (@ | 0))', '(@ == @)'], big, number),
      form(['!@'], value),
    ),
  }
})

const name = pick(...NAMES)
const statement: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: form(['@ = @;'], name, expression) },
  form(['for (const each of [@, @]) { @ = [each, @].flat(1); }'], expression, expression, name, name),
  form(
    ['try { @ = @; throw @; } catch (error) { @ = show(error); } finally { d = typeof a; }'],
    name,
    expression,
    expression,
    name,
  ),
  form(['{ let i = 0; while (i++ < 3) { if (i === 2) continue; @ = [i, @]; } }'], name, expression),
  form(
    ['switch (@) { case @: b = 1; default: b = 2; case @: c = 3; break; }'],
    expression,
    expression,
    expression,
  ),
  form(
    ['@ = new (class { #it = @; static { c = 1; } get it() { return this.#it; } })().it;'],
    name,
    expression,
  ),
  form(['({ x: @ = @, ...d } = Object(@));'], name, expression, expression),
)

/** The body of a function with `show`, which gives what four variables hold in the end. */
export const program: fc.Arbitrary<string> = fc
  .array(statement, { minLength: 1, maxLength: 6 })
  .map((statements) =>
    ['let a = 1, b = "two", c = [3], d = { four: 4n };', ...statements, 'return [a, b, c, d];'].join('\n'),
  )
