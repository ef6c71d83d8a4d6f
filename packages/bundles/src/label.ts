const PREFIX = /^builtin-actors-/
const SUFFIX = /\.(tar\.zst|tar|zst|car)$/
/** What may stand in a part of a name: it is shown in terminals, and file names in archives are hostile. */
const FORBIDDEN = /[^\w.-]+/g
const MAX_PART_LENGTH = 64
const NAME = /^[\w.-]{1,64}(\/[\w.-]{1,64})?$/

/**
 * What people call a bundle, made from file names: `v10.tar.zst` and `builtin-actors-mainnet.car` give `v10/mainnet`.
 * Empty where nothing is left of them.
 */
export function bundleName(...fileNames: readonly string[]): string {
  return fileNames
    .map((fileName) => {
      const last = fileName.split(/[/\\]/).at(-1) ?? ''
      return last.replace(SUFFIX, '').replace(PREFIX, '').replace(FORBIDDEN, '-').slice(0, MAX_PART_LENGTH)
    })
    .filter((part) => part !== '')
    .join('/')
}

/** Whether {@link bundleName} can have made this name of one or two file names. */
export function isBundleName(name: string): boolean {
  return NAME.test(name)
}
