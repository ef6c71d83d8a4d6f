import { RpcError } from '../errors.ts'

/** Reads one kind of value out of JSON. */
export interface Reader<T> {
  /** What is wanted, for people: `a block`, `an address`. */
  readonly type: string
  /** Whether it may be left out, or be `null`. */
  readonly isOptional: boolean
  /**
   * @param at where the value stands, for the error: `transaction.value`
   * @throws {RpcError} rpc/invalid-params
   */
  read(value: unknown, at: string): T
}

/** A parameter of a method: the name that errors have for it, and what it is. */
export interface Parameter<T> {
  readonly name: string
  readonly reader: Reader<T>
}

/** The values of parameters. */
export type ParameterValues<P extends readonly Parameter<unknown>[]> = {
  readonly [I in keyof P]: P[I] extends Parameter<infer T> ? T : never
}

/** A parameter of a method. */
export function parameter<const T>(name: string, reader: Reader<T>): Parameter<T> {
  return { name, reader }
}

/**
 * The values of a request's parameters.
 * @throws {RpcError} rpc/invalid-params, which names the one that is wrong
 */
export function readParameters<P extends readonly Parameter<unknown>[]>(
  parameters: P,
  values: readonly unknown[],
): ParameterValues<P> {
  const extra = values.slice(parameters.length).findIndex((value) => value !== undefined && value !== null)
  if (extra >= 0)
    throw new RpcError(
      'rpc/invalid-params',
      `parameter ${parameters.length + extra + 1} is one too many: there are ${parameters.length}`,
    )
  return parameters.map(({ name, reader }, index) => reader.read(values[index], name)) as ParameterValues<P>
}

/** A reader, of a function that reads what is there. */
export function reader<T>(type: string, read: (value: unknown, at: string) => T): Reader<T> {
  return {
    type,
    isOptional: false,
    read: (value, at) => {
      if (value === undefined || value === null) throw invalid(at, `is missing: ${type} is needed`)
      return read(value, at)
    },
  }
}

/** The same, where nothing may stand instead. */
export function optional<T>(inner: Reader<T>): Reader<T | undefined> {
  return {
    type: inner.type,
    isOptional: true,
    read: (value, at) => (value === undefined || value === null ? undefined : inner.read(value, at)),
  }
}

/** The error of a parameter. */
export function invalid(at: string, what: string): RpcError {
  return new RpcError('rpc/invalid-params', `${at} ${what}`)
}
