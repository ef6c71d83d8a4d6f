import { paint } from '../render/paint.ts'
import { grouped, visible } from '../render/plain.ts'
import { renderTable } from '../render/table.ts'
import type { Fact, GenesisStep, MessageReport, MessagesStep, StateStep, Step } from './step.ts'

/** What stands before all but heads. */
export const INDENT = '   '
/** Columns that every terminal has. */
export const WIDTH = 80
/** Last characters of a CID that tell it apart. */
const CID_TAIL = 8

/** A step of the tour in lines to read. */
export function drawStep(number: number, step: Step, colours: boolean): string[] {
  return [
    ...drawHead(number, step.title, step.note, colours),
    '',
    ...bodyOf(step, colours).map((line) => (line === '' ? '' : `${INDENT}${line}`)),
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

function bodyOf(step: Step, colours: boolean): string[] {
  switch (step.kind) {
    case 'genesis':
      return drawGenesis(step, colours)
    case 'messages':
      return drawMessages(step, colours)
    case 'state':
      return drawState(step, colours)
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

function drawMessages({ messages, facts }: MessagesStep, colours: boolean): string[] {
  return [
    ...messages.flatMap((message) => [...message.tree, ...drawReceipt(message, colours), '']),
    ...drawFacts(facts, colours),
  ]
}

function drawReceipt(message: MessageReport, colours: boolean): string[] {
  const { exitCode, exitName, gasUsed, gasLimit, fidelity, rootBefore, rootAfter, failure } = message
  const outcome =
    exitCode === 0
      ? paint('green', `✓ ${exitName}`, colours)
      : paint('red', `✗ ${exitName} (${exitCode})`, colours)
  const gas = `${grouped(gasUsed)} of ${grouped(gasLimit)} gas`
  const root = paint('dim', `root ${tail(rootBefore)} → ${tail(rootAfter)}`, colours)
  return [
    `${outcome}, ${gas}, ${paint(fidelity.level === 'exact' ? 'green' : 'yellow', fidelity.level, colours)}`,
    ...wrap(fidelity.reasons.join('; '), WIDTH - 2 * INDENT.length).map((line) => `  ${line}`),
    ...failure.map(({ call, message: why }) => `  in ${call}: ${visible(why)}`),
    root,
  ]
}

function drawFacts(facts: readonly Fact[], colours: boolean): string[] {
  const width = Math.max(0, ...facts.map(({ what }) => what.length))
  return facts.map(({ what, value }) => `${paint('yellow', what.padEnd(width), colours)}  ${value}`)
}

function drawState({ actors, root }: StateStep, colours: boolean): string[] {
  return [
    ...renderTable(
      [
        { title: 'actor', align: 'left' },
        { title: '', align: 'left' },
        { title: 'sent', align: 'right' },
        { title: 'FIL', align: 'right' },
        { title: 'state', align: 'left' },
      ],
      actors.map(({ id, actor, sequence, balance, head }) => [
        id,
        actor,
        String(sequence),
        balance,
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
