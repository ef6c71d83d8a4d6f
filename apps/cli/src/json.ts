/** Types of the language do not have `JSON.rawJSON` yet; every supported Node does. */
const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON

/** `value` as one line of JSON, with bigints as integers. Amounts that readers may take for doubles are to be given as text. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'bigint' ? rawJson(String(part)) : part,
  )
}
