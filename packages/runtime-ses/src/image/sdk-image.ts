/** @module What is pinned of the SDK of this release. Written by `npm run image`. */

/** Of the script that `bundleImage` of `@troupe/bundle-js` makes of `@troupe/sdk-js/image`. */
export const SDK_SHA256 = '719bd7c23fdc77cda4f835bb6ca821353251bd44868d9653bbcaf41d81f37c2d'
/** CID of the image with it. */
export const SDK_IMAGE = 'bafy2bzacec7mkmghntoxcbxhaa33zx42cuicodpuew7kznw6nt5tjdv5rqtv6'
