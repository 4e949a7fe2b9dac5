/** Where results come from: the keys of leases, and what becomes of agents that send what no agent sends. */
import { AppError } from '../shared/domain/errors.ts';
import { describeProof } from '../shared/domain/identity.ts';
import type { Cluster } from './cluster/cluster.ts';
import type { Ground } from './ground.ts';
import type { HeldAttempt } from './sessions/session.ts';
import { LeaseKeys } from './sessions/provenance/lease-keys.ts';
import { hasManyAgents, Offences } from './sessions/provenance/offences.ts';

/** The parts of it, tied to what the coordinator stands on and to the cluster. */
export function provenance(
  { store, clock, logger, random, onOffence, metrics: { instruments } }: Ground,
  cluster: Pick<Cluster, 'isQuarantined' | 'quarantine'>,
): {
  leaseKeys: LeaseKeys;
  offences: Offences;
  canSign: () => boolean;
  sign: (held: HeldAttempt) => Buffer | undefined;
  isQuarantined: (agentId: string, proof: string) => boolean;
} {
  const leaseKeys = new LeaseKeys({
    store,
    clock,
    ...(random ? { random } : {}),
    onTrouble: (error) => logger.warn({ error: AppError.from(error).message }, 'the keys of leases cannot be read; those known hold'),
  });
  const offences = new Offences({
    clock,
    onOffence: (offence) => {
      instruments.refusedTotal.add(offence.count, { kind: offence.kind });
      // Results that make no sense are only counted: nobody has tried to do what he may not.
      if (offence.kind === 'lease' || offence.kind === 'unit') onOffence?.(offence);
    },
    onTooMany: (offence, reason) => {
      const { agentId, agent, peer, identity } = offence;
      const proof = hasManyAgents(identity) ? describeProof(identity) : '';
      if (cluster.isQuarantined(agentId, proof)) return;
      logger.error({ agentId, agent, peer, reason }, 'this agent is quarantined: it gets no more work until an operator ends that');
      instruments.quarantinesTotal.add(1);
      onOffence?.({ ...offence, count: 1, why: `quarantined: ${reason}` });
      void cluster.quarantine(agentId, reason, proof);
    },
  });
  const sign = ({ namespace, evaluationId, taskId, attemptId, agentId, grant }: HeldAttempt): Buffer | undefined =>
    leaseKeys.sign({ namespace, evaluationId, taskId, attemptId, agentId, grant });
  const isQuarantined = (agentId: string, proof: string): boolean => cluster.isQuarantined(agentId, proof);
  return { leaseKeys, offences, canSign: () => leaseKeys.canSign, sign, isQuarantined };
}
