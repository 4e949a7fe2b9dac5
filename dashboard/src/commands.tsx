/** What can be done to evaluations, where it makes sense, and what became of it. */
import type { EvaluationOutcome } from '../../shared/client/types.ts';
import type { Requeued } from '../../shared/http/answers.ts';
import { isFinal, type Counts, type EvaluationState } from '../../shared/domain/states.ts';
import { api, problemOf } from './api.ts';
import type { Call } from './allowed.ts';
import type { Ended } from './kit/outcome.tsx';
import { plural } from './words.ts';

export const COMMANDS = ['pause', 'resume', 'cancel', 'requeue'] as const;
export type Command = (typeof COMMANDS)[number];

export interface Target {
  evaluationId: string;
  name: string;
  state: EvaluationState;
  counts: Counts;
}

export const TITLES: Readonly<Record<Command, string>> = { pause: 'Pause', resume: 'Resume', cancel: 'Cancel', requeue: 'Requeue' };

export const CALLS: Readonly<Record<Command, Call>> = {
  pause: 'EvaluationService/PauseEvaluation',
  resume: 'EvaluationService/ResumeEvaluation',
  cancel: 'EvaluationService/CancelEvaluation',
  requeue: 'EvaluationService/RequeueSamples',
};

/** Whether a command would change anything there. */
export function applies(command: Command, { state, counts }: Pick<Target, 'state' | 'counts'>): boolean {
  switch (command) {
    case 'pause':
      return state === 'running' || state === 'accepted';
    case 'resume':
      return state === 'paused';
    case 'cancel':
      return !isFinal(state) && state !== 'finalizing';
    case 'requeue':
      return counts.errored + counts.dead > 0 && state !== 'finalizing';
  }
}

/** What it does, in words for whoever is asked whether it shall be done. */
export function consequences(command: Command, targets: readonly Target[]): string {
  const what = targets.length === 1 ? `“${targets[0]!.name || targets[0]!.evaluationId}”` : plural(targets.length, 'evaluation');
  const lost = targets.reduce((sum, { counts }) => sum + counts.errored + counts.dead, 0);
  switch (command) {
    case 'pause':
      return `Nothing more of ${what} is handed out. What runs may finish, and is counted.`;
    case 'resume':
      return `${what} goes on where it stood.`;
    case 'cancel':
      return `Open samples of ${what} are closed as cancelled, and running ones are aborted. What was counted stays.`;
    case 'requeue':
      return `${plural(lost, 'sample')} of ${what} that ended errored or dead run again.`;
  }
}

/** Does it to each; the answer is for people. */
export async function run(command: Command, targets: readonly Target[], reason = ''): Promise<Ended> {
  const problems: string[] = [];
  let done = 0;
  for (const { evaluationId, name } of targets) {
    try {
      const said = await one(command, evaluationId, reason);
      if (said === '') done++;
      else problems.push(`${name || evaluationId}: ${said}`);
    } catch (error) {
      problems.push(`${name || evaluationId}: ${problemOf(error)}`);
    }
  }
  const told = done > 0 ? [`${TITLES[command]}: done for ${plural(done, 'evaluation')}.`] : [];
  return { text: [...told, ...problems].join(' '), isBad: problems.length > 0 };
}

async function one(command: Command, evaluationId: string, reason: string): Promise<string> {
  const path = `/evaluations/${encodeURIComponent(evaluationId)}`;
  const body = reason === '' ? {} : { reason };
  if (command === 'requeue') {
    const { requeued } = await api.post<Requeued>(`${path}/samples/requeue`, body);
    return requeued > 0 ? '' : 'there was nothing to run again.';
  }
  const [outcome] = await api.post<EvaluationOutcome[]>(`${path}/${command}`, body);
  return outcome?.problem ?? '';
}
