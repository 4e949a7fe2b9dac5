/** What the gate decides, on its way into the audit log. */
import { describeIdentity } from '../../shared/domain/identity.ts';
import type { Decision, OnDecision } from '../identity/gate.ts';
import type { Offence } from '../sessions/provenance/offences.ts';
import type { Call } from './entry.ts';

const STREAM = '/assay.v1.AgentService/Connect';

/** Of a call that is allowed it is waited for; where it cannot be written the call is refused. */
export const auditing =
  ({ log, denials }: Record<'log' | 'denials', { record(call: Call): Promise<void> }>): OnDecision =>
  (decision) =>
    (decision.outcome === 'ok' ? log : denials).record(callOf(decision));

/** What has been changed, as an entry. */
export const callOf = ({ identity, method, peer, outcome, reason, namespace, target }: Decision): Call => ({
  ...{ who: identity ? describeIdentity(identity) : 'nobody', by: identity?.kind ?? 'nobody', method, peer, outcome },
  ...(reason !== '' && { reason }),
  ...(namespace !== undefined && { namespace }),
  ...(target !== undefined && { target }),
});

/** What was refused of an agent on its stream: of whoever was verified there; of which agent and task he spoke is what it is about. */
export const offenceCall = ({ agentId, agent, identity, peer, why, count, namespace, target }: Offence): Call => ({
  ...{ who: describeIdentity(identity), by: identity.kind, method: STREAM, peer, outcome: 'denied', reason: why },
  ...(count > 1 && { more: count - 1 }),
  ...(namespace !== undefined && { namespace }),
  target: [agentId, ...(target === undefined ? [] : [target]), agent].join(' '),
});
