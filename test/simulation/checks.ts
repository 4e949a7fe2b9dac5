/** What must hold at the end of every course; where docs/reliability.md or the checker of process chaos has a number for it, by that. */
import type { EvaluationState } from '../../shared/domain/states.ts';
import { isFinal } from '../../shared/domain/states.ts';
import { readUnitCodes } from '../../coordinator/evaluations/unit-codes.ts';
import type { floorsOf } from '../../coordinator/store/control-records.ts';
import type { WatchEvent } from '../../shared/client/types.ts';
import { answered, ended, type Wrong } from './checks-commands.ts';
import { JUDGE } from './parts/agent.ts';
import { answersOf, callOf, type Plan, type Scenario } from './scenario.ts';

/** Until an agent that can hear calls no model for what is over: a notice, or a sweep and a heartbeat where it was lost, or the end of a session that was. */
export const STOP_MS = 4_000;

/** All that was found wrong; empty when all is well. */
export async function violationsOf(scenario: Scenario): Promise<string[]> {
  const found = [...new Set(scenario.history.problems)];
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
  const wrong: Wrong = (name, text) => `${name} ${key}: ${text}`;
  const own = history.invocations.filter((i) => i.key === key);
  const folder = disk.evaluations.get(evaluationId);
  if (own.some((i) => i.what === 'submit' && i.outcome === 'ok') && !folder)
    return [wrong('S1 accepted-kept', 'it was acknowledged and is gone')];
  if (!folder || folder.state === 'staged') return [];
  if (folder.state !== 'finished') return [wrong('L1 ends', `it is ${folder.state} in the end`)];
  if (!folder.report) return [wrong('L1 ends', 'it has no report')];
  const found: string[] = [];
  const report = JSON.parse(folder.report.toString()) as ReportDocument;
  const { total, scored = 0, unscored = 0, errored = 0, cancelled = 0, dead = 0 } = report.units;
  if (total !== plan.units || scored + unscored + errored + cancelled + dead !== total)
    found.push(wrong('S3 conservation', `${plan.units} units, but ${JSON.stringify(report.units)}`));

  // What counts, from the store alone.
  const index = await disk.openResults(evaluationId, 'last');
  const codes = (await readUnitCodes(folder.unitCodes ?? Buffer.alloc(0), plan.units)).codes(0, plan.units);
  const right = new Map<number, number>();
  for await (const { unit, content, attemptId, agentId } of index.results()) {
    const grant = history.grants.get(attemptId);
    const result = JSON.parse(content.toString()) as { outcome: string; scores: { number: number }[]; error?: { message: string } };
    // What has no answer to judge ends without its agent.
    if (result.error?.message.startsWith('nothing to judge')) continue;
    if (!grant || grant.agent !== agentId || !grant.units.includes(unit))
      found.push(wrong('S5 provenance', `unit ${unit} of attempt ${attemptId} by ${agentId} was never assigned so`));
    if (result.outcome === 'scored') right.set(unit, result.scores[0]!.number);
  }
  const sound = await disk.openResults(evaluationId, 'never');
  const isScored = (unit: number): boolean => codes[unit] === 2;
  const units = Array.from({ length: plan.units }, (_, unit) => unit);
  for (const unit of units.filter(isScored))
    if (!right.has(unit)) found.push(wrong('S1 kept', `unit ${unit} counts as scored without a result`));
    else if (!sound.has(unit)) found.push(wrong('S1 kept', `unit ${unit} counts as scored, and its result is void`));
  const counted = units.filter((unit) => isScored(unit) && right.has(unit));
  if (counted.length !== scored) found.push(wrong('S3 count-once', `${scored} in the report, ${counted.length} in the store`));
  const expected = counted.map((unit) => (Math.floor((unit % answersOf(plan)) / plan.epochs) % 3 === 0 ? 0 : 1));
  counted.forEach((unit, i) => {
    if (right.get(unit) !== expected[i]) found.push(wrong('S4 scores', `unit ${unit} has ${right.get(unit)}`));
  });
  found.push(...acknowledgedOnce(scenario, plan, { controls: folder.controls, counted }, wrong));
  found.push(...ended(scenario, plan, report, wrong));
  found.push(...answered(scenario, plan, wrong));
  found.push(...watched(scenario, plan, report.state, wrong));
  found.push(...stopped(scenario, plan, folder.finishedAt ?? 0, wrong));
  return found;
}

/**
 * What was acknowledged is not handed out again, unless it was commanded; nothing is run more often than it was assigned; and what counts was
 * run. An attempt that was granted before may run on: its agent hears only later that a recovery has counted another one's result.
 */
function acknowledgedOnce(
  { history }: Scenario,
  plan: Plan,
  { controls, counted }: { controls: Parameters<typeof floorsOf>[0]; counted: readonly number[] },
  wrong: Wrong,
): string[] {
  const found: string[] = [];
  const { evaluationId } = plan;
  const requeuedAt = controls.some((c) => c.kind === 'requeue') ? (history.requeued.get(plan.key) ?? 0) : Infinity;
  const assigned = [...history.grants.values()].filter((g) => g.evaluationId === evaluationId);
  const granted = history.granted.filter((g) => g.evaluationId === evaluationId);
  const calls = Map.groupBy(history.calls, (c) => c.unit);
  for (let unit = 0; unit < plan.units; unit++) {
    // The name by which the endpoint knows the model.
    const own = calls.get(callOf(plan, unit)) ?? [];
    const attempts = assigned.filter((g) => g.units.includes(unit));
    const answers = own.filter((c) => c.ok).length;
    if (answers > attempts.length)
      found.push(wrong('S8 bounded', `unit ${unit} was answered ${answers} times, and assigned ${attempts.length} times`));
    if (answers === 0 && counted.includes(unit)) found.push(wrong('S8 run', `unit ${unit} counts, and no model has answered it`));
    const acked = history.acked.get(`${evaluationId}/${unit}`);
    if (acked === undefined) continue;
    const again = granted.find(({ at, units }) => at > acked && at < requeuedAt && units.includes(unit));
    if (again)
      found.push(wrong('S8 run-once', `unit ${unit} was acknowledged at ${acked.toFixed(1)}, and granted at ${again.at.toFixed(1)}`));
  }
  return found;
}

/** Nobody pays for what nobody wants: calls end soon after the evaluation, or after what kept their agent from hearing of it. */
function stopped(scenario: Scenario, plan: Plan, finishedAt: number, wrong: Wrong): string[] {
  const { history, hearing, world, calling } = scenario;
  const late = history.calls.find(
    (call) =>
      (call.unit.startsWith(`${plan.key}/`) || call.unit.startsWith(`${plan.key}${JUDGE}/`)) &&
      (call.endedAt ?? (calling.includes(call) ? world.time : 0)) > hearing.heardBy(call.agent, finishedAt, STOP_MS),
  );
  return late ? [wrong('L3 stops', `${late.agent} still called for ${late.unit} ${STOP_MS} ms after its end`)] : [];
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
      // A picture whose cursor the log does not know is sent again and again.
      if (event.kind === 'snapshot' && isRepeated && event.cursor !== '')
        found.push(wrong('S10 watch', `the picture under ${event.cursor} was sent twice`));
      if (event.kind !== 'snapshot' && !isRepeated) {
        const text = JSON.stringify(event);
        const other = byCursor.get(event.cursor);
        if (other !== undefined && other !== text)
          found.push(wrong('S10 watch', `cursor ${event.cursor} is two events: ${other} and ${text}`));
        byCursor.set(event.cursor, text);
        if (last && !follows(last.cursor, event.cursor)) found.push(wrong('S10 watch', `${event.cursor} came after ${last.cursor}`));
      }
      last = event;
    }
    const end = last?.kind === 'state' ? last.state : last?.kind === 'snapshot' ? last.evaluation.state : undefined;
    const reopened = history.requeued.has(plan.key);
    if (!reopened && end !== state) found.push(wrong('S10 watch', `its last event says ${end}, the report ${state}`));
    const finals = watch.events.filter((e) => e.kind === 'state' && isFinal(e.state)).length;
    if (finals > 1) found.push(wrong('S10 watch', `${finals} final events`));
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
  if (redis.jobs.size > 0) found.push(`L2 leaks: ${redis.jobs.size} jobs are left in queues: ${redis.jobs.describe()}`);
  const leases = redis.data.dump('sim:leases') as unknown[] | undefined;
  if (leases && leases.length > 0) found.push(`L2 leaks: leases are left: ${JSON.stringify(leases)}`);
  for (const agent of agents) {
    const records = [...agent.spool.attempts.values()].reduce((sum, { units }) => sum + units.size, 0);
    if (records > 0) found.push(`L2 leaks: ${records} results are left in the spool of ${agent.name}`);
  }
  return found;
}
