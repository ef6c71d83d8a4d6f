import type { CommandEntry } from './command.ts'

/** Every command, in the order of the help. What a command imports is loaded when it is called, not before. */
export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  tour: {
    summary: 'build a state tree, run actors on it, and show what happens',
    load: () => import('./commands/tour.ts'),
  },
  dev: {
    summary: 'run a local chain that wallets and tools connect to',
    load: () => import('./commands/dev.ts'),
  },
  replay: {
    summary: 'execute one test vector, and show its receipt and its trace',
    load: () => import('./commands/replay.ts'),
  },
  inspect: {
    summary: 'show what a test vector or a CAR holds: roots, actors, their state',
    load: () => import('./commands/inspect.ts'),
  },
  conformance: {
    summary: 'run conformance suites',
    load: () => import('./commands/conformance.ts'),
  },
  build: {
    summary: 'make code of actors in JavaScript or TypeScript, as chains install it',
    load: () => import('./commands/build.ts'),
  },
  deploy: {
    summary: 'install the code of an actor on a running chain, and create the actor',
    load: () => import('./commands/deploy.ts'),
  },
  send: {
    summary: 'send a message to an actor of a running chain, and show what became of it',
    load: () => import('./commands/send.ts'),
  },
  call: {
    summary: 'ask an actor of a running chain, without a message',
    load: () => import('./commands/call.ts'),
  },
  bundle: {
    summary: 'add and list bundles of official actors',
    load: () => import('./commands/bundle.ts'),
  },
}
