import { paint } from '../render/paint.ts'
import { grouped, visible } from '../render/plain.ts'
import { renderTable } from '../render/table.ts'
import type {
  Fact,
  FailureReport,
  GenesisStep,
  MessageReport,
  MessagesStep,
  StateStep,
  Step,
} from './step.ts'

/** What stands before all but heads. */
export const INDENT = '   '
/** Columns that every terminal has. */
export const WIDTH = 80
/** Last characters of a CID that tell it apart. */
const CID_TAIL = 8
/** Digits behind the point of a balance. */
const FRACTION_DIGITS = 9
const GAP = '  '

/** How steps are drawn. */
export interface DrawStyle {
  readonly colours: boolean
  /** Of the screen. */
  readonly columns: number
}

/** A step of the tour in lines to read. */
export function drawStep(number: number, step: Step, style: DrawStyle): string[] {
  return [
    ...drawHead(number, step.title, step.note, style.colours),
    '',
    ...bodyOf(step, style).map((line) => (line === '' ? '' : `${INDENT}${line}`)),
    '',
  ]
}

/** The head of a step: its number and title, and what is to be seen. */
export function drawHead(number: number, title: string, note: string, colours: boolean): string[] {
  const start = String(number).padEnd(INDENT.length)
  return [
    `${paint('cyan', start, colours)}${paint('bold', title, colours)}`,
    ...wrap(note, WIDTH - INDENT.length).map((line) => `${INDENT}${paint('dim', line, colours)}`),
  ]
}

function bodyOf(step: Step, style: DrawStyle): string[] {
  switch (step.kind) {
    case 'genesis':
      return drawGenesis(step, style.colours)
    case 'messages':
      return drawMessages(step, style)
    case 'state':
      return drawState(step, style.colours)
  }
}

function drawGenesis({ accounts, root }: GenesisStep, colours: boolean): string[] {
  return [
    ...accounts.map(
      ({ name, id, address, balance }) => `${id}  ${name.padEnd(5)}  ${address}  ${balance} FIL`,
    ),
    '',
    drawRoot(root, colours),
  ]
}

function drawMessages({ messages, facts }: MessagesStep, style: DrawStyle): string[] {
  // A reason is given once in a step.
  const said = new Set<string>()
  const drawNew = (message: MessageReport): string[] => {
    const reasons = message.fidelity.reasons.filter((reason) => !said.has(reason))
    for (const reason of reasons) said.add(reason)
    return [...message.tree, ...drawReceipt(message, reasons, style.colours), '']
  }
  return [...messages.flatMap(drawNew), ...drawFacts(facts, style)]
}

function drawReceipt(message: MessageReport, reasons: readonly string[], colours: boolean): string[] {
  const { exitCode, exitName, gasUsed, gasLimit, fidelity, rootBefore, rootAfter, failure } = message
  const outcome =
    exitCode === 0
      ? paint('green', `✓ ${exitName}`, colours)
      : paint('red', `✗ ${exitName} (${exitCode})`, colours)
  const gas = `${grouped(gasUsed)} of ${grouped(gasLimit)} gas`
  const root = paint('dim', `root ${tail(rootBefore)} → ${tail(rootAfter)}`, colours)
  return [
    `${outcome}, ${gas}, ${paint(fidelity.level === 'exact' ? 'green' : 'yellow', fidelity.level, colours)}`,
    ...wrap(reasons.join('; '), WIDTH - 2 * INDENT.length).map((line) => `  ${line}`),
    ...failure.flatMap((failed) => drawFailure(failed, colours)),
    root,
  ]
}

/** Why a call failed, with the line of its sources where that is known. */
function drawFailure({ call, line, message }: FailureReport, colours: boolean): string[] {
  const source =
    line === null
      ? []
      : [`    ${paint('dim', `${line.line} │`, colours)} ${paint('magenta', visible(line.text), colours)}`]
  return [`  in ${call}: ${visible(message)}`, ...source]
}

function drawFacts(facts: readonly Fact[], { colours, columns }: DrawStyle): string[] {
  const width = Math.max(0, ...facts.map(({ what }) => what.length))
  const room = columns - INDENT.length - width - GAP.length
  return facts.flatMap(({ what, value }) =>
    wrap(value, room).map((line, index) => {
      const name = index === 0 ? what : ''
      return `${paint('yellow', name.padEnd(width), colours)}${GAP}${line}`
    }),
  )
}

function drawState({ actors, root }: StateStep, colours: boolean): string[] {
  return [
    ...renderTable(
      [
        { title: 'actor', align: 'left' },
        { title: '', align: 'left' },
        { title: 'runtime', align: 'left' },
        { title: 'sent', align: 'right' },
        { title: 'FIL', align: 'right' },
        { title: 'state', align: 'left' },
      ],
      actors.map(({ id, actor, runtime, sequence, balance, head }) => [
        id,
        actor,
        runtime,
        String(sequence),
        shortBalance(balance),
        tail(head),
      ]),
    ),
    '',
    drawRoot(root, colours),
  ]
}

function drawRoot(root: string, colours: boolean): string {
  return `${paint('yellow', 'state root', colours)}  ${paint('bold', root, colours)}`
}

/** A balance as it fits a column. */
function shortBalance(balance: string): string {
  const end = balance.indexOf('.') + 1 + FRACTION_DIGITS
  return balance.length > end ? `${balance.slice(0, end)}…` : balance
}

function tail(cid: string): string {
  return `…${cid.slice(-CID_TAIL)}`
}

/** Breaks text at spaces. */
export function wrap(text: string, width: number): string[] {
  if (text === '') return []
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return line === '' ? lines : [...lines, line]
}
