export { paint, type Style } from './paint.ts'
export { formatBytes, formatMilligas, formatMilliseconds, grouped, visible } from './plain.ts'
