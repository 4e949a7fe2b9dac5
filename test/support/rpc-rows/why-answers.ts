/** What use-cases answer that are asked why work does not run. */
import type { EvaluationUseCases, OperatorUseCases } from '../../../coordinator/rpc/use-cases.ts';
import type { RouteStatus } from '../../../shared/client/types.ts';
import type { Reason, WhyHistory } from '../../../shared/client/why.ts';
import { ID } from './rows.ts';

const AGENT = { agentId: 'ag_0123456789abcdef', name: 'gpu-1' };
const whyReason: Reason = {
  code: 'no_label',
  effect: 'blocks',
  text: 'nobody bears the label',
  samples: 2,
  tasks: 1,
  sinceMs: 5,
  untilMs: 6,
  remedy: 'connect one',
  command: 'assay agent',
  route: 'r_aaaaaaaaaaaaaaaa',
  requirement: 'model=m',
  agents: [{ ...AGENT, text: 'label zone=eu is missing', sinceMs: 7 }],
  agentCount: 1,
  evaluationIds: [ID],
};
const whyHistory: WhyHistory = {
  sinceMs: 1,
  periods: [
    {
      ...{ code: 'no_label', effect: 'blocks', text: 'nobody bears the label', route: 'r_aaaaaaaaaaaaaaaa', requirement: 'model=m' },
      ...{ samples: 2, sinceMs: 1, untilMs: 9, looks: 3, agents: whyReason.agents, agentCount: 1 },
    },
  ],
  totals: [{ code: 'no_label', effect: 'blocks', route: 'r_aaaaaaaaaaaaaaaa', times: 1, totalMs: 8 }],
};

export const why: EvaluationUseCases['why'] = async (evaluationId, sequence, sight, { history }) => ({
  timeMs: 1,
  evaluationId,
  taskId: sequence === undefined ? '' : `${evaluationId}-${sequence}`,
  state: 'running',
  open: 3,
  inFlight: 1,
  rate: 2.5,
  reasons: [{ ...whyReason, text: JSON.stringify(sight) }],
  ...(history && { history: whyHistory }),
});

export const whyRouteOf =
  (route: RouteStatus): OperatorUseCases['whyRoute'] =>
  async (_route, { history }) => ({
    timeMs: 10,
    route,
    reasons: [whyReason],
    agents: [{ ...AGENT, state: 'ready', fits: false, room: 0, samples: 4, text: 'label zone=eu is missing' }],
    agentCount: 1,
    waiting: { tasks: 2, p50Ms: 5, p90Ms: 9, p99Ms: 9, maxMs: 9 },
    waited: { tasks: 0, p50Ms: 0, p90Ms: 0, p99Ms: 0, maxMs: 0 },
    ...(history && { history: whyHistory }),
  });
