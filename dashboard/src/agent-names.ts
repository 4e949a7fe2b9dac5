/** Agents by their names, of one evaluation: people know names, the coordinator's filters ids. Pure. */
import type { CourseAttempt } from '../../shared/client/course.ts';

export interface AgentNames {
  /** By what each is shown as: its name, or its id where nobody knows a name or another one has it too. */
  readonly all: readonly string[];
  readonly shown: (id: string) => string;
  /** The id that is meant by what is shown; what is no name is taken as an id. */
  readonly meant: (text: string) => string;
}

/** Of those that were at work. */
export function agentNames(attempts: readonly Pick<CourseAttempt, 'agentId' | 'agent'>[]): AgentNames {
  const names = new Map(attempts.map(({ agentId, agent }) => [agentId, agent]));
  const ids = Map.groupBy(names.keys(), (id) => names.get(id)!);
  const shown = (id: string): string => {
    const name = names.get(id) ?? '';
    return name !== '' && ids.get(name)!.length === 1 ? name : id;
  };
  const all = [...names.keys()].map(shown).toSorted();
  return { all, shown, meant: (text) => (ids.get(text)?.length === 1 && text !== '' ? ids.get(text)![0]! : text) };
}

/** Why a text stands for no agent; '' where it does. */
export const agentProblem = ({ meant }: AgentNames, text: string): string =>
  text === '' || /^ag_[0-9a-f]{16}$/.test(meant(text)) ? '' : 'not known by name';
