export { formatBytes, formatMilliseconds, grouped, visible } from 'troupe/text'
