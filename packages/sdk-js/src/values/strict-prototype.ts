import harden from '@endo/harden'

/**
 * A prototype for records whose keys are known: whoever asks such a record for another one, or gives it another one, does not get `undefined`, but is told. What is the record's own costs nothing,
 * because prototypes are not asked for it.
 *
 * `then`, which whoever waits for a value asks for, `toJSON`, which whoever writes one out does, symbols and what all objects have are left alone.
 * @param refuse throws
 */
export function strictPrototype(refuse: (key: string) => never): object {
  const check = (key: string | symbol): void => {
    if (typeof key === 'string' && key !== 'then' && key !== 'toJSON' && !(key in Object.prototype))
      refuse(key)
  }
  return harden(
    new Proxy(Object.freeze({}), {
      get(target, key) {
        check(key)
        return Reflect.get(target, key)
      },
      set(_, key) {
        check(key)
        return false
      },
    }),
  )
}
