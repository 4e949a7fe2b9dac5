/** What else can be done to evaluations: another priority, and one like it. */
import { useState } from 'preact/hooks';
import type { Evaluation } from '../../../shared/client/types.ts';
import { isFinal } from '../../../shared/domain/states.ts';
import { may, type Call } from '../allowed.ts';
import { api, problemOf } from '../api.ts';
import { applies, CALLS, COMMANDS, TITLES, type Target } from '../commands.tsx';
import { useOutcome, type Ended } from '../kit/outcome.tsx';
import { Ask } from '../kit/parts.tsx';
import { Withheld } from '../kit/withheld.tsx';
import { useWho } from '../who.ts';
import { plural } from '../words.ts';

export type Ranked = Pick<Evaluation, 'evaluationId' | 'name' | 'state' | 'priority'>;

const PRIORITISE: Call = 'EvaluationService/UpdateEvaluation';
const SUBMIT: Call = 'EvaluationService/SubmitEvaluation';
const PRIORITIES = Array.from({ length: 10 }, (_, i) => i + 1);

/** Of those that are not over. */
export function PriorityAction({ targets, onDone }: { targets: readonly Ranked[]; onDone: () => void }) {
  const isAllowed = may(PRIORITISE, useWho());
  const meant = isAllowed ? targets.filter(({ state }) => !isFinal(state)) : [];
  const [wanted, setWanted] = useState<number>();
  const outcome = useOutcome(onDone);
  const ask = (): void => {
    outcome.clear();
    setWanted(meant[0]!.priority);
  };
  const answered = (isYes: boolean): void => {
    const priority = wanted;
    setWanted(undefined);
    if (!isYes || priority === undefined) return;
    outcome.follow(prioritised(meant, priority));
  };
  return (
    <>
      {outcome.told}
      {meant.length === 0 ? null : (
        <button type="button" disabled={outcome.isBusy} onClick={ask}>
          Priority
        </button>
      )}
      {wanted === undefined ? null : (
        <Ask
          title={meant.length === 1 ? 'Another priority?' : `Another priority for ${meant.length} evaluations?`}
          action="Set it"
          onAnswer={answered}
        >
          <p>What waits is handed out by it: 1 first, 10 last. What runs goes on.</p>
          <label>
            Priority
            <select value={String(wanted)} onChange={(event) => setWanted(Number(event.currentTarget.value))}>
              {PRIORITIES.map((priority) => (
                <option key={priority} value={String(priority)}>
                  {priority}
                  {priority === 1 ? ', first' : priority === 5 ? ', as usual' : priority === 10 ? ', last' : ''}
                </option>
              ))}
            </select>
          </label>
        </Ask>
      )}
    </>
  );
}

async function prioritised(targets: readonly Ranked[], priority: number): Promise<Ended> {
  const problems: string[] = [];
  for (const { evaluationId, name } of targets) {
    await api
      .patch(`/evaluations/${encodeURIComponent(evaluationId)}`, { priority })
      .catch((error: unknown) => problems.push(`${name || evaluationId}: ${problemOf(error)}`));
  }
  const done = targets.length - problems.length;
  const told = done > 0 ? [`Priority ${priority}: set for ${plural(done, 'evaluation')}.`] : [];
  return { text: [...told, ...problems].join(' '), isBad: problems.length > 0 };
}

/** The way to what scores its answers again. */
export const RescoreAction = ({ evaluationId }: { evaluationId: string }) => (
  <a class="button" href={`/evaluations/${evaluationId}/rescore`}>
    Score again
  </a>
);

/** The way to the form. */
export const CloneAction = ({ evaluationId }: { evaluationId: string }) =>
  may(SUBMIT, useWho()) ? (
    <a class="button" href={`/evaluations/${evaluationId}/clone`}>
      Clone
    </a>
  ) : null;

/** In the place of those buttons that would be there with another token: what they want. */
export function WithheldActions({ targets }: { targets: readonly Target[] }) {
  if (targets.length === 0) return null;
  const commands = COMMANDS.filter((command) => targets.some((target) => applies(command, target)));
  return (
    <Withheld
      commands={[
        ...commands.map((command) => [TITLES[command], CALLS[command]] as const),
        ...(targets.some(({ state }) => !isFinal(state)) ? [['Priority', PRIORITISE] as const] : []),
        ...(targets.length === 1 ? [['Clone', SUBMIT] as const] : []),
      ]}
    />
  );
}
