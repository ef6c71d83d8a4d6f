/** @module What is pinned of the SDK of this release. Written by `npm run image`. */

/** Of the script that `bundleImage` of `@troupe/bundle-js` makes of `@troupe/sdk-js/image`. */
export const SDK_SHA256 = '3e51c7fd007a6b26d848d374ad00257fbacde43e5ee11429a91308b2a9ca7218'
/** CID of the image with it. */
export const SDK_IMAGE = 'bafy2bzaceczzn4obbjri3avnne4zk5xm4yzyvnwe5sk5mzk7astmg55amzquk'
