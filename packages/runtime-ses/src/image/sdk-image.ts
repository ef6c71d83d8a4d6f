/** @module What is pinned of the SDK of this release. Written by `npm run image`. */

/** Of the script that `bundleImage` of `@troupe/bundle-js` makes of `@troupe/sdk-js/image`. */
export const SDK_SHA256 = 'cbbfdb3330e199d72548e1124efc1a66cb0396be76861ec00478e0bd762e54e4'
/** CID of the image with it. */
export const SDK_IMAGE = 'bafy2bzaceagq3ysywoqer5lp3gqn273vsx5epxkgy6qipoq4eitr64hucnsca'
