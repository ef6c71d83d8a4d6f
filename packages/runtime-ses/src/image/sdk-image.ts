/** @module What is pinned of the SDK of this release. Written by `npm run image`. */

/** Of the script that `bundleImage` of `@troupe/bundle-js` makes of `@troupe/sdk-js/image`. */
export const SDK_SHA256 = '66a59872815a84e967d4f07bc95e859405705598568d52ab9cb8cf9a348360f0'
/** CID of the image with it. */
export const SDK_IMAGE = 'bafy2bzaceazxdzi3bz2iybybn4sbe445xcanj5pk5clcpm3dmwhkda6rqeur2'
