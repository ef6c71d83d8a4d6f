import { ATTO_PER_FIL, formatFil } from '@troupe/hypervisor'
import { NETWORK } from '../open-chain.ts'
import type { Stage } from '../stage.ts'
import type { AccountReport, Step } from '../step.ts'

/** A new chain, with accounts that have funds; and a transfer, which makes one more. */
export async function* beginChain(stage: Stage): AsyncGenerator<Step> {
  const { alice, bob, carol, names, vm } = stage
  const accounts: AccountReport[] = []
  for (const [name, account] of Object.entries({ alice, bob }))
    accounts.push({
      name,
      id: `f0${stage.idOf(account)}`,
      address: names.formatAddress(account.address),
      balance: formatFil(await vm.balanceOf(account)),
    })
  yield {
    kind: 'genesis',
    title: 'A chain on disk',
    note: `A network of its own, with the actors of the system, which are written in TypeScript, and two accounts. The rules are those of Filecoin's network version ${NETWORK.rules.networkVersion}, and besides them users may install code.`,
    networkVersion: NETWORK.rules.networkVersion,
    root: vm.root.toString(),
    accounts,
  }

  await vm.send({ from: alice, to: carol, value: 25n * ATTO_PER_FIL })
  yield stage.step(
    'Alice sends 25 FIL to Carol',
    'Nobody has used her address yet: the account is created on the way, and its constructor runs.',
    [
      {
        what: 'new',
        value: `f0${stage.idOf(carol)} is Carol's, ${names.formatAddress(carol.address)}`,
      },
    ],
  )
}
