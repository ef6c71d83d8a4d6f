/** @module What is pinned of the SDK of this release. Written by `npm run image`. */

/** Of the script that `bundleImage` of `@troupe/bundle-js` makes of `@troupe/sdk-js/image`. */
export const SDK_SHA256 = 'bba4659910af92542e7e61a4c201d66884abe3c13fc2083358550eeea8a43b93'
/** CID of the image with it. */
export const SDK_IMAGE = 'bafy2bzacebrcvgtb3cedumxu3ep2gx23awm5ce3iir47j4bz2y7cswgedf3gw'
