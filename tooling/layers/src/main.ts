import { fileURLToPath } from 'node:url'
import { readTree } from './tree.ts'
import { findViolations } from './violations.ts'

const tree = readTree(fileURLToPath(new URL('../../..', import.meta.url)))
const violations = findViolations(tree)
for (const { file, line, rule, message } of violations) console.error(`${file}:${line}: ${message} [${rule}]`)
if (violations.length > 0) process.exitCode = 1
else console.log(`layers: ${tree.length} packages, no forbidden arrow`)
