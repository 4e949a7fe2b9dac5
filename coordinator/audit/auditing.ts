/** What the gate decides, on its way into the audit log. */
import { describeIdentity } from '../../shared/domain/identity.ts';
import type { Decision, OnDecision } from '../identity/gate.ts';
import type { Call } from './entry.ts';

/** Of a call that is allowed it is waited for; where it cannot be written the call is refused. */
export const auditing =
  ({ log, denials }: Record<'log' | 'denials', { record(call: Call): Promise<void> }>): OnDecision =>
  (decision) =>
    (decision.outcome === 'ok' ? log : denials).record(callOf(decision));

const callOf = ({ identity, method, peer, outcome, reason, namespace, target }: Decision): Call => ({
  ...{ who: identity ? describeIdentity(identity) : 'nobody', by: identity?.kind ?? 'nobody', method, peer, outcome },
  ...(reason !== '' && { reason }),
  ...(namespace !== undefined && { namespace }),
  ...(target !== undefined && { target }),
});
