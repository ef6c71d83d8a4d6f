/** @module What is pinned of the SDK of this release. Written by `npm run image`. */

/** Of the script that `bundleImage` of `@troupe/bundle-js` makes of `@troupe/sdk-js/image`. */
export const SDK_SHA256 = '86289df2a1a53a3483d20b0f331416e645f42c4180673a7117469f931a8864db'
/** CID of the image with it. */
export const SDK_IMAGE = 'bafy2bzacebptxf2atygngjrbvbe7s3sgy2vgfqjlnqcqn6p5j5wtfgh5z7xw2'
