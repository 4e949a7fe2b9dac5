/** Samples by the agent that ran them: by its name where it is known, or by its id. */
import { useMemo } from 'preact/hooks';
import { MOST_COURSE_ATTEMPTS, type Course } from '../../../shared/client/course.ts';
import { agentNames, agentProblem } from '../agent-names.ts';
import { api } from '../api.ts';
import { TextFilter } from '../kit/filters.tsx';
import { useLoaded } from '../live.ts';

export function AgentFilter({ evaluationId, query }: { evaluationId: string; query: URLSearchParams }) {
  const path = `/evaluations/${encodeURIComponent(evaluationId)}/course`;
  const { data } = useLoaded(`agents of ${path}`, (signal) => api.get<Course>(path, { attempts: MOST_COURSE_ATTEMPTS }, signal));
  const words = useMemo(() => agentNames(data?.attempts ?? []), [data]);
  return (
    <TextFilter
      name="agent"
      label="Agent"
      query={query}
      without="name or id"
      words={words}
      problemOf={(text) => agentProblem(words, text)}
    />
  );
}
