import type { CryptoProvider } from '@troupe/crypto'
import { type ActorId, type ActorState, formatFil } from '@troupe/hypervisor'
import { type Cid, cidEquals, type IpldValue } from '@troupe/ipld'
import { createMethodNames } from 'troupe/trace'
import { formatExit } from '../conformance/run-vector.ts'
import type { Vector } from '../conformance/vector.ts'
import { paint } from '../render/paint.ts'
import { grouped, visible } from '../render/plain.ts'
import { renderTable } from '../render/table.ts'
import { indentJson, toDagJson } from './dag-json.ts'
import type { ActorContent, InspectedState } from './inspected-state.ts'
import type { InspectedFile } from './open-file.ts'

/** Lines that are shown of an actor's state, and of a block that it links to. */
const MAX_STATE_LINES = 400
const MAX_LINK_LINES = 50

/** What a file holds, in lines. */
export function renderFile({ vector, blocks, roots }: InspectedFile, colours: boolean): string[] {
  const what = vector === undefined ? 'CAR' : `test vector ${visible(vector.id)}`
  const lines = [`${paint('bold', what, colours)}, ${grouped(blocks.size)} blocks`]
  if (vector !== undefined) lines.push(...renderSettings(vector))
  for (const root of roots)
    lines.push(`root      ${root}${roleOf(root, vector)}${blocks.has(root) ? '' : ', not in the file'}`)
  return lines
}

/** The messages of a vector, in lines. @param state the state before, which names actors */
export function renderMessages(vector: Vector, state: InspectedState, crypto: CryptoProvider): string[] {
  const methodName = createMethodNames(crypto)
  return vector.messages.flatMap(({ message }, index) => {
    const { to, from, method, value, gasLimit } = message
    const code = to.id === undefined ? undefined : state.known.actors.get(to.id)?.code
    const actor = code === undefined ? undefined : state.nameOf(code)
    const name = [actor, methodName(actor, method)].filter((part) => part !== undefined).join('.')
    const receipt = vector.receipts[index]
    return [
      `message   ${name === '' ? 'method' : visible(name)} (${method}), ${formatFil(value)} FIL, gas limit ${grouped(gasLimit)}`,
      `  from    ${state.format(from)}`,
      `  to      ${state.format(to)}`,
      ...(receipt === undefined
        ? []
        : [`  gives   ${formatExit(receipt.exitCode)}, ${grouped(receipt.gasUsed)} gas`]),
    ]
  })
}

/** The actors of a state, in lines. */
export function renderActors(state: InspectedState, limit: number, vector: Vector | undefined): string[] {
  const { actors, missing, version } = state.known
  const rows = sortedActors(state)
    .slice(0, limit)
    .map(([id, actor]) => [
      `f0${id}`,
      visible(state.nameOf(actor.code) ?? shortCid(actor.code)),
      formatFil(actor.balance),
      String(actor.sequence),
      state.hasState(actor) ? 'here' : '',
      actor.head.toString(),
    ])
  const more = actors.size - rows.length
  return [
    `state     ${state.root}${roleOf(state.root, vector)}, version ${version}`,
    `          ${grouped(actors.size)} actors${missing === 0 ? '' : `; of the tree, ${grouped(missing)} blocks are not in the file`}`,
    '',
    ...renderTable(
      [
        { title: 'id', align: 'left' },
        { title: 'actor', align: 'left' },
        { title: 'balance', align: 'right' },
        { title: 'sequence', align: 'right' },
        { title: 'state', align: 'left' },
        { title: 'head', align: 'left' },
      ],
      rows,
    ),
    ...(more > 0 ? [`… ${grouped(more)} more actors: --limit shows them`] : []),
  ]
}

/** One actor with its state, in lines. */
export function renderActor(content: ActorContent, state: InspectedState, colours: boolean): string[] {
  const { id, actor, links, moreLinks } = content
  const name = state.nameOf(actor.code)
  return [
    `actor     ${paint('bold', `f0${id}`, colours)}${name === undefined ? '' : ` ${visible(name)}`}`,
    `code      ${actor.code}`,
    `balance   ${formatFil(actor.balance)} FIL`,
    `sequence  ${actor.sequence}`,
    ...(actor.delegatedAddress === undefined ? [] : [`address   ${state.format(actor.delegatedAddress)}`]),
    `head      ${actor.head}`,
    ...renderBlock(content.state, MAX_STATE_LINES, colours),
    ...links.flatMap(([cid, value]) => [
      '',
      `link      ${cid}`,
      ...renderBlock(value, MAX_LINK_LINES, colours),
    ]),
    ...(moreLinks > 0 ? ['', `… ${grouped(moreLinks)} more links`] : []),
  ]
}

/** A state's actors by id. */
export function sortedActors(state: InspectedState): [ActorId, ActorState][] {
  return [...state.known.actors].sort(([a], [b]) => (a < b ? -1 : 1))
}

function renderSettings({ variants, baseFee, circulatingSupply, randomness }: Vector): string[] {
  return [
    ...variants.map(
      ({ id, epoch, rules }) =>
        `variant   ${visible(id)}: network version ${rules.networkVersion}, epoch ${grouped(epoch)}`,
    ),
    `base fee  ${grouped(baseFee)} attoFIL, circulating supply ${formatFil(circulatingSupply)} FIL`,
    ...(randomness.length === 0 ? [] : [`recorded  ${grouped(randomness.length)} values of randomness`]),
  ]
}

function renderBlock(value: IpldValue | undefined, maxLines: number, colours: boolean): string[] {
  if (value === undefined) return [paint('dim', '  not in the file, or not to be shown', colours)]
  const lines = indentJson(toDagJson(value))
  const shown = lines.slice(0, maxLines).map((line) => `  ${visible(line)}`)
  return lines.length > maxLines ? [...shown, `  … ${grouped(lines.length - maxLines)} more lines`] : shown
}

function roleOf(root: Cid, vector: Vector | undefined): string {
  if (vector === undefined) return ''
  if (cidEquals(root, vector.preRoot)) return ' (before)'
  return cidEquals(root, vector.postRoot) ? ' (after)' : ''
}

function shortCid(cid: Cid): string {
  const text = cid.toString()
  return `${text.slice(0, 8)}…${text.slice(-6)}`
}
