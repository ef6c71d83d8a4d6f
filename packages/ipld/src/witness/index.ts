export { exportWitness, openWitness, WitnessBlockstore, type WitnessLimits } from './witness.ts'
