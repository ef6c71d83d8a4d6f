import { builtinModules } from 'node:module'
import { posix } from 'node:path'
import { findReferences, type ModuleReference } from './imports.ts'
import { ROOMS, type Room, reachableRooms } from './table.ts'
import type { SourceFile, Tree, WorkspacePackage } from './tree.ts'

/** Which rule a violation breaks. */
export type Rule =
  | 'arrow'
  | 'built-in'
  | 'deep-import'
  | 'export-star'
  | 'self-import'
  | 'undeclared'
  | 'unknown-room'

/** One place where the tree is not as the table says. */
export interface Violation {
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly rule: Rule
  /** What is wrong, and which arrow would be needed. */
  readonly message: string
}

const BUILT_INS = new Set(builtinModules)

/**
 * Compares a tree of packages with the table of rooms.
 *
 * Looked at: `dependencies`, `peerDependencies` and `optionalDependencies`, and every reference in the sources. Tests and
 * `devDependencies` may point anywhere. A dynamic import of a computed name cannot be judged and passes.
 */
export function findViolations(tree: Tree, rooms: Readonly<Record<string, Room>> = ROOMS): Violation[] {
  const checker = new Checker(tree, rooms)
  return tree.filter((one) => !one.directory.startsWith('tooling/')).flatMap((one) => checker.check(one))
}

/** The room of a package: the name of its folder, or `tooling`. */
function roomOf(one: WorkspacePackage): string {
  return one.directory.startsWith('tooling/') ? 'tooling' : posix.basename(one.directory)
}

class Checker {
  readonly #rooms: Readonly<Record<string, Room>>
  readonly #byName: ReadonlyMap<string, WorkspacePackage>
  readonly #byDirectory: ReadonlyMap<string, WorkspacePackage>

  constructor(tree: Tree, rooms: Readonly<Record<string, Room>>) {
    this.#rooms = rooms
    this.#byName = new Map(tree.map((one) => [one.manifest.name, one]))
    this.#byDirectory = new Map(tree.map((one) => [one.directory, one]))
  }

  check(one: WorkspacePackage): Violation[] {
    const name = roomOf(one)
    const room = this.#rooms[name]
    const manifestFile = `${one.directory}/package.json`
    if (!room) {
      const message = `there is no room '${name}' in the table of rooms`
      return [{ file: manifestFile, line: 1, rule: 'unknown-room', message }]
    }
    const found: Violation[] = []
    for (const dependency of declared(one)) {
      const target = this.#byName.get(dependency)
      const message = target && this.#forbidden(name, target)
      if (message) found.push({ file: manifestFile, line: lineOf(one, dependency), rule: 'arrow', message })
    }
    for (const file of one.files)
      for (const reference of findReferences(file.text)) {
        const problem = this.#judge(one, room, file, reference)
        if (problem) found.push({ file: file.path, line: reference.line, ...problem })
      }
    return found
  }

  /** The complaint about an arrow from `room` to `target`, where there is no such arrow. */
  #forbidden(room: string, target: WorkspacePackage): string | undefined {
    const to = roomOf(target)
    if (reachableRooms(this.#rooms, room).has(to)) return undefined
    return `imports ${target.manifest.name}, and there is no arrow ${room} -> ${to}`
  }

  #judge(
    one: WorkspacePackage,
    room: Room,
    file: SourceFile,
    { specifier, form }: ModuleReference,
  ): Pick<Violation, 'rule' | 'message'> | undefined {
    if (form === 'star') {
      const message = `re-exports everything of '${specifier}'; name what is public`
      return { rule: 'export-star', message }
    }
    if (specifier === undefined) return undefined
    if (specifier.startsWith('.')) return this.#judgeRelative(one, room, file, specifier)
    // A URL without a leading dot is still relative to the file.
    if (form === 'asset' && !this.#byName.has(packageOf(specifier))) return undefined
    if (isBuiltIn(specifier)) {
      if (!room.isomorphic) return undefined
      const message = `imports '${specifier}' of Node, and ${roomOf(one)} must run without Node`
      return { rule: 'built-in', message }
    }
    return this.#judgePackage(one, room, file, specifier)
  }

  #judgeRelative(
    one: WorkspacePackage,
    room: Room,
    file: SourceFile,
    specifier: string,
  ): Pick<Violation, 'rule' | 'message'> | undefined {
    const path = posix.join(posix.dirname(file.path), specifier)
    const apart = folderApart(one, room, file)
    if (apart !== undefined && !path.startsWith(apart))
      return {
        rule: 'self-import',
        message: `'${specifier}' leaves a folder that is apart; name the package`,
      }
    if (path.startsWith(`${one.directory}/`)) return undefined
    const target = this.#byDirectory.get(path.split('/').slice(0, 2).join('/'))
    const arrow = target && this.#forbidden(roomOf(one), target)
    return { rule: 'deep-import', message: `'${specifier}' leaves the package${arrow ? ` (${arrow})` : ''}` }
  }

  #judgePackage(
    one: WorkspacePackage,
    room: Room,
    file: SourceFile,
    specifier: string,
  ): Pick<Violation, 'rule' | 'message'> | undefined {
    const name = packageOf(specifier)
    if (name === one.manifest.name && specifier === name && folderApart(one, room, file) !== undefined)
      return undefined
    if (name === one.manifest.name)
      return { rule: 'self-import', message: `imports its own package as '${specifier}'; name the file` }
    const target = this.#byName.get(name)
    const arrow = target && this.#forbidden(roomOf(one), target)
    if (arrow) return { rule: 'arrow', message: arrow }
    if (!declared(one).includes(name))
      return { rule: 'undeclared', message: `imports '${specifier}', which is not among the dependencies` }
    if (target && !isExported(target, specifier))
      return { rule: 'deep-import', message: `'${specifier}' is not among the exports of ${name}` }
    return undefined
  }
}

function declared(one: WorkspacePackage): string[] {
  const { dependencies, peerDependencies, optionalDependencies } = one.manifest
  return Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies })
}

/** The line of package.json that names a dependency. */
function lineOf(one: WorkspacePackage, dependency: string): number {
  const lines = one.manifestText.split('\n')
  return lines.findIndex((line) => line.trimStart().startsWith(`${JSON.stringify(dependency)}:`)) + 1 || 1
}

/** `@scope/name` or `name` of a specifier with or without a sub-path. */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

function isBuiltIn(specifier: string): boolean {
  return specifier.startsWith('node:') || BUILT_INS.has(specifier) || BUILT_INS.has(packageOf(specifier))
}

/** Whether a package exports this specifier, by its `exports` field. */
function isExported(target: WorkspacePackage, specifier: string): boolean {
  const { exports, name } = target.manifest
  const path = `.${specifier.slice(name.length)}`
  if (exports === undefined) return false
  if (typeof exports === 'string') return path === '.'
  const keys = Object.keys(exports)
  if (!keys.some((key) => key.startsWith('.'))) return path === '.'
  return keys.some((key) => {
    const [head = '', tail] = key.split('*')
    if (tail === undefined) return key === path
    return path.length >= head.length + tail.length && path.startsWith(head) && path.endsWith(tail)
  })
}

/** The folder of a file, where it is apart from the rest of its package. */
function folderApart(
  { directory }: WorkspacePackage,
  { apart = [] }: Room,
  { path }: SourceFile,
): string | undefined {
  return apart.map((folder) => `${directory}/src/${folder}/`).find((folder) => path.startsWith(folder))
}
