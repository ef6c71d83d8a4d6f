/** @module What is pinned of the SDK of this release. Written by `npm run image`. */

/** Of the script that `bundleImage` of `@troupe/bundle-js` makes of `@troupe/sdk-js/image`. */
export const SDK_SHA256 = '35fa99fc3148db01a738e6ed7155aca230fc0002c6e7f517b769a42c0749e178'
/** CID of the image with it. */
export const SDK_IMAGE = 'bafy2bzaceareoxaftsas2kcxu6zontxpp3xh26h6zzegirfignosioozwfydc'
