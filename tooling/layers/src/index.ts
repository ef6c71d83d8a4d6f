export { findReferences, type ModuleReference } from './imports.ts'
export { readInstalled } from './installed.ts'
export { findRefused, type InstalledPackage, satisfies } from './licence-rules.ts'
export { ROOMS, type Room, reachableRooms } from './table.ts'
export { type Token, tokenize } from './tokens.ts'
export {
  type PackageManifest,
  readTree,
  type SourceFile,
  type Tree,
  type WorkspacePackage,
} from './tree.ts'
export { findViolations, type Rule, type Violation } from './violations.ts'
