/** @module What is pinned of the SDK of this release. Written by `npm run image`. */

/** Of the script that `bundleImage` of `@troupe/bundle-js` makes of `@troupe/sdk-js/image`. */
export const SDK_SHA256 = '9862f71e5be9b9c9035f34a1a7f480984c97d5b8bfecb0cdf03f9b0cc310c5ce'
/** CID of the image with it. */
export const SDK_IMAGE = 'bafy2bzacedchbcrvum6krkvbmi4brs7rd3cuecmpzmdlhwmatcnq7kmper3cg'
