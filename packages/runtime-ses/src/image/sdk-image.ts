/** @module What is pinned of the SDK of this release. Written by `npm run image`. */

/** Of the script that `bundleImage` of `@troupe/bundle-js` makes of `@troupe/sdk-js/image`. */
export const SDK_SHA256 = 'a2ea37313000981c4fd82973e132df3b567e3f184ea977965a31c18dca574704'
/** CID of the image with it. */
export const SDK_IMAGE = 'bafy2bzacecn4wr57w6bkbghjtrzecr2ptk4qb2gd55vn5f3xvtwwc35p2zdeu'
