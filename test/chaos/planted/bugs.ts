/**
 * Bugs that are planted into the real programs, each a change of one place (or of those that belong together), and what the checker must say
 * of them. A checker that was never seen to fail proves nothing.
 */
import type { Invariant } from '../checker/violation.ts';
import type { ScenarioName } from './scenarios.ts';

export interface PlantedBug {
  name: string;
  scenario: ScenarioName;
  /** One of them must be named. */
  caughtBy: readonly Invariant[];
  changes: readonly { file: string; from: string; to: string }[];
}

const LUA = 'coordinator/ledger/scripts';

export const BUGS: readonly PlantedBug[] = [
  {
    name: 'a result that is sent twice is counted twice',
    scenario: 'lost acknowledgements',
    caughtBy: ['S3', 'S4'],
    changes: [{ file: `${LUA}/common.lua`, from: 'if get_unit(window, unit) >= 2 then return false end', to: '' }],
  },
  {
    name: 'no fence: whoever reports is believed',
    scenario: 'frozen coordinator',
    caughtBy: ['S6'],
    changes: [{ file: `${LUA}/commit.lua`, from: 'task.a == attempt and task.ag == agent and', to: '' }],
  },
  {
    name: 'acknowledged before it is durable',
    scenario: 'killed coordinator',
    caughtBy: ['S1', 'S3'],
    changes: [
      {
        file: 'coordinator/evaluations/committer.ts',
        from: "await this.#withTries('store', () => this.#store.appendResults(evaluationId, frames));",
        to: 'void this.#clock.sleep(500).then(() => this.#store.appendResults(evaluationId, frames)).catch(() => undefined);',
      },
    ],
  },
  {
    name: 'an accepted evaluation that Redis has forgotten is not revived',
    scenario: 'wiped Redis',
    caughtBy: ['S1', 'L1'],
    changes: [
      {
        file: 'coordinator/evaluations/sweeper.ts',
        from: "this.#start(evaluationId, () => recovery.recover(evaluationId, 'Redis has no ledger of it'));",
        to: 'return;',
      },
    ],
  },
  {
    name: 'a cursor that is off by one',
    scenario: 'plain',
    caughtBy: ['S10'],
    changes: [{ file: 'coordinator/progress/event-log.ts', from: 'headOf(rows.slice(1).map(', to: 'headOf(rows.slice(2).map(' }],
  },
  {
    name: 'a slow watcher misses events and is not told',
    scenario: 'slow watcher',
    caughtBy: ['S10'],
    changes: [
      { file: `${LUA}/common.lua`, from: "'MAXLEN', '~', keep,", to: "'MAXLEN', '=', 3," },
      {
        file: 'coordinator/progress/event-log.ts',
        from: 'if (rows[0]?.[0] !== cursor) return undefined;',
        to: 'if (rows[0]?.[0] !== cursor) rows.unshift(rows[0]!);',
      },
    ],
  },
  {
    name: 'a key that makes two evaluations',
    scenario: 'plain',
    caughtBy: ['S2'],
    changes: [
      {
        file: 'shared/domain/ids.ts',
        from: 'shortHash(26, namespace || DEFAULT_NAMESPACE, idempotencyKey)',
        to: 'shortHash(26, namespace || DEFAULT_NAMESPACE, idempotencyKey, String(performance.now()))',
      },
    ],
  },
  {
    name: 'a cancel that blocks no grants',
    scenario: 'cancel',
    caughtBy: ['S11'],
    changes: [
      {
        file: `${LUA}/grant.lua`,
        from: "state == 'finalizing' or state == 'succeeded' or state == 'failed' or state == 'cancelled' then",
        to: 'false then',
      },
      { file: `${LUA}/common.lua`, from: "  redis.call('DEL', TASKS)\n", to: '' },
      { file: `${LUA}/common.lua`, from: 'if high < 2 then high = 5 end\n    if low < 2 then low = 5 end', to: '' },
      { file: 'coordinator/core.ts', from: 'void planner.withdraw(known, tasks)', to: 'void Promise.resolve(tasks)' },
    ],
  },
  {
    name: 'the spool forgets what was sent, not what was acknowledged',
    scenario: 'lost reports',
    caughtBy: ['S8'],
    changes: [
      {
        file: 'agent/session/stream.ts',
        from: "await raceSignal(duplex.send({ kind: 'report', reports }), this.#over.signal);",
        to: "await raceSignal(duplex.send({ kind: 'report', reports }), this.#over.signal); work.acknowledge(reports.map((r) => ({ attemptId: r.attemptId, units: r.results.map((u) => u.unit), lost: false })));",
      },
    ],
  },
  {
    name: 'a recovery that forgets a pause',
    scenario: 'pause, then wiped Redis',
    caughtBy: ['S16'],
    changes: [{ file: 'coordinator/evaluations/recovery.ts', from: "isPaused ? 'paused' : takesTurns", to: 'takesTurns' }],
  },
  {
    name: 'a recovery that forgets results',
    scenario: 'wiped Redis',
    caughtBy: ['S8'],
    changes: [{ file: 'coordinator/evaluations/recovery.ts', from: 'await this.#replay(known, { index, generation })', to: '0' }],
  },
  {
    name: 'hand-backs count as crashes',
    scenario: 'drained agents',
    caughtBy: ['S12'],
    changes: [{ file: `${LUA}/release.lua`, from: "if kind == 'crash' then task.cr", to: "if kind ~= 'lost' then task.cr" }],
  },
  {
    name: 'a lease that is ended at the first look',
    scenario: 'killed agent',
    caughtBy: ['S8'],
    changes: [
      {
        file: 'coordinator/dispatch/expiry.ts',
        from: 'if (!this.#seen.has(lease.attemptId)) seen.add(lease.attemptId);',
        to: 'if (lease.attemptId.length === 0) seen.add(lease.attemptId);',
      },
    ],
  },
  {
    name: 'a key that names the same in every namespace',
    scenario: 'two namespaces',
    caughtBy: ['S2'],
    changes: [
      {
        file: 'shared/domain/ids.ts',
        from: 'shortHash(26, namespace || DEFAULT_NAMESPACE, idempotencyKey)',
        to: 'shortHash(26, DEFAULT_NAMESPACE, idempotencyKey)',
      },
    ],
  },
  {
    name: 'a planner that plans the same units again',
    scenario: 'plain',
    caughtBy: ['S7'],
    changes: [{ file: `${LUA}/plan.lua`, from: "redis.call('HSET', META, 'cursor:' .. c[1], c[2])", to: '' }],
  },
  {
    name: 'a submit that is acknowledged before the barrier',
    scenario: 'partitioned replica',
    caughtBy: ['S1'],
    changes: [
      {
        file: 'coordinator/evaluation-use-cases.ts',
        from: 'const durability = await acknowledging.reach(manifest.evaluationId, witness, required);',
        to: 'const durability = required; acknowledging.reach(manifest.evaluationId, witness, required).catch(() => undefined);',
      },
    ],
  },
  {
    name: 'a submit that is acknowledged before the store has its mark',
    scenario: 'wiped Redis',
    caughtBy: ['S1', 'L1'],
    changes: [
      {
        file: 'coordinator/evaluations/intake/submit.ts',
        from: 'const isFirst = await this.#store.markAccepted(evaluationId).catch(',
        to: 'const isFirst = true; void this.#clock.sleep(60_000).then(() => this.#store.markAccepted(evaluationId)).catch(',
      },
    ],
  },
  {
    name: 'the count of WAIT is ignored',
    scenario: 'partitioned replica',
    caughtBy: ['S1'],
    changes: [{ file: 'coordinator/redis/barrier.ts', from: 'replicas >= demand.replicas && (', to: '(' }],
  },
  {
    name: 'a fence by >= on a number that is issued again',
    scenario: 'frozen coordinator',
    caughtBy: ['S6'],
    changes: [
      {
        file: 'coordinator/evaluations/committer.ts',
        from: 'sequence: w.report.sequence,',
        to: 'sequence: w.report.sequence, grant: w.report.grant,',
      },
      { file: 'coordinator/ledger/ledger.ts', from: 'r.totalMs]', to: 'r.totalMs, r.grant]' },
      { file: `${LUA}/commit.lua`, from: 'task.a == attempt and task.ag == agent and', to: 'report[6] >= task.gr and' },
      { file: `${LUA}/grant.lua`, from: "add(META, 'grants', 1)", to: '' },
      { file: `${LUA}/grant.lua`, from: 'grants = grants + 1', to: '' },
    ],
  },
];
