/** @module What is pinned of the SDK of this release. Written by `npm run image`. */

/** Of the script that `bundleImage` of `@troupe/bundle-js` makes of `@troupe/sdk-js/image`. */
export const SDK_SHA256 = '23dde3fb6c13ac13a37c0d1211ae9830c715996bc68c934710fdb8c4228d2de4'
/** CID of the image with it. */
export const SDK_IMAGE = 'bafy2bzacecsdp4ewki4gxh7ivafbq7atsvcuktlvlqorypld6tf3jhrcpr2my'
