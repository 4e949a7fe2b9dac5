/** What must hold at the end of every course, by the names of docs/reliability.md. Each returns what it found wrong. */
import type { EvaluationState } from '../../shared/domain/states.ts';
import { isFinal } from '../../shared/domain/states.ts';
import { readUnitCodes } from '../../coordinator/evaluations/unit-codes.ts';
import type { floorsOf } from '../../coordinator/store/control-records.ts';
import type { WatchEvent } from '../../shared/client/types.ts';
import type { Plan, Scenario } from './scenario.ts';

/** All that was found wrong; empty when all is well. */
export async function violationsOf(scenario: Scenario): Promise<string[]> {
  const found: string[] = [];
  for (const plan of scenario.plans) found.push(...(await checkEvaluation(scenario, plan)));
  return [...found, ...leaks(scenario)];
}

interface ReportDocument {
  state: EvaluationState;
  units: Record<string, number>;
  results: { metrics: Record<string, number> }[];
}

async function checkEvaluation(scenario: Scenario, plan: Plan): Promise<string[]> {
  const { history, disk } = scenario;
  const { key, evaluationId } = plan;
  const wrong = (name: string, text: string): string => `${name} ${key}: ${text}`;
  const own = history.invocations.filter((i) => i.key === key);
  const folder = disk.evaluations.get(evaluationId);
  if (own.some((i) => i.what === 'submit' && i.outcome === 'ok') && !folder)
    return [wrong('accepted-kept', 'it was acknowledged and is gone')];
  if (!folder || folder.state === 'staged') return [];
  if (folder.state !== 'finished') return [wrong('ends', `it is ${folder.state} in the end`)];
  if (!folder.report) return [wrong('ends', 'it has no report')];
  const found: string[] = [];
  const report = JSON.parse(folder.report.toString()) as ReportDocument;
  const { total, scored = 0, unscored = 0, errored = 0, cancelled = 0, dead = 0 } = report.units;
  if (total !== plan.units || scored + unscored + errored + cancelled + dead !== total)
    found.push(wrong('conservation', `${plan.units} units, but ${JSON.stringify(report.units)}`));

  // What counts, from the store alone.
  const index = await disk.openResults(evaluationId, 'last');
  const codes = (await readUnitCodes(folder.unitCodes ?? Buffer.alloc(0), plan.units)).codes(0, plan.units);
  const right = new Map<number, number>();
  for await (const { unit, content, attemptId, agentId } of index.results()) {
    const grant = history.grants.get(attemptId);
    if (!grant || grant.agent !== agentId || !grant.units.includes(unit))
      found.push(wrong('provenance', `unit ${unit} of attempt ${attemptId} by ${agentId} was never assigned so`));
    const result = JSON.parse(content.toString()) as { outcome: string; scores: { number: number }[] };
    if (result.outcome === 'scored') right.set(unit, result.scores[0]!.number);
  }
  const isScored = (unit: number): boolean => codes[unit] === 2;
  const units = Array.from({ length: plan.units }, (_, unit) => unit);
  for (const unit of units.filter(isScored))
    if (!right.has(unit)) found.push(wrong('kept', `unit ${unit} counts as scored without a result`));
  const counted = units.filter((unit) => isScored(unit) && right.has(unit));
  if (counted.length !== scored) found.push(wrong('count-once', `${scored} in the report, ${counted.length} in the store`));
  const expected = counted.map((unit) => (Math.floor(unit / plan.epochs) % 3 === 0 ? 0 : 1));
  counted.forEach((unit, i) => {
    if (right.get(unit) !== expected[i]) found.push(wrong('scores', `unit ${unit} has ${right.get(unit)}`));
  });
  found.push(...acknowledgedOnce(scenario, plan, folder.controls, wrong));
  found.push(...commanded(scenario, plan, report, wrong));
  found.push(...watched(scenario, plan, report.state, wrong));
  return found;
}

type Wrong = (name: string, text: string) => string;

/** What was acknowledged is not run again, unless it was commanded; and nothing is run more often than it was assigned. */
function acknowledgedOnce({ history }: Scenario, plan: Plan, controls: Parameters<typeof floorsOf>[0], wrong: Wrong): string[] {
  const found: string[] = [];
  const requeuedAt = controls.some((c) => c.kind === 'requeue') ? (history.requeued.get(plan.key) ?? 0) : Infinity;
  for (let unit = 0; unit < plan.units; unit++) {
    const name = `sim/${plan.key}/s${Math.floor(unit / plan.epochs)}/${(unit % plan.epochs) + 1}`;
    const calls = history.calls.filter((c) => c.unit === name);
    const assigned = [...history.grants.values()].filter((g) => g.evaluationId === plan.evaluationId && g.units.includes(unit)).length;
    const answered = calls.filter((c) => c.ok).length;
    if (answered > assigned) found.push(wrong('bounded', `unit ${unit} was answered ${answered} times, and assigned ${assigned} times`));
    const acked = history.acked.get(`${plan.evaluationId}/${unit}`);
    const again = calls.find((c) => acked !== undefined && c.at > acked && c.at < requeuedAt && startedAfter(history, plan, unit, acked));
    if (again && acked !== undefined && acked < requeuedAt)
      found.push(wrong('run-once', `unit ${unit} was acknowledged at ${acked.toFixed(1)} and called again at ${again.at.toFixed(1)}`));
  }
  return found;
}

/** Whether it was assigned anew after it had been acknowledged: an older assignment may still be running somewhere. */
function startedAfter(history: Scenario['history'], plan: Plan, unit: number, acked: number): boolean {
  return [...history.grants.values()].some((g) => g.evaluationId === plan.evaluationId && g.units.includes(unit) && g.at > acked);
}

function commanded({ history }: Scenario, plan: Plan, report: ReportDocument, wrong: Wrong): string[] {
  const found: string[] = [];
  const own = history.invocations.filter((i) => i.key === plan.key);
  const cancel = own.find((i) => i.what === 'cancel' && i.outcome === 'ok');
  const requeued = own.some((i) => i.what === 'requeue' && i.outcome !== 'fail');
  if (cancel && !requeued) {
    // It may have been over before: then the cancel changed nothing.
    const cancelled = report.units['cancelled'] ?? 0;
    if (report.state !== 'cancelled' && cancelled > 0)
      found.push(wrong('cancel', `it is ${report.state} with ${cancelled} cancelled units`));
  }
  const mayCancel = own.some((i) => (i.what === 'cancel' || i.what === 'skip') && i.outcome !== 'fail');
  if (!mayCancel && (report.units['cancelled'] ?? 0) > 0) found.push(wrong('cancel', 'units are cancelled, and nobody cancelled any'));
  if (!mayCancel && report.state !== 'succeeded' && report.units['errored'] === 0 && report.units['dead'] === 0)
    found.push(wrong('ends', `it is ${report.state}`));
  return found;
}

/** Watchers see one history: numbers without gaps, the same events under the same cursor, one final state at the end. */
function watched({ history }: Scenario, plan: Plan, state: EvaluationState, wrong: Wrong): string[] {
  const found: string[] = [];
  const byCursor = new Map<string, string>();
  for (const watch of history.watches.filter((w) => w.key === plan.key)) {
    let last: WatchEvent | undefined;
    for (const event of watch.events) {
      // A final snapshot is told once more as a state.
      const isRepeated = last?.kind === 'snapshot' && last.cursor === event.cursor;
      if (event.kind !== 'snapshot' && !isRepeated) {
        const text = JSON.stringify(event);
        const other = byCursor.get(event.cursor);
        if (other !== undefined && other !== text) found.push(wrong('watch', `cursor ${event.cursor} is two events: ${other} and ${text}`));
        byCursor.set(event.cursor, text);
        if (last && !follows(last.cursor, event.cursor)) found.push(wrong('watch', `${event.cursor} came after ${last.cursor}`));
      }
      last = event;
    }
    const end = last?.kind === 'state' ? last.state : last?.kind === 'snapshot' ? last.evaluation.state : undefined;
    const reopened = history.requeued.has(plan.key);
    if (!reopened && end !== state) found.push(wrong('watch', `its last event says ${end}, the report ${state}`));
    const finals = watch.events.filter((e) => e.kind === 'state' && isFinal(e.state)).length;
    if (finals > 1) found.push(wrong('watch', `${finals} final events`));
  }
  return found;
}

function follows(before: string, after: string): boolean {
  const [generation, number] = before.split('-').map(Number) as [number, number];
  const [nextGeneration, nextNumber] = after.split('-').map(Number) as [number, number];
  return nextNumber === number + 1 && nextGeneration >= generation;
}

/** Nothing is left of what only has a use while something runs. */
function leaks({ redis, agents }: Scenario): string[] {
  const found: string[] = [];
  if (redis.jobs.size > 0) found.push(`leaks: ${redis.jobs.size} jobs are left in queues: ${redis.jobs.describe()}`);
  const leases = redis.data.dump('sim:leases') as unknown[] | undefined;
  if (leases && leases.length > 0) found.push(`leaks: leases are left: ${JSON.stringify(leases)}`);
  for (const agent of agents) {
    const records = [...agent.spool.attempts.values()].reduce((sum, { units }) => sum + units.size, 0);
    if (records > 0) found.push(`leaks: ${records} results are left in the spool of ${agent.name}`);
  }
  return found;
}
