/** What hardened JavaScript has as a global: that of the image, so that no script brings one along. */
export const harden: <T>(value: T) => T = (globalThis as unknown as { readonly harden: <T>(value: T) => T })
  .harden
