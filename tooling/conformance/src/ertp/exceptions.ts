const CLOCK = 'it waits by a clock, which no actor has'
const GAS = 'it makes a hundred payments or more, which takes more gas than a block has'
const GLOBAL = 'it is about a global `VatData`, and code of an actor makes no globals'
const LIVES = 'it goes through several lives of a vat, where a message is one'

/** Files, and tests of files, that are not run, and why no actor can run them. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ['ERTP/test/unitTests/issuerObj.test.js: issuer.combine good payments', GAS],
  ['ERTP/test/unitTests/issuerObj.test.js: issuer.combine array of promises', GAS],
  ['ERTP/test/unitTests/issuerObj.test.js: issuer.combine bad payments', GAS],
  ['store/test/AtomicProvider.test.js', CLOCK],
  ['vat-data/test/absent.test.js', GLOBAL],
  ['vat-data/test/present.test.js', GLOBAL],
  ['zone/test/exos.test.js: durableZone', LIVES],
  ['zone/test/exos.test.js: exoClass stateShape expansion', LIVES],
  ['zone/test/exos.test.js: vatData migrate to durableZone', LIVES],
  ['zone/test/make-once.test.js: durableZone', LIVES],
])

/** Why a file is not run, or a test in it. @param title none for the file */
export function reasonToSkip(file: string, title?: string): string | undefined {
  return REASONS.get(title === undefined ? file : `${file}: ${title}`)
}
