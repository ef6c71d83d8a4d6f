import { exitCodeName } from '@troupe/hypervisor'
import { cacheDirectories } from '../cache-directories.ts'
import type { CommandContext } from '../command.ts'
import { defaultVectorDirectory, findVectors } from '../conformance/find-vectors.ts'
import { runTasks } from '../conformance/pool.ts'
import type { VectorOutcome, VectorTask } from '../conformance/task.ts'
import { CliError } from '../errors.ts'

/** What became of messages of mainnet, or what is missing to replay them. */
export interface MainnetReport {
  readonly messages: readonly MainnetMessage[]
  /** What is missing, and how to get it. */
  readonly missing: readonly string[]
}

/** A message of mainnet that was replayed. */
export interface MainnetMessage {
  readonly id: string
  /** Missing where the message could not be executed. */
  readonly executed?: {
    readonly networkVersion: number
    /** `storageminer.ChangePeerID`. */
    readonly method: string
    readonly exitCode: number
    readonly exitName: string
    readonly gasUsed: bigint
    readonly fidelity: string
  }
  /** Whether exit code, return data, gas and the root of the state are those of mainnet. */
  readonly isAsRecorded: boolean
  /** What is not, or why it could not be executed. */
  readonly reason?: string
}

/** Of each of these, the first vector is replayed: actor, method and outcome, as vectors are filed. */
const FAMILIES: readonly string[] = [
  'fil_9_multisig/Propose/Ok',
  'fil_9_storagemarket/PublishStorageDeals/Ok',
  'fil_10_storagemarket/AddBalance/Ok',
  'fil_10_storagepower/CreateMiner/Ok',
  'fil_10_storageminer/PreCommitSector/SysErrOutOfGas',
]

const NO_VECTORS =
  'set TROUPE_VECTORS to a folder that has a checkout of filecoin-project/fvm-test-vectors in fvm/.'
const NO_CODE =
  'run `npm run troupe -- bundle add v9.tar.zst v10.tar.zst` with these two files of filecoin-project/lotus, build/actors/.'

/** Replays a few messages of mainnet, as far as vectors and the code of the official actors are at hand. */
export async function replayMainnet(
  context: Pick<CommandContext, 'env' | 'platform' | 'home'>,
): Promise<MainnetReport> {
  const tasks = await findTasks(context)
  if (tasks.length === 0)
    return {
      messages: [],
      missing: [NO_VECTORS],
    }
  const outcomes = new Map<string, VectorOutcome>()
  await runTasks(tasks, {
    jobs: 1,
    setup: { caches: cacheDirectories(context) },
    scripts: cacheDirectories(context).scripts,
    onAnswer: ({ name }, [outcome]) => {
      if (outcome !== undefined) outcomes.set(name, outcome)
    },
  })
  const all = [...outcomes.values()]
  const isMissing = ({ error }: VectorOutcome): boolean => error?.code === 'vector/unknown-bundle'
  return {
    messages: all.filter((outcome) => !isMissing(outcome)).map(reportOutcome),
    missing: all.some(isMissing) ? [NO_CODE] : [],
  }
}

async function findTasks(context: Pick<CommandContext, 'env'>): Promise<VectorTask[]> {
  try {
    const vectors = await findVectors(await defaultVectorDirectory(context), '')
    return FAMILIES.flatMap((family) => {
      const found = vectors.find(({ name }) => name.includes(family))
      return found === undefined ? [] : [{ ...found, replay: { trace: 'none', colours: false } as const }]
    })
  } catch (error) {
    if (error instanceof CliError && error.code.startsWith('suite/')) return []
    throw error
  }
}

function reportOutcome({ id, status, reason, replay }: VectorOutcome): MainnetMessage {
  const message = replay?.messages[0]
  return {
    id,
    ...(replay === undefined || message === undefined
      ? {}
      : {
          executed: {
            networkVersion: replay.networkVersion,
            method: message.methodName ?? message.method,
            exitCode: message.actual.exitCode,
            exitName: exitCodeName(message.actual.exitCode),
            gasUsed: message.actual.gasUsed,
            fidelity: replay.fidelity.level,
          },
        }),
    isAsRecorded: status === 'passed',
    ...(reason === undefined ? {} : { reason }),
  }
}
