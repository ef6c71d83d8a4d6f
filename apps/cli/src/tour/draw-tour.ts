/** @module The parts of the tour that stand around the machine's steps, in lines to read. */
import { paint } from '../render/paint.ts'
import { grouped, visible } from '../render/plain.ts'
import { renderTable } from '../render/table.ts'
import { type CodeReport, SOURCES } from './actors.ts'
import { drawHead, INDENT, WIDTH, wrap } from './draw-step.ts'
import type { MainnetMessage, MainnetReport } from './mainnet.ts'

/** The actors that are brought, with the bytes of each. */
export function drawActors(number: number, actors: readonly CodeReport[], colours: boolean): string[] {
  return [
    ...drawHead(
      number,
      `${actors.length} actors, in three languages`,
      `Their sources are in ${SOURCES}: read them beside this. The tour itself is in apps/cli/src/tour/acts.`,
      colours,
    ),
    '',
    ...renderTable(
      [
        { title: 'actor', align: 'left' },
        { title: 'written in', align: 'left' },
        { title: 'bytes', align: 'right' },
        { title: 'source', align: 'left' },
      ],
      actors.map(({ name, language, source, bytes }) => [name, language, grouped(bytes), source]),
    ).map(indented),
    '',
  ]
}

/** Messages of mainnet, or how to get some. */
export function drawMainnet(
  number: number,
  { messages, missing }: MainnetReport,
  colours: boolean,
): string[] {
  const head = drawHead(
    number,
    'Messages of mainnet',
    'Recorded with the state before them, and what the network made of them. Executed here once more, with ✓ where exit code, return data, gas and state root are the same.',
    colours,
  )
  const table = renderTable(
    [
      { title: 'message', align: 'left' },
      { title: 'exit code', align: 'left' },
      { title: 'gas', align: 'right' },
      { title: '', align: 'left' },
    ],
    messages.map((message) => [...cellsOf(message), verdictOf(message, colours)]),
  )
  const wanted = missing.map((what) =>
    wrap(`${messages.length === 0 ? 'Not here' : 'For more'}: ${what}`, WIDTH - INDENT.length),
  )
  return [
    ...head,
    '',
    ...(messages.length === 0 ? [] : [...table, '']).map(indented),
    ...wanted.flatMap((lines) => [...lines.map(indented), '']),
  ]
}

function cellsOf({ id, executed }: MainnetMessage): string[] {
  if (executed === undefined) return [visible(id), '-', '-']
  const { networkVersion, method, exitName, gasUsed } = executed
  return [`nv${networkVersion} ${method}`, exitName, grouped(gasUsed)]
}

function verdictOf({ executed, isAsRecorded, reason }: MainnetMessage, colours: boolean): string {
  if (!isAsRecorded) return paint('red', `✗ ${visible(reason ?? 'not the same')}`, colours)
  const fidelity = executed?.fidelity ?? 'exact'
  return paint('green', fidelity === 'exact' ? '✓' : `✓ ${fidelity}`, colours)
}

/** What to do after the tour. */
export function drawNext(colours: boolean): string[] {
  const rows = [
    ['npm run troupe -- dev', 'a chain for wallets and tools'],
    ['npm run troupe -- --help', 'what else there is'],
    ['npm run troupe -- bundle add v10.tar.zst', 'bring in the official actors'],
    ['npm run troupe -- conformance fvm', 'replay the official test vectors'],
    ['npm test', 'check all of it'],
  ] as const
  const width = Math.max(...rows.map(([command]) => command.length))
  return [
    paint('bold', 'Next', colours),
    ...rows.map(([command, text]) => `${INDENT}${paint('cyan', command.padEnd(width), colours)}  ${text}`),
    `${INDENT}README.md says what this is, ARCHITECTURE.md how it is made.`,
  ]
}

function indented(line: string): string {
  return line === '' ? '' : `${INDENT}${line}`
}
