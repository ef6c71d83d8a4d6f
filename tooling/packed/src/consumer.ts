/** @module The sources of a user's project that tries what is published. */

/** Where code is type-checked for. */
export type Host = 'node' | 'browser'

/** How a compiler finds packages: `nodenext` as Node does, `bundler` as bundlers do. */
export type Resolution = 'nodenext' | 'bundler'

/** A module that uses every one of `specifiers`, so that a compiler reads all their declarations. */
export function importAll(specifiers: readonly string[]): string {
  const imports = specifiers.map((specifier, i) => `import * as m${i} from '${specifier}'`)
  return [
    ...imports,
    `export const modules: readonly object[] = [${specifiers.map((_, i) => `m${i}`)}]`,
    '',
  ].join('\n')
}

/**
 * A script that imports one of `specifiers` after the other, and prints a line for each that fails or exports nothing. Those of `hardened` come last, after the library that they want to find in
 * their realm.
 */
export function importScript(specifiers: readonly string[], hardened: readonly string[] = []): string {
  return `const hardened = ${JSON.stringify(hardened)}
for (const specifier of [...${JSON.stringify(specifiers)}, ...hardened]) {
  try {
    if (hardened.includes(specifier)) await import('ses')
    if (Object.keys(await import(specifier)).length === 0) throw 'exports nothing'
  } catch (error) {
    console.log(specifier + ': ' + error)
    process.exitCode = 1
  }
}
`
}

/**
 * A tsconfig as a user may have it who also checks the declarations of libraries: nothing is known but the language and the host.
 *
 * @param typeRoots the folder that has the types of Node
 */
export function compilerConfig(
  host: Host,
  resolution: Resolution,
  typeRoots: string,
  files: readonly string[],
): object {
  return {
    compilerOptions: {
      target: 'es2022',
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      ...(resolution === 'nodenext'
        ? { module: 'nodenext' }
        : { module: 'esnext', moduleResolution: 'bundler' }),
      ...(host === 'node'
        ? { lib: ['es2022'], types: ['node'], typeRoots: [typeRoots] }
        : { lib: ['es2022', 'dom'], types: [] }),
    },
    files,
  }
}
