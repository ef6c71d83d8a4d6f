/** @module What is pinned of the SDK of this release. Written by `npm run image`. */

/** Of the script that `bundleImage` of `@troupe/bundle-js` makes of `@troupe/sdk-js/image`. */
export const SDK_SHA256 = 'd256c9e66d341304a63edbfdd234376cb5e3f78428798e8b748c4af9393680a7'
/** CID of the image with it. */
export const SDK_IMAGE = 'bafy2bzaceajon2flxf4lwh3yb54l6u6wmhaw6z7h33tax5ulxt3acv5l2kbv6'
