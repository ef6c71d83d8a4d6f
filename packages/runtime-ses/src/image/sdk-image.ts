/** @module What is pinned of the SDK of this release. Written by `npm run image`. */

/** Of the script that `bundleImage` of `@troupe/bundle-js` makes of `@troupe/sdk-js/image`. */
export const SDK_SHA256 = '9173347c3025285dd8ef767c382e7b5c3b00c8d8c2f83da70e22b297f1aa2c5e'
/** CID of the image with it. */
export const SDK_IMAGE = 'bafy2bzacebjjzjrkn4hne4dr6x3wjecnw3efaxg5v6fhtekyp53hfhfvfmt3w'
