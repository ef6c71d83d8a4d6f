export { CodedError } from './coded-error.ts'
export type { Blake2bLength, CryptoPrimitive, CryptoProvider } from './provider.ts'
