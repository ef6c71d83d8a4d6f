/** @module What is pinned of the SDK of this release. Written by `npm run image`. */

/** Of the script that `bundleImage` of `@troupe/bundle-js` makes of `@troupe/sdk-js/image`. */
export const SDK_SHA256 = 'f47212807c5ca1cf56c421d88b3457be7d402a8bb3c3472eec9d0cd62fcf91d9'
/** CID of the image with it. */
export const SDK_IMAGE = 'bafy2bzacecdgtkvg3pl4i2q4zgg4ypgqoecwargjkf2wp6zoqhkhb55w2mtyk'
