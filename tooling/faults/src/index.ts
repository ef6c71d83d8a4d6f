export { contend } from './contend.ts'
export type { FillReport } from './fill-disk.ts'
export { type KillOptions, type KillReport, killWriters } from './kill-writers.ts'
export { fillSmallDisk } from './small-disk.ts'
