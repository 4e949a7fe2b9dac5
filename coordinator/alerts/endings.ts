/** How evaluations ended, as incidents; and what was given up of them. Pure. */
import type { EvaluationSummary, ReportRow } from '../../shared/client/types.ts';
import type { Incident } from './incident.ts';
import type { Gate } from './settings.ts';

/** An evaluation, and how many of its dead letters nobody has dealt with. */
export interface Watched {
  evaluation: EvaluationSummary;
  deadLetters: number;
}

/** That one has ended well, or was cancelled: told once. The key is of this end; one that ends again after a requeue is told again. */
export function happeningsOf({ evaluation }: Watched): Incident[] {
  const { state } = evaluation;
  if (state !== 'succeeded' && state !== 'cancelled') return [];
  const said = state === 'succeeded' ? 'is finished' : 'was cancelled';
  return [incidentOf('evaluation_finished', evaluation, `Evaluation ${nameOf(evaluation)} ${said}: ${countsOf(evaluation)}`)];
}

/** What holds until it is run again, mended or removed. */
export function incidentsOfEvaluation({ evaluation, deadLetters }: Watched, gates: readonly Gate[]): Incident[] {
  const found: Incident[] = [];
  const { evaluationId, state, namespace, reason } = evaluation;
  const name = nameOf(evaluation);
  if (state === 'failed') {
    const why = reason === '' ? '' : ` (${reason.slice(0, 200)})`;
    found.push(incidentOf('evaluation_failed', evaluation, `Evaluation ${name} has failed${why}: ${countsOf(evaluation)}`));
  }
  const below = state === 'succeeded' ? gates.flatMap((gate) => evaluation.results.flatMap((row) => belowGate(gate, row))) : [];
  if (below.length > 0)
    found.push(incidentOf('evaluation_below_gate', evaluation, `Evaluation ${name} is below its gate: ${below.slice(0, 5).join('; ')}`));
  if (deadLetters > 0)
    found.push({
      ...{ key: `dead_letters:${evaluationId}`, kind: 'dead_letters', namespace },
      summary: `Evaluation ${name} has dead letters: ${deadLetters} of its tasks were given up`,
      facts: { evaluationId, deadLetters },
    });
  return found;
}

function incidentOf(kind: Incident['kind'], evaluation: EvaluationSummary, summary: string): Incident {
  const { evaluationId, finishedAtMs, namespace, state, owner, counts } = evaluation;
  const { total, scored, errored } = counts;
  return {
    key: `${kind}:${evaluationId}:${finishedAtMs}`,
    kind,
    namespace,
    summary,
    facts: { evaluationId, state, owner, total, scored, errored },
  };
}

function belowGate(gate: Gate, { benchmark, model, scorer, metrics }: ReportRow): string[] {
  const isMeant = (gate.benchmark ?? benchmark) === benchmark && (gate.model ?? model) === model && (gate.scorer ?? scorer) === scorer;
  const value = (metrics as Record<string, number | undefined>)[gate.metric];
  if (!isMeant || value === undefined || value >= gate.min) return [];
  return [`${gate.metric} of ${benchmark} by ${model} is ${Number(value.toPrecision(4))}, less than ${gate.min}`];
}

const nameOf = ({ name, evaluationId }: EvaluationSummary): string => (name === '' ? evaluationId : `${name} (${evaluationId})`);

function countsOf({ counts: { total, scored, errored, dead } }: EvaluationSummary): string {
  const others = [errored > 0 ? `${errored} errored` : '', dead > 0 ? `${dead} given up` : ''].filter((part) => part !== '');
  return [`${scored} of ${total} samples scored`, ...others].join(', ');
}
