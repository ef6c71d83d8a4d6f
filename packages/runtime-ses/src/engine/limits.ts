/**
 * @module What an engine may use. All of it is part of what a network agrees on: whoever changes one of these has other images and other gas.
 */

/** Most bytes that JavaScript's objects take in one invocation; what goes beyond is an error that the code may catch. */
export const HEAP_LIMIT: number = 64 * 1024 * 1024

/** Most pages of the engine's memory: the heap, and what its allocator loses. */
export const MAXIMUM_PAGES = 1280

/**
 * Bytes of the engine's own stack that JavaScript may use; what goes beyond is a `RangeError` that the code may catch. The engine has 1 MiB, and needs some of it where it does not
 * look: up to 512 KiB are safe. 192 KiB hold about eight hundred calls of a small function, and whatever recurs in the engine ends before V8's own 984 KiB do.
 */
export const STACK_LIMIT: number = 192 * 1024

/**
 * Greatest height of the Wasm stack, in units of the container's limiter: what calls of functions reach by the limit above. Beyond it is a trap: what recurs in the engine with little of its
 * own stack comes there first, such as its parser.
 */
export const STACK_HEIGHT = 80_000

/**
 * Bytes that a call takes of the memory that all calls of a message share, beside those of its image: for the host's stack, of which it uses up to a mebibyte. So a message has some hundred calls of
 * hardened actors in one another at most, and the stack of the thread that a chain lives in is enough for them.
 */
export const HOST_STACK_SHARE: number = 16 * 1024 * 1024

/** Bytes that the engine itself may write to the log in one invocation; what goes beyond is dropped. The engine does not notice. */
export const OUTPUT_LIMIT = 4096

/** Free bytes at the end of an image's heap: an invocation that needs no more leaves its instance to the next one. */
export const HEADROOM: number = 1024 * 1024

/**
 * Milligas in which an actor's code has to be ready when it is installed: whoever installs it pays for them. Half of what a block has: enough to fill the heap, and for an issuer of Agoric's ERTP with
 * all that it imports, which takes four fifths of it.
 */
export const PREPARATION_LIMIT: bigint = 5_000_000_000n * 1000n

/** Milligas in which it has to be ready whenever it is loaded: more, so that what has been installed stays ready where prices rise. */
export const LOADING_LIMIT: bigint = 16n * PREPARATION_LIMIT
