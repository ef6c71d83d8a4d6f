/** @module What is pinned of the SDK of this release. Written by `npm run image`. */

/** Of the script that `bundleImage` of `@troupe/bundle-js` makes of `@troupe/sdk-js/image`. */
export const SDK_SHA256 = 'c91aa4175e434b411506e32e97f56ac2809d989eb36d0a6cb823e718f361aca8'
/** CID of the image with it. */
export const SDK_IMAGE = 'bafy2bzacedzyx7nfn6z4ycnlutezlv5mx3izovlp3t2jzzvdvn63yoo4px2ag'
