/** Does one phase and prints a line about it. What it throws ends the run. */
export async function phase<T>(name: string, work: () => Promise<T>, say: (result: T) => string): Promise<T> {
  const start = performance.now()
  let said = 'failed'
  try {
    const result = await work()
    said = say(result)
    return result
  } finally {
    console.log(`${name.padEnd(8)} ${said}, ${((performance.now() - start) / 1000).toFixed(1)} s`)
  }
}
