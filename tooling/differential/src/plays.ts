import { datacapPlay } from './plays/datacap.ts'
import { evmPlay, evmStoragePlay } from './plays/evm.ts'
import { multisigPlay } from './plays/multisig.ts'
import { openZeppelinPlay } from './plays/openzeppelin.ts'
import { paymentChannelPlay } from './plays/payment-channel.ts'
import type { Play } from './plays/play.ts'
import { uniswapPlay } from './plays/uniswap.ts'

/** The actors whose messages depend on their state. */
export const PLAYS: readonly Play[] = [multisigPlay, paymentChannelPlay, datacapPlay, evmPlay, uniswapPlay]

/** Those that are not for every day: contracts are compiled for one, and the other says what the first of the EVM says, of storage alone. */
export const SLOW_PLAYS: readonly Play[] = [openZeppelinPlay, evmStoragePlay]
