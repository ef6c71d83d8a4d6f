import { paint } from '../render/paint.ts'
import { formatBytes, grouped, visible } from '../render/plain.ts'
import { renderTable } from '../render/table.ts'
import type { MessageReport, ReceiptReport, ReplayReport } from './replay-variant.ts'
import type { VectorOutcome } from './task.ts'

/** A replay in lines to read. Nothing for one that an error kept from being run. */
export function renderReplay(outcome: VectorOutcome, colours: boolean): string[] {
  const { id, status, reason, replay } = outcome
  if (status === 'skipped')
    return [`${visible(id)} ${paint('yellow', 'skipped', colours)}: ${visible(reason ?? '')}`]
  if (replay === undefined) return []
  const verdict = paint(status === 'passed' ? 'green' : 'red', status, colours)
  return [
    `${paint('bold', visible(id), colours)}  ${verdict}`,
    `network version ${replay.networkVersion}, epoch ${grouped(replay.epoch)}`,
    ...replay.messages.flatMap((message) => ['', ...renderMessage(message, colours)]),
    '',
    ...renderRoots(replay, colours),
    ...renderFidelity(replay, colours),
  ]
}

/** A replay as data. */
export function describeReplay({
  id,
  status,
  reason,
  error,
  gas,
  milliseconds,
  replay,
}: VectorOutcome): unknown {
  return {
    id,
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(error === undefined ? {} : { error }),
    gas,
    seconds: Math.round(milliseconds) / 1000,
    ...(replay === undefined
      ? {}
      : {
          ...replay,
          messages: replay.messages.map((message) => ({
            ...message,
            expected: describeReceipt(message.expected),
            actual: describeReceipt(message.actual),
          })),
        }),
  }
}

function renderMessage(message: MessageReport, colours: boolean): string[] {
  const { from, to, methodName, method, value, gasLimit, expected, actual, failure, lines = [] } = message
  const row = (what: string, isEqual: boolean, format: (receipt: ReceiptReport) => string): string[] => [
    what,
    format(expected),
    paint(isEqual ? 'green' : 'red', format(actual), colours),
  ]
  const rows = [
    row('exit code', expected.exitCode === actual.exitCode, ({ exit }) => exit),
    row('gas used', expected.gasUsed === actual.gasUsed, ({ gasUsed }) => grouped(gasUsed)),
    row('return data', Buffer.compare(expected.returnData, actual.returnData) === 0, ({ returnData }) =>
      formatBytes(returnData),
    ),
  ]
  return [
    `from      ${from}`,
    `to        ${to}`,
    `method    ${methodName === undefined ? method : `${methodName} (${method})`}`,
    `value     ${value} FIL, gas limit ${grouped(gasLimit)}`,
    '',
    ...renderTable(
      [
        { title: 'receipt', align: 'left' },
        { title: 'expected', align: 'left' },
        { title: 'actual', align: 'left' },
      ],
      rows,
    ),
    ...(failure === undefined ? [] : ['', ...failure.split('\n').map((line) => visible(line))]),
    ...(lines.length === 0 ? [] : ['', ...lines]),
  ]
}

function renderRoots({ expectedRoot, actualRoot, differences }: ReplayReport, colours: boolean): string[] {
  if (expectedRoot === actualRoot) return [`state root  ${paint('green', actualRoot, colours)}, as expected`]
  const remark = differences.find(({ what }) => what === 'state root')?.remark
  return [
    `state root  ${paint('red', actualRoot, colours)}`,
    `expected    ${expectedRoot}`,
    ...(remark === undefined ? [] : [`differs in  ${visible(remark)}`]),
  ]
}

function renderFidelity({ fidelity: { level, reasons } }: ReplayReport, colours: boolean): string[] {
  const because = reasons.length === 0 ? '' : `: ${reasons.map((reason) => visible(reason)).join('; ')}`
  return [`fidelity    ${paint(level === 'exact' ? 'green' : 'yellow', level, colours)}${because}`]
}

function describeReceipt({ exitCode, returnData, gasUsed }: ReceiptReport): unknown {
  return { exitCode, returnData: Buffer.from(returnData).toString('hex'), gasUsed }
}
