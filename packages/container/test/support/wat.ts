import loadWabt from 'wabt'

const wabt: Awaited<ReturnType<typeof loadWabt>> = await loadWabt()

/** Features that may be switched on, or are on unless switched off. */
type Features = NonNullable<Parameters<typeof wabt.parseWat>[2]>

/** The module that a text stands for. Bulk memory is on. */
export function wat(text: string, features: Features = {}): Uint8Array<ArrayBuffer> {
  const module = wabt.parseWat('test.wat', text, { bulk_memory: true, ...features })
  try {
    return Uint8Array.from(module.toBinary({}).buffer)
  } finally {
    module.destroy()
  }
}
