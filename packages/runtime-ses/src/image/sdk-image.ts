/** @module What is pinned of the SDK of this release. Written by `npm run image`. */

/** Of the script that `bundleImage` of `@troupe/bundle-js` makes of `@troupe/sdk-js/image`. */
export const SDK_SHA256 = '84475214dfa38676d934f90fdb345f457f7d98100e000590907c3809615ad57e'
/** CID of the image with it. */
export const SDK_IMAGE = 'bafy2bzacec37z3wd3rmobumicmxl5m7wct5yeiammfrp4gvdstn3pak6vduic'
