import { Utf8Decoder, Utf8Encoder } from './text-coders.ts'

// For its effect, and before all else that the script has: what comes after it makes coders when it is evaluated.
Object.assign(globalThis, { TextEncoder: Utf8Encoder, TextDecoder: Utf8Decoder })
