/** @module What an answer looks like, without what it says: keys, types, whether there is something, and the forms of hexadecimal texts. */

/** What was seen at one place of an answer. */
export interface PlaceShape {
  /** `null`, `boolean`, `number`, `text`, `hex`, `list`, `object`. */
  readonly kinds: ReadonlySet<string>
  /** Forms that all hexadecimal texts of the place have: a number, or bytes of some length. */
  readonly forms: ReadonlySet<string>
}

/** Places by their paths: `.logs[].topics[]`. */
export type Shape = ReadonlyMap<string, PlaceShape>

/** One thing in which two answers differ. */
export interface ShapeDifference {
  readonly path: string
  /** `-` where there is nothing. */
  readonly here: string
  readonly there: string
}

const QUANTITY = /^0x(?:0|[1-9a-f][0-9a-f]{0,63})$/u
const BYTES = /^0x(?:[0-9a-fA-F]{2})*$/u
/** Lengths that mean something: a nonce of proof of work, an address, a word, a filter of logs. */
const LENGTHS: Readonly<Record<number, string>> = { 8: 'bytes8', 20: 'address', 32: 'word', 256: 'bloom' }
/** Keys that are data. */
const DATA_KEYS: readonly (readonly [RegExp, string])[] = [
  [/^0x[0-9a-fA-F]{40}$/u, '<address>'],
  [/^(?:0x)?[0-9a-fA-F]{64}$/u, '<word>'],
  [/^[0-9]+$/u, '<number>'],
]

/** The shape of any JSON. */
export function shapeOf(value: unknown): Shape {
  const places = new Map<string, { kinds: Set<string>; forms: Set<string> | undefined }>()
  const visit = (at: unknown, path: string): void => {
    const place = places.get(path) ?? { kinds: new Set<string>(), forms: undefined }
    places.set(path, place)
    const kind = kindOf(at)
    place.kinds.add(kind)
    if (kind === 'hex') {
      const forms = formsOf(at as string)
      place.forms = place.forms === undefined ? forms : place.forms.intersection(forms)
    }
    if (Array.isArray(at)) for (const item of at) visit(item, `${path}[]`)
    else if (kind === 'object')
      for (const [name, item] of Object.entries(at as object)) visit(item, `${path}.${keyOf(name)}`)
  }
  visit(value, '')
  return new Map(
    [...places].map(([path, { kinds, forms }]) => [path, { kinds, forms: forms ?? new Set<string>() }]),
  )
}

/** In what two shapes differ. A list without items says nothing of them, and what is below something else is not looked at. */
export function differencesOf(here: Shape, there: Shape): ShapeDifference[] {
  const found: ShapeDifference[] = []
  for (const path of [...here.keys(), ...there.keys().filter((one) => !here.has(one))].sort()) {
    const [mine, theirs] = [here.get(path), there.get(path)]
    const isDifferent =
      mine === undefined || theirs === undefined
        ? isKeyOfObject(path, mine === undefined ? here : there)
        : !agree(mine, theirs)
    if (isDifferent) found.push({ path, here: describe(mine), there: describe(theirs) })
  }
  return found
}

/** Whether a shape has an object that would have the key. */
function isKeyOfObject(path: string, shape: Shape): boolean {
  const parent = /^(.*)\.[^.[]*$/u.exec(path)?.[1]
  return parent !== undefined && (shape.get(parent)?.kinds.has('object') ?? false)
}

function agree(a: PlaceShape, b: PlaceShape): boolean {
  if (a.kinds.symmetricDifference(b.kinds).size > 0) return false
  return !a.kinds.has('hex') || !a.forms.isDisjointFrom(b.forms)
}

function describe(place: PlaceShape | undefined): string {
  if (place === undefined) return '-'
  return [...place.kinds]
    .map((kind) => (kind === 'hex' ? formOf(place.forms) : kind))
    .sort()
    .join(' or ')
}

/** The form that says most. A text may have several by accident: a number with an even count of digits looks like bytes. */
function formOf(forms: ReadonlySet<string>): string {
  const order = [...Object.values(LENGTHS), 'quantity', 'bytes']
  return order.find((form) => forms.has(form)) ?? 'hex of many forms'
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'list'
  if (typeof value !== 'string') return typeof value
  return QUANTITY.test(value) || BYTES.test(value) ? 'hex' : 'text'
}

function formsOf(text: string): Set<string> {
  const forms = new Set<string>()
  if (QUANTITY.test(text)) forms.add('quantity')
  if (!BYTES.test(text)) return forms
  forms.add('bytes')
  const length = LENGTHS[(text.length - 2) / 2]
  if (length !== undefined) forms.add(length)
  return forms
}

function keyOf(name: string): string {
  return DATA_KEYS.find(([pattern]) => pattern.test(name))?.[1] ?? name
}
