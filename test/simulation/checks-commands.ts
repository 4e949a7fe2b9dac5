/** S11 what was commanded is what came of it; S16 what was answered stays so; S12 only crashes and losses make samples dead. */
import type { EvaluationState } from '../../shared/domain/states.ts';
import type { Invocation } from './history.ts';
import { skippedOf, type Plan, type Scenario } from './scenario.ts';

export type Wrong = (name: string, text: string) => string;

const commandsOf = ({ history }: Scenario, { key }: Plan): Invocation[] => history.invocations.filter((i) => i.key === key);

/** The end, as it follows from the commands. */
export function ended(
  scenario: Scenario,
  plan: Plan,
  { state, units }: { state: EvaluationState; units: Record<string, number> },
  wrong: Wrong,
): string[] {
  const { cancelled = 0, errored = 0, dead = 0 } = units;
  const found: string[] = [];
  const own = commandsOf(scenario, plan);
  const mayBe = (what: Invocation['what']): boolean => own.some((i) => i.what === what && i.outcome !== 'fail');
  if (!mayBe('requeue'))
    for (const { answer, mode } of own.filter((i) => i.what === 'cancel' && i.outcome === 'ok')) {
      if (!answer) continue;
      const wasOver = answer.state === 'succeeded' || answer.state === 'failed';
      // Its last sample was counted before, or while it drained: it ended by itself, and the cancel changed nothing.
      const mayEnd = cancelled === 0 && (mode === 'drain' || !answer.changed);
      if (wasOver ? state !== answer.state : state !== 'cancelled' && !mayEnd)
        found.push(wrong('S11 cancel', `it was ${mode} with the answer ${JSON.stringify(answer)}, and is ${state}`));
    }
  const mayCancel = mayBe('cancel') || mayBe('skip');
  if (!mayCancel && cancelled > 0) found.push(wrong('S11 cancel', 'units are cancelled, and nobody cancelled any'));
  if (!mayCancel && state !== 'succeeded' && errored === 0 && dead === 0) found.push(wrong('L1 ends', `it is ${state}`));
  if (dead > 0 && scenario.history.reached.died === 0)
    found.push(wrong('S12 dead', `${dead} units are dead, and no task was at its limits`));
  return found;
}

/** After the answer of a command nothing is handed out that it forbids, until another one may have allowed it. */
export function answered(scenario: Scenario, plan: Plan, wrong: Wrong): string[] {
  const found: string[] = [];
  const own = commandsOf(scenario, plan);
  const granted = scenario.history.granted.filter((g) => g.evaluationId === plan.evaluationId);
  for (const { what, answer, endedAt } of own.filter((i) => i.outcome === 'ok')) {
    if (what === 'pause' && answer?.changed && answer.state === 'running')
      found.push(wrong('S16 pause', 'it was paused, and the answer says that it runs'));
    const isKept = what === 'cancel' || what === 'skip' || (what === 'pause' && answer?.state === 'paused');
    if (!isKept) continue;
    // One whose end nobody knows may take place at any time from its beginning on.
    const undoneBy = own.filter((i) => i.outcome !== 'fail' && (i.what === 'requeue' || (what === 'pause' && i.what === 'resume')));
    const undoneAt = Math.min(...undoneBy.filter((i) => i.outcome === 'info' || i.endedAt > endedAt).map((i) => i.beganAt), Infinity);
    const again = granted.find(
      ({ at, units }) => at > endedAt && at < undoneAt && (what !== 'skip' || units.some((unit) => skippedOf(plan).includes(unit))),
    );
    if (again)
      found.push(
        wrong(
          `S16 ${what}`,
          `it was answered at ${endedAt.toFixed(1)}, and [${again.units.join()}] are handed out at ${again.at.toFixed(1)}`,
        ),
      );
  }
  return found;
}
