/**
 * Redis is wiped in the middle of the work, with the store in a directory and in S3. The evaluation finishes, nothing that was counted is
 * run again, a cancelled evaluation stays cancelled and a paused one paused; so does one whose cancel was answered just before.
 */
import { checkBooks, callKey, LedgerReader, repeatsOf, type Blow } from '../support/books.ts';
import { Fleet } from '../support/fleet.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { chatAnswer, latency, ModelEndpoint } from '../support/model-endpoint.ts';
import { TestS3 } from '../support/s3-server.ts';
import { waitFor } from '../support/wait-for.ts';
import { claim, expectAll, type Claim, type ClaimOptions } from './claim.ts';

const TIMES = ['--lease-ms', '3000', '--heartbeat-ms', '500'];
/** `struck`: the first wipe comes right after the answer to its cancel, while its samples run. */
const NAMES = ['running', 'paused', 'cancelled', 'struck'] as const;
type Name = (typeof NAMES)[number];
const STORES = ['directory', 's3'] as const;

/** How many samples each evaluation has, and how often Redis is wiped while they run. */
const FORMS = { short: { samples: 160, wipes: 1 }, full: { samples: 1_200, wipes: 4 } };

export function run({ full, log }: ClaimOptions): Promise<Claim> {
  return claim('FLUSHALL in mid-run', async (violations) => {
    const figures: Record<string, unknown> = {};
    for (const store of STORES) {
      figures[store] = await wiped(store, full ? FORMS.full : FORMS.short, violations);
      log(`${store}: ${JSON.stringify(figures[store])}`);
    }
    return figures;
  });
}

async function wiped(store: (typeof STORES)[number], form: (typeof FORMS)['full'], violations: string[]): Promise<object> {
  /** Calls of each that are answered; those beyond are held, so that each is in its middle however slow this machine looks. */
  const share = form.samples / 8;
  const answered: Record<Name, number> = { running: Infinity, paused: share, cancelled: share, struck: share };
  const called: Record<Name, number> = { running: 0, paused: 0, cancelled: 0, struck: 0 };
  const endpoint = await new ModelEndpoint(async ({ model, prompt }, _body, signal) => {
    const name = model as Name;
    const number = ++called[name];
    await latency(100, signal);
    await waitFor(() => number <= answered[name] || signal.aborted, { what: 'the gate', timeoutMs: 300_000, everyMs: 20 });
    return chatAnswer(model, `The answer is ${2 * Number(/(\d+) \+/.exec(prompt)![1])}`);
  }).start();
  const fleet = await Fleet.start();
  const s3 = store === 's3' ? await TestS3.start() : undefined;
  const ledger = new LedgerReader(fleet.redis.url);
  try {
    const { address } = await fleet.coordinator({ args: [...TIMES, ...(s3 ? ['--store', s3.url('flushall')] : [])] });
    // Connections of their own: those of the running one are taken by calls that are held, for which the others would wait for ever.
    const models = NAMES.map((name) => ({ match: `openai/${name}`, provider: 'openai', base_url: endpoint.url, max_connections: 6 }));
    await Promise.all(['a', 'b'].map((name) => fleet.agent(name, [address], { models })));
    const client = fleet.client(address);
    const digest = await client.uploadBytes(sums(form.samples));
    const submit = async (name: Name): Promise<string> => {
      const spec = mockSpec(digest, { models: [{ model: `openai/${name}` }], max_task_samples: 6 });
      return (await client.submit({ spec, idempotencyKey: name })).evaluation.evaluationId;
    };
    const until = (name: Name, what: string, isSo: (state: string, closed: number) => boolean): Promise<unknown> =>
      waitFor(
        async () => {
          const { state, counts } = await client.get(ids[name]);
          return isSo(state, counts.scored);
        },
        { what: `${name}: ${what}`, timeoutMs: 60_000, everyMs: 50 },
      );
    const callsOf = (name: Name): number => endpoint.calls.filter((call) => call.model === name).length;
    answered.running = form.samples / 8;
    const ids = {
      paused: await submit('paused'),
      cancelled: await submit('cancelled'),
      struck: await submit('struck'),
      running: await submit('running'),
    };

    for (const name of NAMES) await until(name, 'some samples', (_, closed) => closed >= 5);
    await client.cancel(ids.cancelled, 'enough');
    await client.pause({ evaluationId: ids.paused }, 'later');
    [answered.paused, answered.cancelled] = [Infinity, Infinity];
    await until('cancelled', 'its end', (state) => state === 'cancelled');
    const isOver = (): boolean =>
      endpoint.calls.every(({ model, endedAt }) => ['running', 'struck'].includes(model) || endedAt !== undefined);
    await waitFor(isOver, { what: 'what ran of the others' });
    await waitFor(
      async () => {
        // What was granted before the pause still runs to its end; or comes back, if a busy machine has lost its lease, and waits.
        const { inFlight } = await client.get(ids.paused);
        return inFlight === 0 && isOver();
      },
      { what: 'the results of the paused one' },
    );
    const before = { paused: await client.get(ids.paused), cancelled: await client.get(ids.cancelled) };
    const calls = { paused: callsOf('paused'), cancelled: callsOf('cancelled'), struck: 0 };

    const blows: Record<'running' | 'paused', Blow[]> = { running: [], paused: [] };
    const recoveredMs: number[] = [];
    for (let wipe = 1; wipe <= form.wipes; wipe++) {
      answered.running = called.running + form.samples / (form.wipes + 2);
      await until('running', 'its share', (_, closed) => closed >= (form.samples * wipe) / (form.wipes + 4));
      blows.paused.push(await ledger.strike(ids.paused, 'wipe', async () => undefined));
      // Nothing comes between the answer and the wipe; what it had running is answered then.
      if (wipe === 1) await client.cancel(ids.struck, 'enough');
      blows.running.push(await ledger.strike(ids.running, 'wipe', () => ledger.flushAll()));
      const from = performance.now();
      await until('running', 'its recovery', (state) => state === 'running');
      recoveredMs.push(Math.round(performance.now() - from));
      if (wipe === 1) {
        answered.struck = Infinity;
        await until('struck', 'its end', (state) => state === 'cancelled');
        await waitFor(() => endpoint.calls.every(({ model, endedAt }) => model !== 'struck' || endedAt !== undefined), {
          what: 'what ran of the one that was cancelled at the wipe',
        });
        calls.struck = callsOf('struck');
      }
    }
    answered.running = Infinity;
    await until('running', 'its end', (state) => state === 'succeeded');
    await until('paused', 'its recovery', (state) => state === 'paused');
    for (const name of ['paused', 'cancelled'] as const) {
      const { state, counts } = await client.get(ids[name]);
      expectAll(violations, {
        [`${store}: ${name} is still`]: [state, name],
        [`${store}: counts of ${name}`]: [counts, before[name].counts],
        [`${store}: calls of ${name}`]: [callsOf(name), calls[name]],
      });
    }
    const struck = await client.get(ids.struck);
    expectAll(violations, {
      [`${store}: struck is still`]: [struck.state, 'cancelled'],
      [`${store}: calls of struck after its end`]: [callsOf('struck'), calls.struck],
      // Every other call was held until the cancel had its answer.
      [`${store}: struck counts more than was answered before its cancel`]: [struck.counts.scored > share, false],
      [`${store}: books of struck`]: [struck.counts.scored + struck.counts.cancelled, form.samples],
    });
    await client.resume({ evaluationId: ids.paused });
    await until('paused', 'its end', (state) => state === 'succeeded');

    const repeated: Record<string, number> = {};
    for (const name of ['running', 'paused'] as const) {
      const own = endpoint.calls.filter((call) => call.model === name);
      const { repeats, ofCounted } = repeatsOf(own, blows[name], (unit) => callKey(name, `What is ${unit} + ${unit}?`));
      repeated[name] = repeats;
      expectAll(violations, {
        [`${store}: calls of counted samples of ${name}`]: [ofCounted, 0],
        [`${store}: scored of ${name}`]: [(await checkBooks(client, ids[name])).units.scored, form.samples],
      });
    }
    return { wipes: form.wipes, samples: form.samples, recoveredMs, repeated };
  } finally {
    ledger.disconnect();
    await fleet.stop();
    await endpoint.stop();
    await s3?.stop();
  }
}
