/** How addresses are shown and understood. Whoever decodes says it, because their text has a checksum and a network. */
export interface AddressText {
  /** The text of an address; `undefined` where these are not the bytes of one. */
  readonly format: (bytes: Uint8Array) => string | undefined
  /** The bytes of an address; `undefined` where this is not the text of one. */
  readonly parse: (text: string) => Uint8Array | undefined
}

/** What decoding and encoding may be told besides. */
export interface SchemaOptions {
  /** Default: addresses stay bytes. */
  readonly addresses?: AddressText | undefined
}

/** The protocols of addresses that there are. */
const MAX_PROTOCOL = 4
const MAX_ADDRESS_LENGTH = 65

/** An address as it is shown; `undefined` where these are not the bytes of one. */
export function showAddress(
  bytes: Uint8Array,
  { addresses }: SchemaOptions,
): string | Uint8Array | undefined {
  if (addresses !== undefined) return addresses.format(bytes)
  return bytes.length < 2 || bytes.length > MAX_ADDRESS_LENGTH || (bytes[0] as number) > MAX_PROTOCOL
    ? undefined
    : bytes
}
