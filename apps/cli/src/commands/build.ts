import type { LeafCommand } from '../command.ts'

const MAX_ACTORS = 100

/** `troupe build`. */
export const command: LeafCommand = {
  summary: 'make code of actors in JavaScript or TypeScript, as chains install it',
  usage: 'FILE... [--out DIR] [--alias NAME=PATH,...] [--readable] [--unchecked] [--json]',
  details: `FILE is the module whose default export is the actor. Its code, one script, is written to DIR as NAME.js,
and the source map of it as NAME.js.map. The same sources give the same code, and so the same CID, on
every machine. What an actor cannot have (modules of Node, network, files, globals that it does not
have) is refused with its place. Then it is made ready as a chain would when it installs it, which says
whether its definition is right, and how much gas that takes. Types are stripped, not checked. With --alias, another module stands
for one that an actor cannot have: a path, which begins with a dot, or another name.`,
  positionals: { min: 1, max: MAX_ACTORS },
  options: {
    out: { type: 'string', value: 'DIR', help: 'where the code is written; default: dist' },
    alias: { type: 'string', value: 'NAME=PATH,...', help: 'modules that stand for others' },
    unchecked: { type: 'boolean', help: 'do not make it ready' },
    readable: { type: 'boolean', help: 'keep names and lines as they are' },
  },
  run: async (...call) => (await import('./run-build.ts')).runBuild(...call),
}
