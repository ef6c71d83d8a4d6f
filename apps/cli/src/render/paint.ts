export { paint } from 'troupe/text'
