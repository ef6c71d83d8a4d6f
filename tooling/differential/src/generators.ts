import type { Generator } from './generators/generator.ts'
import { SYSTEM_GENERATORS } from './generators/system-actors.ts'

/** What messages are made of, for every actor that is compared. */
export const GENERATORS: readonly Generator[] = [...SYSTEM_GENERATORS]
