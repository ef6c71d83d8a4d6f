export { formatBytes, formatMilligas, formatMilliseconds, grouped, visible } from 'troupe/text'
