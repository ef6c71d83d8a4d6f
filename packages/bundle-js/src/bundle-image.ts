import { runRolldown } from './run-rolldown.ts'

/**
 * Bundles a module into a script whose completion value is the module's default export: what an image of an engine is made with. It is trusted, and not looked into.
 *
 * The same sources give the same script, byte by byte, wherever they lie.
 * @throws {BundleError} where it cannot be bundled
 */
export async function bundleImage(entry: string): Promise<string> {
  const { script } = await runRolldown({
    ...{ entry, external: [], minify: true },
    before: '(function (exports) {',
    after: 'return exports.default;\n})({})',
    inspect: () => ({ imports: [], problems: [] }),
  })
  return script
}
