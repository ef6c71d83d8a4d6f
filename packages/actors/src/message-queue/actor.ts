import { MESSAGE_QUEUE_ACTOR } from '@troupe/hypervisor'
import { defineActor, method, type NativeActor } from '@troupe/runtime-native'
import * as queue from './message-queue.ts'
import {
  enqueueParametersCodec,
  enqueueReturnCodec,
  forgetParametersCodec,
  settleParametersCodec,
  takenMessageCodec,
  whenParametersCodec,
} from './parameters.ts'

/** Method numbers of the message queue: the system's own, and the exported ones (FRC-0042, of the names). */
export const MessageQueueMethod = {
  CONSTRUCTOR: 1,
  TAKE: 2,
  SETTLE: 3,
  ENQUEUE: 880_105_856,
  WHEN: 2_046_275_332,
  FORGET: 3_233_830_627,
} as const

/** Most of what it reads and writes it does not look at. In milligas. */
const PER_BYTE = { perStateByte: 10_000 }

/**
 * The message queue (f012): messages that actors leave to the end of the block, and what became of them; see `withMessageQueue`. Any actor queues messages, and owns the futures of its
 * own; the system takes them out.
 *
 * Gas of the code is like that of multisigs, and not fitted to anything.
 */
export const messageQueueActor: NativeActor = defineActor({
  name: MESSAGE_QUEUE_ACTOR,
  version: 'troupe 1',
  gas: { memoryPages: 17, entry: 40_000_000, failure: 9_000_000 },
  methods: {
    [MessageQueueMethod.CONSTRUCTOR]: method({
      name: 'Constructor',
      gas: { base: 20_000_000, ...PER_BYTE },
      run: queue.construct,
    }),
    [MessageQueueMethod.TAKE]: method({
      name: 'Take',
      returns: takenMessageCodec,
      gas: { base: 60_000_000, ...PER_BYTE },
      run: queue.take,
    }),
    [MessageQueueMethod.SETTLE]: method({
      name: 'Settle',
      parameters: settleParametersCodec,
      gas: { base: 60_000_000, ...PER_BYTE },
      run: queue.settle,
    }),
    [MessageQueueMethod.ENQUEUE]: method({
      name: 'Enqueue',
      parameters: enqueueParametersCodec,
      returns: enqueueReturnCodec,
      gas: { base: 60_000_000, perParameterByte: 10_000, ...PER_BYTE },
      run: queue.enqueue,
    }),
    [MessageQueueMethod.WHEN]: method({
      name: 'When',
      parameters: whenParametersCodec,
      gas: { base: 60_000_000, perParameterByte: 10_000, ...PER_BYTE },
      run: queue.when,
    }),
    [MessageQueueMethod.FORGET]: method({
      name: 'Forget',
      parameters: forgetParametersCodec,
      gas: { base: 60_000_000, ...PER_BYTE },
      run: queue.forget,
    }),
  },
})

/** What a network with a message queue has besides its system's actors. */
export const MESSAGE_QUEUE_ACTORS: readonly NativeActor[] = [messageQueueActor]
