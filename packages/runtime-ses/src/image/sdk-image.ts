/** @module What is pinned of the SDK of this release. Written by `npm run image`. */

/** Of the script that `bundleImage` of `@troupe/bundle-js` makes of `@troupe/sdk-js/image`. */
export const SDK_SHA256 = 'a3bf362e3af194e6744c3bff18f75cc4a92435c23549c323284b0cc3f84bb5d6'
/** CID of the image with it. */
export const SDK_IMAGE = 'bafy2bzacebc46oni4q6gbghle6poimkdf75d5didxyond4j3afxi5onudbu6o'
