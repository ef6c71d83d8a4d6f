/** What Node asks for when it prints an object. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom')

/** Says what Node prints of the objects of a class. */
export function printAs<T extends object>(prototype: T, print: (object: T) => string): void {
  Object.defineProperty(prototype, INSPECT, {
    value(this: T) {
      return print(this)
    },
  })
}
