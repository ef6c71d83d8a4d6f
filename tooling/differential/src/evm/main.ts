/** @module `npm run evm-gas`: what instructions, storage and calls of contracts cost on the official actor and on ours, in milligas, without the prices of syscalls. */
import { loadNodeCrypto } from '@troupe/crypto-node'
import { NO_OFFICIAL_ACTORS, officialActors } from '../official-actors.ts'
import { GasBench } from './gas-bench.ts'
import { MEASUREMENTS, unitCost, WHOLE_CALLS, wholeCost } from './opcode-costs.ts'

const crypto = await loadNodeCrypto()
const official = officialActors(crypto)
if (official === undefined) throw new TypeError(NO_OFFICIAL_ACTORS)
const benches = [new GasBench(crypto, official, 'official'), new GasBench(crypto, official, 'native')]
for (const { name, unit, setup } of MEASUREMENTS) {
  const [theirs = 0, ours = 0] = benches.map((bench) => unitCost(bench, unit, setup))
  console.log(line(name, theirs, ours))
}
for (const call of WHOLE_CALLS) {
  const [theirs, ours] = benches.map((bench) => wholeCost(bench, call)) as [Whole, Whole]
  console.log(line(`making: ${call.name}`, theirs.made, ours.made))
  console.log(
    line(call.name, theirs.called, ours.called),
    `of all ${off(Number(theirs.gasUsed), Number(ours.gasUsed))}`,
  )
}

type Whole = ReturnType<typeof wholeCost>

function line(name: string, theirs: number, ours: number): string {
  const [a, b] = [theirs, ours].map((milligas) => Math.round(milligas).toString().padStart(12))
  return `${name.padEnd(34)} ${a} ${b} ${off(theirs, ours)}`
}

function off(theirs: number, ours: number): string {
  return `${((ours / theirs - 1) * 100).toFixed(1)} %`
}
