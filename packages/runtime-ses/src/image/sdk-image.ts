/** @module What is pinned of the SDK of this release. Written by `npm run image`. */

/** Of the script that `bundleImage` of `@troupe/bundle-js` makes of `@troupe/sdk-js/image`. */
export const SDK_SHA256 = 'c3a08860455e34082c123e74e380d0ee66a8d171e267dc650d056a885e9085f4'
/** CID of the image with it. */
export const SDK_IMAGE = 'bafy2bzacedrko2ngztgz5qnpkvtgy45zvnb3auc5garuxwfbfyiwerb5yoghg'
