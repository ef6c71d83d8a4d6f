import { findViolations, ROOMS, reachableRooms, type Tree, type WorkspacePackage } from '@troupe/layers'
import { describe, expect, it } from 'vitest'

interface Sketch {
  readonly directory?: string
  readonly dependencies?: readonly string[]
  readonly dev?: readonly string[]
  readonly exports?: string | Record<string, string>
  readonly source?: string
}

function sketch(name: string, { directory, dependencies = [], dev = [], exports, source = '' }: Sketch = {}) {
  const all = (names: readonly string[]) => Object.fromEntries(names.map((one) => [one, 'workspace:*']))
  const manifest = {
    name: `@troupe/${name}`,
    exports: exports ?? { '.': './src/index.ts' },
    dependencies: all(dependencies),
    devDependencies: all(dev),
  }
  const path = directory ?? `packages/${name}`
  return {
    directory: path,
    manifest,
    manifestText: JSON.stringify(manifest, null, 2),
    files: [{ path: `${path}/src/deep/file.ts`, text: source }],
  } satisfies WorkspacePackage
}

const ground: Tree = [
  sketch('crypto'),
  sketch('crypto-node', { dependencies: ['@troupe/crypto'] }),
  sketch('ipld', {
    dependencies: ['@troupe/crypto'],
    exports: { '.': './i.ts', './hamt': './h.ts', './x/*.ts': './x/*.ts' },
  }),
  sketch('hypervisor', { dependencies: ['@troupe/ipld'] }),
  sketch('container', { dependencies: ['@troupe/hypervisor'] }),
  sketch('runtime-ses', { dependencies: ['@troupe/container'] }),
  sketch('conformance', { directory: 'tooling/conformance' }),
]

const rules = (one: WorkspacePackage): string[] => findViolations([...ground, one]).map(({ rule }) => rule)

describe('the arrow check', () => {
  it('passes a tree that follows the arrows', () => {
    expect(findViolations(ground)).toEqual([])
  })

  it('passes an import that an arrow allows, directly or further down', () => {
    const source = "import { a } from '@troupe/container'\nimport type { B } from '@troupe/ipld/hamt'"
    expect(
      rules(sketch('runtime-wasm', { dependencies: ['@troupe/container', '@troupe/ipld'], source })),
    ).toEqual([])
  })

  it('names the file, the line and the arrow of a forbidden import', () => {
    const core = sketch('schema', { source: "\n\nimport { Machine } from '@troupe/hypervisor'" })
    const [violation, ...others] = findViolations([...ground, core])
    expect(others).toEqual([])
    expect(violation).toMatchObject({ file: 'packages/schema/src/deep/file.ts', line: 3, rule: 'arrow' })
    expect(violation?.message).toContain('schema -> hypervisor')
  })

  it.each([
    ['a value', "import { a } from '@troupe/container'"],
    ['a type', "import type { A } from '@troupe/container'"],
    ['a type inside a type', "let a: import('@troupe/container').A"],
    ['a dynamic import', "await import('@troupe/container')"],
    ['a re-export', "export { a } from '@troupe/container'"],
    ['a side effect', "import '@troupe/container'"],
    ['a sub-path', "import '@troupe/container/meter'"],
    ['a require', "require('@troupe/container')"],
  ])('counts %s', (_, source) => {
    expect(rules(sketch('actors', { source }))).toEqual(['arrow'])
  })

  it('fails a dependency on a higher room at its line of package.json', () => {
    const one = sketch('actors', { dependencies: ['@troupe/ipld', '@troupe/container'] })
    const line = one.manifestText.split('\n').findIndex((text) => text.includes('@troupe/container')) + 1
    expect(findViolations([...ground, one])).toMatchObject([
      { file: 'packages/actors/package.json', line, rule: 'arrow' },
    ])
  })

  it('counts peer dependencies and leaves devDependencies alone', () => {
    const peer = sketch('actors')
    const manifest = { ...peer.manifest, peerDependencies: { '@troupe/container': '*' } }
    expect(rules({ ...peer, manifest })).toEqual(['arrow'])
    expect(rules(sketch('actors', { dev: ['@troupe/container'] }))).toEqual([])
  })

  it('fails a runtime that imports a sibling', () => {
    expect(rules(sketch('runtime-wasm', { source: "import '@troupe/runtime-ses'" }))).toEqual(['arrow'])
  })

  it('fails a core that imports a runtime, and a room that imports the check itself', () => {
    expect(rules(sketch('schema', { source: "import '@troupe/runtime-ses'" }))).toEqual(['arrow'])
    expect(rules(sketch('schema', { source: "import '@troupe/conformance'" }))).toEqual(['arrow'])
  })

  it('lets an application import every room', () => {
    const dependencies = ['@troupe/runtime-ses', '@troupe/crypto-node']
    const source = dependencies.map((name) => `import '${name}'`).join('\n')
    expect(rules(sketch('cli', { directory: 'apps/cli', dependencies, source }))).toEqual([])
  })

  it.each(['../../../ipld/src/cid.ts', '../../../../tooling/x.ts'])(
    'fails a way out of the package: %s',
    (path) => {
      expect(rules(sketch('actors', { source: `import '${path}'` }))).toEqual(['deep-import'])
    },
  )

  it('passes a way about inside the package, and an asset beside the file', () => {
    const source = "import '../index.ts'\nimport '../../package.json'\nnew URL('a.wasm', import.meta.url)"
    expect(rules(sketch('actors', { source }))).toEqual([])
  })

  it('fails an asset in another package', () => {
    const source = "new URL('../../../ipld/src/a.wasm', import.meta.url)"
    expect(rules(sketch('actors', { source }))).toEqual(['deep-import'])
  })

  it('fails a sub-path that the other package does not export', () => {
    const dependencies = ['@troupe/ipld']
    expect(rules(sketch('actors', { dependencies, source: "import '@troupe/ipld/src/cid.ts'" }))).toEqual([
      'deep-import',
    ])
    expect(rules(sketch('actors', { dependencies, source: "import '@troupe/ipld/x/y.ts'" }))).toEqual([])
  })

  it('fails an import of what is not declared, or declared for development only', () => {
    const source = "import type { Cid } from '@troupe/ipld'"
    expect(rules(sketch('actors', { source }))).toEqual(['undeclared'])
    expect(rules(sketch('actors', { dev: ['@troupe/ipld'], source }))).toEqual(['undeclared'])
    expect(rules(sketch('actors', { source: "import 'left-pad'" }))).toEqual(['undeclared'])
  })

  it.each([
    "import 'node:fs'",
    "import { join } from 'path'",
    "import 'fs/promises'",
    "import type {} from 'node:net'",
  ])('fails a built-in in a room that runs without Node: %s', (source) => {
    expect(rules(sketch('actors', { source }))).toEqual(['built-in'])
    expect(rules(sketch('bundles', { source }))).toEqual([])
  })

  it('fails export *, with and without a name', () => {
    const source = "export * from './a.ts'\nexport * as b from './b.ts'\nexport type * from './c.ts'"
    expect(rules(sketch('actors', { source }))).toEqual(['export-star', 'export-star', 'export-star'])
  })

  it('fails an import of the own package by name', () => {
    expect(rules(sketch('actors', { source: "import '@troupe/actors'" }))).toEqual(['self-import'])
  })

  it('lets what is bundled by itself name its package, and nothing else of it', () => {
    const rulesOf = (source: string): readonly string[] => {
      const one = sketch('sdk-js', { source })
      const files = [{ path: 'packages/sdk-js/src/abi/file.ts', text: source }]
      return findViolations([...ground, { ...one, files }]).map(({ rule }) => rule)
    }
    expect(rulesOf("import '@troupe/sdk-js'\nimport './other.ts'")).toEqual([])
    expect(rulesOf("import '../errors.ts'")).toEqual(['self-import'])
    expect(rulesOf("import '@troupe/sdk-js/host'")).toEqual(['self-import'])
  })

  it('fails a package that the table does not know', () => {
    expect(rules(sketch('nonsense'))).toEqual(['unknown-room'])
  })
})

describe('the table', () => {
  it('has no room that reaches itself, and no arrow to nowhere', () => {
    for (const [name, { arrows }] of Object.entries(ROOMS)) {
      for (const arrow of arrows === 'everything' ? [] : arrows) {
        expect(Object.keys(ROOMS)).toContain(arrow)
        expect(reachableRooms(ROOMS, arrow)).not.toContain(name)
      }
    }
  })

  it('keeps the runtimes apart, the core off the runtimes and what runs anywhere off what needs Node', () => {
    // What native actors are made with runs no code of others, and others stand on it.
    const runtimes = Object.keys(ROOMS).filter(
      (name) => name.startsWith('runtime-') && name !== 'runtime-native',
    )
    expect(runtimes.length).toBeGreaterThan(3)
    for (const name of ['hypervisor', 'container', 'troupe', ...runtimes])
      expect(runtimes.filter((other) => reachableRooms(ROOMS, name).has(other))).toEqual([])
    for (const [name, room] of Object.entries(ROOMS))
      if (room.isomorphic && room.arrows !== 'everything')
        for (const below of reachableRooms(ROOMS, name)) expect(ROOMS[below]?.isomorphic).toBe(true)
  })
})
