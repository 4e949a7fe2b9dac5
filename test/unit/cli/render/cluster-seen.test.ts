import { expect, test } from 'vitest';
import { applyChange, newClusterView } from '../../../../cli/render/cluster-view.ts';
import type { ClusterChange } from '../../../../shared/client/types.ts';
import { agent } from '../../../support/rpc-rows/answers.ts';

const change = (more: Partial<ClusterChange>): ClusterChange => ({
  ...{ timeMs: 1, snapshot: false, coordinators: [], agents: [], routes: [] },
  ...{ removedCoordinatorIds: [], removedAgentIds: [], removedRoutes: [], ...more },
});

test('when somebody was last heard of is taken in, and nothing is told of it', () => {
  const view = newClusterView();
  applyChange(view, change({ snapshot: true, agents: [agent] }));
  const seen = [
    { id: agent.agentId, seenAtMs: 77 },
    { id: 'ag_gone', seenAtMs: 78 },
  ];
  expect(applyChange(view, change({ seen }))).toEqual([]);
  expect([...view.agents.values()]).toEqual([{ ...agent, seenAtMs: 77 }]);
});
