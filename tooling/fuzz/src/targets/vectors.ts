import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { cacheDirectories } from '@troupe/cli/src/cache-directories.ts'
import { ConformanceProofs } from '@troupe/cli/src/conformance/conformance-proofs.ts'
import { createVectorEnvironment } from '@troupe/cli/src/conformance/environment.ts'
import { defaultVectorDirectory, findVectors } from '@troupe/cli/src/conformance/find-vectors.ts'
import type { VectorEnvironment } from '@troupe/cli/src/conformance/run-vector.ts'
import { parseVector, type Vector } from '@troupe/cli/src/conformance/vector.ts'
import { VectorExterns } from '@troupe/cli/src/conformance/vector-externs.ts'
import { OverlayBlockstore } from '@troupe/cli/src/overlay-blockstore.ts'
import { CodedError } from '@troupe/crypto'
import {
  type ActorId,
  type ActorState,
  Executor,
  encodeReceipt,
  idAddress,
  Machine,
  type Message,
  type MessageResult,
} from '@troupe/hypervisor'
import { type Cid, cidEquals, MemoryBlockstore, NodeCache } from '@troupe/ipld'
import fc from 'fast-check'
import { mutated, specialInteger } from '../mutate.ts'
import { attempt, claim, openTarget, type Skipped, sameBytes, type Target } from '../target.ts'

/** What a case changes of a message; fields that are missing stay as they are. */
type Change = Partial<Omit<Message, 'to' | 'from'>> & { readonly to?: ActorId; readonly from?: ActorId }

/** Most vectors that are opened: each keeps its blocks. */
const MAX_VECTORS = 120
const LIMIT_MS = 60_000
/** A message that uses no more than a tenth of it is taken most often. */
const CHEAP_GAS = 100_000_000n
/** Decoded nodes that are kept: enough for the states of all vectors. */
const MAX_NODES = 65_536
/** Codes with which a message is refused that can have no receipt, or with which the node fails: nothing else may come out. Vectors hold a part of a state. */
const KNOWN_CODES = /^(message|host|vector|proofs|externs)\/|^blockstore\/absent$/
const ABSENT = 'blockstore/absent'
const MAX_U64 = 2n ** 64n - 1n

/** A vector with what all its cases share: whatever is only read. */
interface Opened {
  readonly vector: Vector
  /** A machine that nothing is executed on: the state before. */
  readonly before: Machine
  /** Decoded nodes of states, kept by content: a case reads most of what the one before it has read. */
  readonly nodes: NodeCache
}

/** Official vectors with their messages changed: no crash, no token lost, no gas beyond the limit, and twice the same. */
export const vectors: Target = {
  name: 'vectors',
  open: async () => {
    const environment = await createVectorEnvironment(
      cacheDirectories({ env: process.env, platform: process.platform, home: homedir() }),
    )
    const found = await openVectors(environment)
    if ('skipped' in found) return found
    const inputs = fc.oneof(
      ...found.map(({ vector: { id, messages, receipts } }, index) => ({
        weight: weightOf(receipts[0]?.gasUsed as bigint),
        arbitrary: changeOf(messages[0]?.message as Message).map((change) => ({ vector: id, index, change })),
      })),
    )
    return openTarget(
      inputs,
      ({ index, change }) => {
        const opened = found[index] as Opened
        const [first, second] = [run(opened, environment, change), run(opened, environment, change)]
        claim(
          cidEquals(first.root, second.root) && sameBytes(first.receipt, second.receipt),
          'a second run gives the same receipt and the same root',
        )
      },
      LIMIT_MS,
    )
  },
}

async function openVectors({ crypto, code }: VectorEnvironment): Promise<Opened[] | Skipped> {
  const nodes = new NodeCache(MAX_NODES)
  const open = (vector: Vector): Opened => {
    const before = openMachine({ vector, nodes }, { crypto, code, runtimes: [] })
    return { vector, before, nodes }
  }
  try {
    const tasks = await findVectors(await defaultVectorDirectory({ env: process.env }), '')
    const stride = Math.ceil(tasks.length / MAX_VECTORS)
    const found = tasks
      .filter((_, i) => i % stride === 0)
      .map(({ file }) => parseVector(readFileSync(file, 'utf8'), crypto))
      .filter((vector) => vector.unsupported === undefined)
      .map(open)
      .filter(({ before }) => before.manifest.actors.every(([, cid]) => code.has(cid)))
    return found.length > 0 ? found : { skipped: 'no cached bundle has the code that the vectors need' }
  } catch (error) {
    if (error instanceof CodedError && error.code.startsWith('suite/')) return { skipped: error.message }
    throw error
  }
}

/** How often a vector is taken: ten times as often as one that runs for long, where it is cheap. */
function weightOf(gasUsed: bigint): number {
  return 1 + Math.min(9, Number(CHEAP_GAS / (gasUsed + 1n)))
}

function changeOf(message: Message): fc.Arbitrary<Change> {
  const id = fc.oneof(fc.nat(110).map(BigInt), fc.constantFrom(1000n, MAX_U64))
  const unsigned = fc.oneof(
    fc.nat(30).map(BigInt),
    specialInteger.map((value) => BigInt.asUintN(64, value)),
  )
  const near = (value: bigint): fc.Arbitrary<bigint> => fc.constantFrom(value - 1n, value, value + 1n)
  const often = (weight: number, change: fc.Arbitrary<Change>) => ({ weight, arbitrary: change })
  // What most often ends a message before it has run is changed seldom.
  const changes: fc.Arbitrary<Change> = fc.oneof(
    often(3, fc.record({ gasLimit: fc.bigInt({ min: 1n, max: message.gasLimit }) })),
    often(1, fc.record({ gasLimit: unsigned })),
    often(
      3,
      fc.record({ value: fc.oneof(unsigned, specialInteger, fc.bigInt({ min: 0n, max: 10n ** 30n })) }),
    ),
    often(6, fc.record({ params: mutated([message.params]) })),
    often(1, fc.record({ sequence: fc.oneof(unsigned, near(message.sequence)) })),
    often(4, fc.record({ method: fc.oneof(unsigned, near(message.method)) })),
    often(2, fc.record({ to: id })),
    often(1, fc.record({ from: id })),
  )
  // With more of them, most messages would not come far.
  return fc.array(changes, { minLength: 1, maxLength: 3 }).map((all) => Object.assign({}, ...all) as Change)
}

function openMachine(
  { vector, nodes }: Omit<Opened, 'before'>,
  { crypto, code, runtimes }: VectorEnvironment,
): Machine {
  const [variant] = vector.variants as [Vector['variants'][0]]
  const written = new MemoryBlockstore()
  return Machine.create({
    rules: variant.rules,
    context: {
      epoch: variant.epoch,
      timestamp: variant.epoch * 30n,
      baseFee: vector.baseFee,
      circulatingSupply: vector.circulatingSupply,
      chainId: 0n,
    },
    blocks: new OverlayBlockstore(written, new OverlayBlockstore(vector.blocks, code)),
    root: vector.preRoot,
    crypto,
    externs: new VectorExterns(vector.randomness),
    runtimes,
    proofs: new ConformanceProofs(vector.id),
    nodes,
  })
}

/** What a run ended with: the root, and the receipt or the code of the error. */
interface Ended {
  readonly root: Cid
  readonly receipt: Uint8Array
}

/** Runs the first message of a vector, changed, and states what must be true of that. */
function run(opened: Opened, environment: VectorEnvironment, change: Change): Ended {
  const { vector, before } = opened
  const { message, length } = vector.messages[0] as Vector['messages'][0]
  const { to, from, ...numbers } = change
  const changed: Message = {
    ...message,
    ...numbers,
    ...(to === undefined ? {} : { to: idAddress(to) }),
    ...(from === undefined ? {} : { from: idAddress(from) }),
  }
  const machine = openMachine(opened, environment)
  const touched = watch(machine)
  const result = attempt(() => new Executor(machine).execute(changed, { length }))
  const sum = (balanceOf: (id: ActorId) => bigint): bigint =>
    [...touched].reduce((total, id) => total + balanceOf(id), 0n)
  const now = sum((id) => machine.state.getActor(id)?.balance ?? 0n)
  // A vector has the blocks that its own message reads: an actor whose place is not among them is a new one.
  const once = sum((id) => fromPart(() => before.state.getActor(id)?.balance) ?? 0n)
  claim(now === once, 'no token appears or disappears')
  if (!('value' in result)) {
    claim(KNOWN_CODES.test(result.code), `executing ends with a receipt, or a known refusal (${result.code})`)
    claim(cidEquals(machine.flush(), vector.preRoot), 'a message without a receipt changes nothing')
    return { root: vector.preRoot, receipt: new TextEncoder().encode(result.code) }
  }
  const receipt = encodeReceipt(result.value.receipt, machine.rules.receiptArity)
  const root = fromPart(() => machine.flush())
  if (root === undefined) return { root: vector.preRoot, receipt }
  checkResult(result.value, changed, cidEquals(root, vector.preRoot))
  return { root, receipt }
}

/** What is read from the part of a state that a vector has; `undefined` where it lacks a block. */
function fromPart<T>(read: () => T): T | undefined {
  const found = attempt(read)
  if ('value' in found) return found.value
  claim(found.code === ABSENT, `the state of a vector can be read, as far as it is there (${found.code})`)
  return undefined
}

function checkResult({ receipt, fees }: MessageResult, { gasLimit }: Message, isUnchanged: boolean): void {
  const { gasUsed } = receipt
  claim(
    gasUsed >= 0n && gasUsed <= gasLimit,
    `a message uses at most its gas limit (${gasUsed} of ${gasLimit})`,
  )
  // What is executed pays for its inclusion; what is refused pays nothing.
  if (gasUsed > 0n) return
  claim(isUnchanged, 'a refused message changes nothing')
  claim(fees.refund === 0n && fees.minerTip === 0n, 'a refused message pays nothing')
}

/** The ids of all actors that are written from now on. */
function watch({ state }: Machine): ReadonlySet<ActorId> {
  const touched = new Set<ActorId>()
  const [set, remove] = [state.setActor.bind(state), state.deleteActor.bind(state)]
  state.setActor = (id: ActorId, actor: ActorState): void => {
    touched.add(id)
    set(id, actor)
  }
  state.deleteActor = (id: ActorId): void => {
    touched.add(id)
    remove(id)
  }
  return touched
}
