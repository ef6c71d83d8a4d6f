import type { RuleSet } from './rule-set.ts'

/**
 * The rules of a network of one's own on which actors can keep others from calling them while they are being called. The reference has nothing like it: every
 * actor has to guard itself.
 *
 * An actor is *locked* in two ways. Code that says so of itself (`Program.isReentrant`; for Wasm an export named `not_reentrant`) has its actor locked
 * whenever it runs. And `send.send` with the flag of value 2 locks the actor that sends, until that call ends.
 *
 * A call of a locked actor ends with `SYS_REENTRANT_CALL`: nothing remains of it but its gas, and its caller goes on. That holds for whoever calls, the actor
 * itself too, and for read-only calls, which would see a state that is half changed. Transfers without a call (method 0) run no code, and pass; so does the
 * actor's own `actor.upgrade_actor`, after which its old code is not returned to.
 *
 * @param rules of generation 3 or 4
 */
export function withReentrancyLocks(rules: RuleSet): RuleSet {
  return { ...rules, name: `${rules.name}+locks`, reentrancyLocks: true }
}
