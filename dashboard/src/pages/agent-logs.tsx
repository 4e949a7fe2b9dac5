/** What an agent tells of itself, as it tells it: the last lines, which are in the memory of its coordinator. */
import { queryText } from '../api.ts';
import { Panel } from '../kit/parts.tsx';
import { LogLines } from './log-lines.tsx';

/** As many as a coordinator keeps of one. */
const TAIL = 500;

export function AgentLogs({ path, query }: { path: string; query: URLSearchParams }) {
  const asked = { minLevel: query.get('level') ?? '', text: query.get('text') ?? '', tail: TAIL };
  return (
    <Panel title="Log" note="what it tells of itself; what it tells of tasks is in the logs of their evaluations">
      <LogLines
        path={`${path}/logs/events${queryText(asked)}`}
        goesOn={false}
        query={query}
        empty="Agents tell of connections, of endpoints, and of what they were asked to do."
      />
    </Panel>
  );
}
