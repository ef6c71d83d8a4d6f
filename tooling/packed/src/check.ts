import type { Workshop } from './workshop.ts'

/** One check of a run. It gives what is wrong, a text for each problem, with the name of the package that is to blame in front. */
export type Check = (workshop: Workshop) => Promise<string[]>
