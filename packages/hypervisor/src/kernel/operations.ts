import * as actor from './actor.ts'
import * as crypto from './crypto.ts'
import * as debug from './debug.ts'
import * as event from './event.ts'
import * as eventParts from './event-parts.ts'
import * as gas from './gas.ts'
import * as install from './install.ts'
import * as ipld from './ipld.ts'
import type { Kernel } from './kernel.ts'
import * as network from './network.ts'
import * as rand from './rand.ts'
import * as self from './self.ts'
import * as send from './send.ts'
import * as upgrade from './upgrade.ts'
import * as vm from './vm.ts'

/** A syscall's implementation: takes the kernel and the parameters in the order of its row in the syscall table, gives what the row's result says. */
export type Operation = (kernel: Kernel, ...parameters: never[]) => unknown

/** The implementation of every syscall, by the `operation` of its row. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'actor.balanceOf': actor.balanceOf,
  'actor.createActor': actor.createActor,
  'actor.createBuiltinActor': actor.createBuiltinActor,
  'actor.getActorCodeCid': actor.getActorCodeCid,
  'actor.getBuiltinActorType': actor.getBuiltinActorType,
  'actor.getCodeCidForType': actor.getCodeCidForType,
  'actor.installActor': install.installActor,
  'actor.lookupDelegatedAddress': actor.lookupDelegatedAddress,
  'actor.newActorAddress': actor.newActorAddress,
  'actor.nextActorAddress': actor.nextActorAddress,
  'actor.resolveAddress': actor.resolveAddress,
  'actor.upgradeActor': upgrade.upgradeActor,
  'crypto.batchVerifySeals': crypto.batchVerifySeals,
  'crypto.computeUnsealedSectorCid': crypto.computeUnsealedSectorCid,
  'crypto.hash': crypto.hash,
  'crypto.recoverSecpPublicKey': crypto.recoverSecpPublicKey,
  'crypto.verifyAggregateSeals': crypto.verifyAggregateSeals,
  'crypto.verifyBlsAggregate': crypto.verifyBlsAggregate,
  'crypto.verifyConsensusFault': crypto.verifyConsensusFault,
  'crypto.verifyPost': crypto.verifyPost,
  'crypto.verifyReplicaUpdate': crypto.verifyReplicaUpdate,
  'crypto.verifySeal': crypto.verifySeal,
  'crypto.verifySignature': crypto.verifySignature,
  'debug.enabled': debug.enabled,
  'debug.log': debug.log,
  'debug.storeArtifact': debug.storeArtifact,
  'event.emitEvent': event.emitEvent,
  'event.emitEventParts': eventParts.emitEventParts,
  'gas.available': gas.available,
  'gas.charge': gas.charge,
  'ipld.blockCreate': ipld.blockCreate,
  'ipld.blockLink': ipld.blockLink,
  'ipld.blockOpen': ipld.blockOpen,
  'ipld.blockRead': ipld.blockRead,
  'ipld.blockStat': ipld.blockStat,
  'network.baseFee': network.baseFee,
  'network.context': network.context,
  'network.tipsetCid': network.tipsetCid,
  'network.totalFilCircSupply': network.totalFilCircSupply,
  'rand.getBeaconDigest': rand.getBeaconDigest,
  'rand.getBeaconRandomness': rand.getBeaconRandomness,
  'rand.getChainDigest': rand.getChainDigest,
  'rand.getChainRandomness': rand.getChainRandomness,
  'self.currentBalance': self.currentBalance,
  'self.root': self.root,
  'self.selfDestruct': self.selfDestruct,
  'self.selfDestructOrBurn': self.selfDestructOrBurn,
  'self.setRoot': self.setRoot,
  'send.send': send.send,
  'vm.abort': vm.abort,
  'vm.context': vm.context,
  'vm.exit': vm.exit,
  'vm.messageContext': vm.messageContext,
}
