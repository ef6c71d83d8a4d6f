import { OutOfGas } from '../kernel/errors.ts'

/** Amounts below this are exact as a double, and so are their sums' comparisons with it. */
const MAX_EXACT = Number.MAX_SAFE_INTEGER
const MAX_EXACT_BIG = BigInt(MAX_EXACT)
/** Generation 2 counts with signed 64-bit integers, which saturate; later generations never come near these bounds. */
const MAX_AVAILABLE = 2n ** 63n - 1n
const MIN_USED = -(2n ** 63n)

/** Listens to charges: what was charged, in milligas. */
export type ChargeListener = (name: string, milligas: number | bigint) => void

/**
 * Counts the gas of one message, in milligas (1 gas = 1000 milligas), with nested limits.
 *
 * What is available is held in two parts, `near` and `far`: charges come out of `near`, a double that never exceeds 2^53-1 and is
 * therefore exact, and only when it runs short is it refilled from `far`, a bigint. Block limits fit `near` a thousand times over, so that
 * bigints stay off the hot path, and limits up to 2^63-1 are exact all the same.
 */
export class GasTracker {
  #limit: bigint
  #near: number
  #far: bigint
  readonly #outer: { limit: bigint; used: bigint }[] = []
  #listener: ChargeListener | undefined
  /** Whether nothing is charged, because what is being done has another price, which {@link take} takes; see `withEthereumGas`. */
  isFree = false

  /** @param limit milligas */
  constructor(limit: bigint) {
    this.#limit = limit
    this.#near = 0
    this.#far = limit
    this.#refill()
  }

  /** Calls `listener` for every charge from now on, with what was taken: where gas runs out, all that there was. */
  listen(listener: ChargeListener | undefined): void {
    this.#listener = listener
  }

  /**
   * Takes `milligas` from what is available, unless {@link isFree}; a negative amount gives back.
   * @throws {OutOfGas} where less is available; all of it is then used
   */
  charge(name: string, milligas: number): void {
    if (!this.isFree) this.take(name, milligas)
  }

  /**
   * {@link charge}, whatever is free.
   * @throws {OutOfGas}
   */
  take(name: string, milligas: number): void {
    const rest = this.#near - milligas
    if (milligas >= 0 && rest >= 0) {
      this.#near = rest
      if (this.#listener !== undefined && milligas !== 0) this.#listener(name, milligas)
    } else this.#chargeFar(name, BigInt(milligas))
  }

  /** Takes all that is available under the limit in force, whatever is free. */
  takeAll(name: string): void {
    const all = this.#rest
    this.#setAvailable(0n)
    if (all !== 0n) this.#listener?.(name, all)
  }

  /**
   * {@link charge} for amounts that may exceed 2^53-1.
   * @throws {OutOfGas}
   */
  chargeWide(name: string, milligas: bigint): void {
    if (this.isFree) return
    if (milligas <= MAX_EXACT_BIG && milligas >= -MAX_EXACT_BIG) this.charge(name, Number(milligas))
    else this.#chargeFar(name, milligas)
  }

  /** What is left under the limit in force, in milligas; at most 2^63-1, even where more was given back. */
  get available(): bigint {
    const rest = this.#rest
    return rest < MAX_AVAILABLE ? rest : MAX_AVAILABLE
  }

  /** What is left, in milligas, where that is at most 2^53-1; otherwise -1. Costs no bigint. */
  get availableNear(): number {
    return this.#far === 0n ? this.#near : -1
  }

  /** What has been used under the limit in force, in milligas. Negative only by refunds of generation 2. */
  get used(): bigint {
    return this.#limit - this.#rest
  }

  /** Puts a limit (milligas) in force that holds until {@link popLimit}; it cannot exceed what is available. */
  pushLimit(limit: bigint): void {
    const available = this.available
    this.#outer.push({ limit: this.#limit, used: this.used })
    this.#setAvailable(limit < available ? limit : available)
    this.#limit = this.available
  }

  /** Ends the innermost limit; what was used under it counts against the one around it. */
  popLimit(): void {
    const outer = this.#outer.pop()
    if (outer === undefined) throw new Error('no gas limit to pop')
    const used = outer.used + this.used
    this.#limit = outer.limit
    this.#setAvailable(outer.limit - used)
  }

  #chargeFar(name: string, milligas: bigint): void {
    const before = this.#rest
    const rest = before - milligas
    if (rest < 0n) {
      this.#setAvailable(0n)
      this.#listener?.(name, before)
      throw new OutOfGas()
    }
    const most = this.#limit - MIN_USED
    this.#setAvailable(rest < most ? rest : most)
    this.#listener?.(name, milligas)
  }

  get #rest(): bigint {
    return this.#far + BigInt(this.#near)
  }

  #setAvailable(milligas: bigint): void {
    this.#near = 0
    this.#far = milligas
    this.#refill()
  }

  #refill(): void {
    const near = this.#far < MAX_EXACT_BIG ? this.#far : MAX_EXACT_BIG
    this.#near = Number(near)
    this.#far -= near
  }
}
