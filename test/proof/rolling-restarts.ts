/**
 * All coordinators are restarted, one after the other, again and again, in the middle of one long task and of many short ones. Every sample
 * is executed once, no lease is lost, no attempt is spent, and watchers see every event.
 */
import { Redis } from 'ioredis';
import type { AssayClient } from '../../shared/client/client.ts';
import type { WatchEvent } from '../../shared/client/types.ts';
import { checkBooks } from '../support/books.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { chatAnswer, latency, ModelEndpoint, type ModelCall } from '../support/model-endpoint.ts';
import { waitFor } from '../support/wait-for.ts';
import { claim, expectAll, type Claim, type ClaimOptions } from './claim.ts';

const COORDINATORS = 3;
const AGENTS = 3;
const TIMES = ['--lease-ms', '6000', '--heartbeat-ms', '1000'];
/** Samples of the long task: all at once, answered when the last restart is over. */
const LONG = 4;

const FORMS = {
  short: { rounds: 2, samples: 2_000, shortMs: 400, leastMs: 0 },
  full: { rounds: 5, samples: 12_000, shortMs: 500, leastMs: 300_000 },
};

export function run({ full, log }: ClaimOptions): Promise<Claim> {
  const form = full ? FORMS.full : FORMS.short;
  return claim('rolling restarts', async (violations) => {
    let isOver = false;
    let [restarts, called] = [0, 0];
    /** Each restart has its share of the short samples: however long it takes, there is work left for the next one. */
    const isHeld = (number: number): boolean => !isOver && number > (form.samples * (restarts + 1)) / (COORDINATORS * form.rounds + 2);
    const endpoint = await new ModelEndpoint(async ({ model, prompt }, _body, signal) => {
      const number = model === 'short' ? ++called : Infinity;
      await waitFor(() => !isHeld(number) || signal.aborted, { what: 'the restarts', timeoutMs: 900_000, everyMs: 50 });
      if (model === 'short' && !isOver) await latency(form.shortMs, signal);
      return chatAnswer(model, `The answer is ${2 * Number(/(\d+) \+/.exec(prompt)![1])}`);
    }).start();
    const fleet = await Fleet.start();
    const redis = new Redis(fleet.redis.url);
    redis.on('error', () => undefined);
    try {
      const coordinators: (Process & { address: string })[] = [];
      for (let i = 0; i < COORDINATORS; i++) coordinators.push(await fleet.coordinator({ args: TIMES }));
      const addresses = coordinators.map((c) => c.address);
      const models = [{ match: 'openai/*', provider: 'openai', base_url: endpoint.url, max_connections: 6 }];
      const agents: Process[] = [];
      for (let i = 0; i < AGENTS; i++) agents.push(await fleet.agent(`agent-${i}`, rotated(addresses, i), { models }));
      const client = fleet.client(...addresses);
      const [long, short] = [await submit(client, 'long', LONG), await submit(client, 'short', form.samples)];
      await waitFor(() => callsOf(endpoint, 'long').length === LONG, { what: 'the long task to run', timeoutMs: 30_000 });
      const watchers = [0, 1].map((i) => watched(fleet.client(...rotated(addresses, i)), short));
      const stopLooking = new AbortController();
      const spent = attemptsSpent(redis, [long, short], stopLooking.signal);

      const startedAt = performance.now();
      const [stopMs, startMs]: [number[], number[]] = [[], []];
      for (let round = 1; round <= form.rounds; round++) {
        for (const coordinator of coordinators) {
          const from = performance.now();
          expectAll(violations, { [`exit code of ${coordinator.name}`]: [await coordinator.signal('SIGTERM'), 0] });
          const between = performance.now();
          await coordinator.start();
          stopMs.push(Math.round(between - from));
          startMs.push(Math.round(performance.now() - between));
          restarts++;
        }
        log(`round ${round} of ${form.rounds}: ${callsOf(endpoint, 'short').length} of ${form.samples} short samples called`);
        await waitFor(() => performance.now() - startedAt >= (form.leastMs * round) / form.rounds, {
          what: 'the pace',
          timeoutMs: 300_000,
        });
      }
      const taskMs = Math.round(performance.now() - startedAt);
      const running = callsOf(endpoint, 'short').length;
      isOver = true;
      const seen = await Promise.all(watchers);
      for await (const event of client.watch(long)) void event;
      stopLooking.abort();

      for (const [id, samples] of [
        [long, LONG],
        [short, form.samples],
      ] as const) {
        const report = await checkBooks(client, id);
        expectAll(violations, { scored: [report.units.scored, samples], 'right answers': [report.results[0]!.metrics.accuracy, 1] });
      }
      const repeated = endpoint.calls.length - new Set(endpoint.calls.map((c) => `${c.model} ${c.prompt}`)).size;
      const leasesLost = coordinators.reduce((n, c) => n + c.output.split('"msg":"lease expired"').length - 1, 0);
      const attemptsLost = agents.reduce((n, a) => n + a.output.split('"msg":"attempt lost"').length - 1, 0);
      const gaps = seen.reduce((n, events) => n + gapsOf(events), 0);
      const facts = { repeated, leasesLost, attemptsLost, attemptsSpent: await spent, gaps };
      expectAll(violations, Object.fromEntries(Object.entries(facts).map(([what, n]) => [what, [n, 0] as const])));
      expectAll(violations, {
        'events of the watchers': [cursorsOf(seen[0]!), cursorsOf(seen[1]!)],
        'still running': [running < form.samples, true],
      });
      return {
        ...facts,
        restarts: stopMs.length,
        stopMsMax: Math.max(...stopMs),
        startMsMax: Math.max(...startMs),
        taskMs,
        samples: LONG + form.samples,
        calls: endpoint.calls.length,
        events: seen[0]!.length,
      };
    } finally {
      redis.disconnect();
      await fleet.stop();
      await endpoint.stop();
    }
  });
}

const rotated = <T>(all: readonly T[], by: number): T[] => [...all.slice(by), ...all.slice(0, by)];
const callsOf = ({ calls }: ModelEndpoint, model: string): ModelCall[] => calls.filter((call) => call.model === model);

async function submit(client: AssayClient, name: string, samples: number): Promise<string> {
  const digest = await client.uploadBytes(sums(samples));
  const spec = mockSpec(digest, { models: [{ model: `openai/${name}` }], max_task_samples: 10 });
  return (await client.submit({ spec, idempotencyKey: name })).evaluation.evaluationId;
}

async function watched(client: AssayClient, evaluationId: string): Promise<WatchEvent[]> {
  const events: WatchEvent[] = [];
  for await (const event of client.watch(evaluationId)) events.push(event);
  return events;
}

/** Where each event's number is not the one after the last one's; a snapshot after the first is a gap, too. */
function gapsOf(events: readonly WatchEvent[]): number {
  const numbers = events.map(({ cursor }) => Number(cursor.split('-')[1]));
  return events.filter((event, i) => i > 0 && (event.kind === 'snapshot' || numbers[i] !== numbers[i - 1]! + 1)).length;
}

/** From the first event on that both watchers have, which come a moment apart. */
const cursorsOf = (events: readonly WatchEvent[]): string[] => events.slice(-20).map(({ cursor }) => cursor);

/** Crashes and losses that any task has had, looked for until the signal comes. */
async function attemptsSpent(redis: Redis, evaluationIds: readonly string[], signal: AbortSignal): Promise<number> {
  const most = new Map<string, number>();
  while (!signal.aborted) {
    for (const id of evaluationIds)
      for (const [sequence, raw] of Object.entries(await redis.hgetall(`assay:{${id}}:tasks`))) {
        const { cr, lo } = JSON.parse(raw) as { cr: number; lo: number };
        most.set(`${id} ${sequence}`, cr + lo);
      }
    await new Promise((resolve) => void setTimeout(resolve, 100));
  }
  return [...most.values()].reduce((sum, n) => sum + n, 0);
}
