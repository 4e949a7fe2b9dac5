/** Why one task does not run. Pure. */
import type { Reason } from '../../../shared/client/why.ts';
import type { TaskFacts, WhyFacts } from './facts.ts';
import { plural, reason, reasonAgent } from './reason.ts';
import { routeReasons } from './route-reasons.ts';

export function taskReasons({ evaluation, routes, nowMs }: WhyFacts, task: TaskFacts): Reason[] {
  const of = { samples: task.open, tasks: 1, sinceMs: task.sinceMs };
  const route = routes.find((r) => r.route.id === task.route);
  switch (task.state) {
    case 'over':
      return [reason({ code: 'task_over', effect: 'over', text: 'there is no such task now: its samples are closed, or in other tasks' })];
    case 'dead':
      return [
        reason({
          ...of,
          code: 'dead',
          effect: 'over',
          text: 'it was given up, because it kept crashing agents',
          remedy: 'see the evidence; then replay it, or drop it',
          command: `assay dead-letters show ${task.taskId}`,
        }),
      ];
    case 'leased': {
      const agent = route?.agents.find(({ agentId }) => agentId === task.agentId);
      if (agent?.state === 'gone')
        return [
          reason({
            ...of,
            code: 'agent_lost',
            effect: 'blocks',
            text: `the agent ${agent.name} that has it is not connected; it goes to another one when the lease is over`,
            remedy: 'start the agent again: it brings what it has done',
            agents: [reasonAgent(agent, 'is not connected', agent.seenAtMs)],
          }),
        ];
      return [
        reason({
          ...of,
          code: 'running',
          effect: 'runs',
          text: `it runs: the agent ${agent?.name || task.agentId} holds ${plural(task.open, 'sample')} of it`,
          agents: agent ? [reasonAgent(agent, `${plural(agent.samples, 'sample')} in hand`)] : [],
        }),
      ];
    }
    case 'unqueued':
      return [
        reason({
          ...of,
          code: 'paused',
          effect: 'blocks',
          text: 'it was taken out of the queue, and is put back by a resume',
          remedy: 'go on with the evaluation',
          command: `assay resume ${evaluation.evaluationId}`,
        }),
      ];
    case 'queued': {
      // As if there were nothing else of the evaluation on its route.
      const alone = route && {
        ...route,
        open: task.open,
        queued: task.open,
        leased: 0,
        lost: { samples: 0, tasks: 0, agents: [] },
        tasks: { queued: 1, leased: 0, delayed: task.untilMs > nowMs ? 1 : 0 },
        queuedSinceMs: task.sinceMs,
        delayedUntilMs: task.untilMs,
      };
      const avoids = avoided(task, route?.agents.filter(({ agentId }) => task.avoids.includes(agentId)) ?? []);
      return [...(alone ? routeReasons(evaluation, alone) : []), ...avoids];
    }
  }
}

function avoided({ avoids, open }: TaskFacts & { state: 'queued' }, agents: readonly { agentId: string; name: string }[]): Reason[] {
  if (avoids.length === 0) return [];
  return [
    reason({
      code: 'avoids_agents',
      effect: 'slows',
      text: `it has crashed ${plural(avoids.length, 'agent')}: another one takes it, where there is one`,
      samples: open,
      tasks: 1,
      agents: agents.map((agent) => reasonAgent(agent, 'has crashed over it')),
    }),
  ];
}
