import { datacapPlay } from './plays/datacap.ts'
import { evmPlay } from './plays/evm.ts'
import { multisigPlay } from './plays/multisig.ts'
import { paymentChannelPlay } from './plays/payment-channel.ts'
import type { Play } from './plays/play.ts'

/** The actors whose messages depend on their state. */
export const PLAYS: readonly Play[] = [multisigPlay, paymentChannelPlay, datacapPlay, evmPlay]
