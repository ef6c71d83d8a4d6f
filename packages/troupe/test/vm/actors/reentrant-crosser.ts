import { make } from './crosser.ts'

export default make(true)
