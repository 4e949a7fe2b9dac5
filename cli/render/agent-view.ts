/** One agent for people. Pure. */
import { agentState } from '../../shared/domain/agent-words.ts';
import type { Agent, AgentModel, HeldAttempt } from '../../shared/client/types.ts';
import { describeNamespaces } from '../../shared/domain/identity.ts';
import { factLines } from './evaluation-view.ts';
import { attemptColumns } from './fleet-columns.ts';
import type { Look } from './look.ts';
import { tableLines } from './table.ts';
import { count, plainText, plural } from './text.ts';

/** Of those that are learnt: how many it is now, and may be at most. */
const connections = ({ maxConnections, connections: now }: AgentModel): string =>
  now === undefined ? count(maxConnections) : `${count(now)} of ${count(maxConnections)}`;

export function agentView(agent: Agent, attempts: readonly HeldAttempt[], look: Look): string {
  const { paint } = look;
  const pairs = (values: Record<string, string>): string =>
    Object.entries(values)
      .map(([k, v]) => `${k}=${v}`)
      .join(', ');
  const lines = [
    `${paint('bold', plainText(agent.name))}  ${agentState(agent)}`,
    ...factLines(
      [
        ['id', agent.agentId],
        ['reason', agent.reason],
        ['version', `${agent.version} (protocol ${agent.wireVersion})`],
        ['namespaces', describeNamespaces(agent.namespaces)],
        ['labels', pairs(agent.labels)],
        ['can', agent.capabilities.join(', ')],
        ['host', pairs(agent.host)],
        ['coordinator', `${agent.coordinatorId}${agent.peer ? ` from ${agent.peer}` : ''}`],
        ['known by', agent.proof],
        ['connected', look.time(agent.connectedAtMs)],
        ['seen', look.time(agent.seenAtMs)],
        ['holds', `${plural(agent.samples, 'sample')} in ${plural(agent.attempts, 'attempt')}`],
        [
          'counted',
          `${plural(agent.counted, 'unit')} since it connected${agent.errored > 0 ? `, ${count(agent.errored)} of them errored` : ''}`,
        ],
        ['refused', agent.refused > 0 ? `${count(agent.refused)} of what it sent made no sense, or was not its own` : ''],
      ],
      look,
    ),
    '',
    ...tableLines(
      [
        { title: 'model', cell: (m) => m.match, least: 10 },
        { title: 'connections', right: true, cell: connections, drop: 1 },
        { title: 'room', right: true, cell: (m) => count(m.room) },
        { title: 'takes none', cell: (m) => m.suspended, optional: true, drop: 2 },
      ],
      agent.models,
      look,
      { rule: true },
    ),
  ];
  if (attempts.length > 0) lines.push('', ...tableLines(attemptColumns(look), attempts, look, { rule: true }));
  return `${lines.join('\n')}\n`;
}
