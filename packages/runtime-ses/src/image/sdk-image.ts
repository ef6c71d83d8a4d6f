/** @module What is pinned of the SDK of this release. Written by `npm run image`. */

/** Of the script that `bundleImage` of `@troupe/bundle-js` makes of `@troupe/sdk-js/image`. */
export const SDK_SHA256 = 'fbaacbf59309f6c831661bf5119832755ec01526bdfcc783fb40c8d9b94dd07d'
/** CID of the image with it. */
export const SDK_IMAGE = 'bafy2bzacea7fexyzwvognf4b232nhywzqig4vxenhvwdytnqvb2uyrrap3qbw'
