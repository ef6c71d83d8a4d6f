import {
  type Declared,
  type DurableMap,
  durable,
  type FieldView,
  isRef,
  M,
  type Passable,
  type Ref,
  viewOf,
} from '@troupe/sdk-js'

/** What stands in the state where something of the module's has been taken away. */
const GONE = null

/** What a record is in the state, and what of it code finds. */
export interface RecordCodec {
  /** @throws {SdkError} vat/not-durable */
  write(record: object): Passable
  /** @throws {SdkError} vat/kind-undefined */
  read(written: Passable): unknown
}

type Field = DurableMap<Passable, Passable>

/** A record during an invocation. */
interface Cell {
  /** What it is; `undefined` where there is none. */
  value: unknown
  written: Passable | undefined
  /** What stands in the state. */
  stored: Passable | undefined
  isChanged: boolean
}

/**
 * Where a vat keeps what lasts: what its module made when it was evaluated, which is a part of the code's image and never changes, and above it what has changed since, in the actor's state. A record has a
 * key, which is text, and some have that for each of many references to actors. Records are objects; they are replaced, and not changed.
 *
 * *Shape* of the state: a map from keys, or `[key, reference]`, to records, and to null for what is gone.
 */
export class Records {
  /** What the actor has to declare. */
  readonly state: Declared<Field> = durable.map<Passable, Passable>(M.any() as never, M.any() as never)
  readonly #codec: RecordCodec
  readonly #origin = new Map<string, unknown>()

  constructor(codec: RecordCodec) {
    this.#codec = codec
  }

  /** Whether what is made now is the module's, and so in every image of the code. */
  get isOrigin(): boolean {
    return this.#view() === undefined
  }

  get(key: string, ref?: Ref): unknown {
    const view = this.#view()
    return view === undefined ? this.#origin.get(key) : view.cell(key, ref).value
  }

  /** @throws {SdkError} vat/not-durable */
  set(key: string, value: object, ref?: Ref): void {
    const written = this.#codec.write(value)
    const view = this.#view()
    if (view === undefined) this.#origin.set(key, value)
    else Object.assign(view.cell(key, ref), { value, written, isChanged: true })
  }

  delete(key: string, ref?: Ref): void {
    const view = this.#view()
    if (view === undefined) this.#origin.delete(key)
    else Object.assign(view.cell(key, ref), { value: undefined, written: undefined, isChanged: true })
  }

  #view(): Cells | undefined {
    return viewOf(this.state, (field) => new Cells(field, this.#codec, this.#origin))
  }
}

/** The records that an invocation has looked at. They are written when the state is. */
class Cells implements FieldView {
  readonly #field: Field
  readonly #codec: RecordCodec
  readonly #origin: ReadonlyMap<string, unknown>
  readonly #cells = new Map<Ref | undefined, Map<string, Cell>>()

  constructor(field: Field, codec: RecordCodec, origin: ReadonlyMap<string, unknown>) {
    this.#field = field
    this.#codec = codec
    this.#origin = origin
  }

  cell(key: string, ref: Ref | undefined): Cell {
    let cells = this.#cells.get(ref)
    if (cells === undefined) {
      cells = new Map()
      this.#cells.set(ref, cells)
    }
    let cell = cells.get(key)
    if (cell === undefined) {
      cell = this.#read(key, ref)
      cells.set(key, cell)
    }
    return cell
  }

  flush(): void {
    for (const [ref, cells] of this.#cells)
      for (const [key, cell] of cells) {
        if (!cell.isChanged) continue
        cell.isChanged = false
        this.#write(key, ref, cell)
      }
  }

  #read(key: string, ref: Ref | undefined): Cell {
    const stored = this.#field.get(keyOf(key, ref))
    const value =
      stored === undefined ? this.#origin.get(key) : stored === GONE ? undefined : this.#codec.read(stored)
    return { value, stored, written: undefined, isChanged: false }
  }

  #write(key: string, ref: Ref | undefined, cell: Cell): void {
    const written = cell.written ?? (this.#origin.has(key) ? GONE : undefined)
    if (isSame(written, cell.stored)) return
    if (written === undefined) this.#field.delete(keyOf(key, ref))
    else this.#field.set(keyOf(key, ref), written)
    cell.stored = written
  }
}

function keyOf(key: string, ref: Ref | undefined): Passable {
  return ref === undefined ? key : [key, ref]
}

/** Whether two forms of records certainly are the same. */
function isSame(a: Passable | undefined, b: Passable | undefined): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (isRef(a) || isRef(b) || a instanceof ArrayBuffer || Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => isSame((a as never)[key] as Passable, (b as never)[key] as Passable | undefined))
  )
}
