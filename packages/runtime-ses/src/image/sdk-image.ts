/** @module What is pinned of the SDK of this release. Written by `npm run image`. */

/** Of the script that `bundleImage` of `@troupe/bundle-js` makes of `@troupe/sdk-js/image`. */
export const SDK_SHA256 = '2bc193df5b4e7b790933c54a8d50020a8c456ecf2384b3b916b1436349849915'
/** CID of the image with it. */
export const SDK_IMAGE = 'bafy2bzacedtbryuyfgvjosp37vy53wkc6rag75phj7n56dxvnzvpwwmac6sss'
