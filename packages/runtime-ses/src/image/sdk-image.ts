/** @module What is pinned of the SDK of this release. Written by `npm run image`. */

/** Of the script that `bundleImage` of `@troupe/bundle-js` makes of `@troupe/sdk-js/image`. */
export const SDK_SHA256 = '584a98adafb2c79d35e4a69ab0e1a0a2bf1c2a5dcdeb0bbefbc40360caf528b9'
/** CID of the image with it. */
export const SDK_IMAGE = 'bafy2bzacedb6e3zla5aulehc4hxbhprutwnfdkl2fhvslggpz6hzdd3igqpzq'
