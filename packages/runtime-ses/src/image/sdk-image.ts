/** @module What is pinned of the SDK of this release. Written by `npm run image`. */

/** Of the script that `bundleImage` of `@troupe/bundle-js` makes of `@troupe/sdk-js/image`. */
export const SDK_SHA256 = 'c3a19f2553eba4fe45a256e17ef6190fce612c78647d3ee8354dd0064cf0d3a2'
/** CID of the image with it. */
export const SDK_IMAGE = 'bafy2bzaceardihdyvzc73ih56gcmbq7dzceh4f7pfxjfshsqnshl3y2tmfki4'
