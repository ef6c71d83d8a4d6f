/** @module What is pinned of the SDK of this release. Written by `npm run image`. */

/** Of the script that `bundleImage` of `@troupe/bundle-js` makes of `@troupe/sdk-js/image`. */
export const SDK_SHA256 = '7da9661229829c7d0c65a4a27becf95a18bc2ee1384839b14949a5755522b4d6'
/** CID of the image with it. */
export const SDK_IMAGE = 'bafy2bzaceadoljqs7tfup4qknmx5wa54dvgrizf575cjpifo5idq6zfftpeji'
