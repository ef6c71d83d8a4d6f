/** @module What is pinned of the SDK of this release. Written by `npm run image`. */

/** Of the script that `bundleImage` of `@troupe/bundle-js` makes of `@troupe/sdk-js/image`. */
export const SDK_SHA256 = 'dde9c1c300120cc583adb36d38c5d203bd28e6e1b29572dc6965f98ccb92a63a'
/** CID of the image with it. */
export const SDK_IMAGE = 'bafy2bzaceb4jftkzex2vjpr4ti7d3tvb6r3tpvfsktvq66g5vp4w7thbfmbc2'
