/** A coordinator with its page, agents, and evaluations in every state, for tests of the dashboard. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AssayClient } from '../../shared/client/client.ts';
import { connect } from '../../shared/client/connect.ts';
import { buildDashboard } from '../../scripts/build.ts';
import { Fleet } from './fleet.ts';
import { Gate } from './gate.ts';
import { sums } from './mock-evaluation.ts';
import { chatAnswer, ModelEndpoint, type EndpointAnswer, type ModelCall } from './model-endpoint.ts';
import { PACED, pacedModels } from './paced-model.ts';
import { freePorts } from './ports.ts';
import { SPOT, SpotAgents, type Lost } from './spot-agents.ts';
import { waitFor } from './wait-for.ts';

export const TOKEN = 'a-token-of-this-test-0123456789';

/** What a page must show as text, wherever it comes from. `pwned` is what it would set if it ran. */
export const XSS: readonly string[] = [
  '<script>window.pwned=1</script>',
  '<img src=x onerror="window.pwned=1">',
  '<svg onload=window.pwned=1>',
  '"><iframe srcdoc="<script>parent.pwned=1</script>">',
  "javascript:window.pwned=1//';alert(1)//",
  '<a href="javascript:window.pwned=1">press</a>',
  '</textarea></title></style><script>window.pwned=1</script>',
  '<math><mtext></table></math><style>*{display:none}</style>',
  '{{constructor.constructor("window.pwned=1")()}}',
  '<b onmouseover=window.pwned=1 style="position:fixed;inset:0">all</b>',
  '\u202ereversed\u202c \u0000 \u001b[31mred\u001b[0m',
];

/** Scores of what is harmful, by what is harmful. */
const GROUPED = { name: 'grouped', args: { group_key: 'topic', metrics: ['accuracy', 'stderr'] } };

/** The calls of `held` pass it. */
const HELD = 61;

export interface DashboardRig {
  fleet: Fleet;
  client: AssayClient;
  /** Of the page. */
  url: string;
  /** Evaluations by what they are; `again` is `done` with another prompt. */
  ids: Record<'done' | 'again' | 'held' | 'waiting' | 'harmful', string> & { paced?: string };
  /** More of a fleet, for pictures: another coordinator and agents, one of which is lost. */
  loseAnAgent(): Promise<Lost>;
  gate: Gate;
  stop(): Promise<void>;
}

/**
 * The page that coordinators serve is that of the sources; `npm test` has built it already. `isPaced`: also one that takes a quarter of an hour, as real
 * ones do, so that it is under way in all pictures.
 */
export async function startDashboardRig({ isPaced = false } = {}): Promise<DashboardRig> {
  if (!process.env['ASSAY_TEST_PROGRAMS']) await buildDashboard();
  const gate = new Gate();
  gate.set(HELD);
  let came = 0;
  const paced = pacedModels();
  const spot = new SpotAgents();
  const endpoint = new ModelEndpoint(async (call, _body, signal) => {
    if (call.model in PACED) return paced(call, numberIn(call.prompt), signal);
    if (call.model === SPOT) return spot.answer(call, numberIn(call.prompt), signal);
    if (call.model === 'held') await gate.pass(++came, signal);
    return answer(call);
  });
  const [fleet] = await Promise.all([Fleet.start(), endpoint.start()]);
  const [port, httpPort] = await freePorts(2);
  const env = { ASSAY_TOKEN: TOKEN };
  const prices = join(fleet.dir, 'prices.json');
  const price = { inputUsdPerMillion: 250, outputUsdPerMillion: 1000 };
  await writeFile(
    prices,
    JSON.stringify({
      version: '2026-11-22',
      models: ['careful', 'held', SPOT, ...Object.keys(PACED)].map((name) => ({ match: `openai/${name}`, ...price })),
    }),
  );
  const args = ['--lease-ms', '10000', '--heartbeat-ms', '500', '--prices', prices];
  const coordinator = await fleet.coordinator({ port: port!, args: [...args, '--http', `127.0.0.1:${httpPort}`], env });
  const client = connect({ addresses: [coordinator.address], token: TOKEN });
  const submit = submitter(client);
  // What is held has connections of its own, so that it holds up nothing else.
  const apart = ['openai/held', ...(isPaced ? Object.keys(PACED).map((name) => `openai/${name}`) : [])];
  const models = [...apart, 'openai/*'].map((match) => ({ match, provider: 'openai', base_url: endpoint.url, max_connections: 8 }));
  const labels = { zone: 'eu-1', pool: XSS[1]! };
  await Promise.all([
    fleet.agent('gpu-eu-1', [coordinator.address], { models, labels: { fleet: 'nightly', zone: 'eu-1', gpu: 'h200' } }, { env }),
    fleet.agent('gpu-eu-2', [coordinator.address], { models, labels }, { env }),
  ]);
  const ids: DashboardRig['ids'] = {
    done: await submit('gsm8k nightly', 'gsm8k', 240, ['careful', 'quick'], { tags: ['nightly'] }),
    again: await submit('gsm8k, asked to think twice', 'gsm8k', 240, ['careful', 'quick'], { template: '{{ input }} Think twice.' }),
    held: await submit('mmlu-pro, three prompts', 'mmlu-pro', 400, ['held'], { tags: ['prompts'] }),
    waiting: await submit('long context, first try', 'needles', 60, ['elsewhere'], { models: [{ model: 'vllm/long-70b' }] }),
    harmful: await submit(
      XSS[0]!,
      'sums',
      XSS.length,
      ['harmful'],
      { owner: 'mallory', tags: XSS.slice(0, 4), metadata: { note: XSS[2] } },
      XSS,
    ),
  };
  if (isPaced) ids.paced = await submit('bbh, five shots', 'bbh', 30_000, Object.keys(PACED), { tags: ['nightly'] });
  for (const id of [ids.done, ids.again, ids.harmful])
    await waitFor(async () => (await client.get(id)).state === 'succeeded', { what: 'the evaluation to be over', timeoutMs: 60_000 });
  await waitFor(async () => (await client.get(ids.held)).counts.scored >= HELD, { what: 'the held one to be so far', timeoutMs: 60_000 });
  return {
    ...{ fleet, client, ids, gate, url: `http://127.0.0.1:${httpPort}` },
    loseAnAgent: () =>
      spot.start({
        ...{ fleet, client, env, args, address: coordinator.address, url: endpoint.url },
        submit: (more) => submit('math, on spot machines', 'math', 60, [SPOT], more),
      }),
    stop: async () => {
      gate.set(Infinity);
      client.close();
      await fleet.stop();
      await endpoint.stop();
    },
  };
}

type Submit = (
  name: string,
  benchmark: string,
  samples: number,
  models: string[],
  more: Record<string, unknown> & { owner?: string; template?: string },
  inputs?: readonly string[],
) => Promise<string>;

const submitter =
  (client: AssayClient): Submit =>
  async (name, benchmark, samples, models, { owner = 'ada@example.org', template = '{{ input }}', ...more }, inputs) => {
    const content = sums(samples, (i) =>
      inputs ? { id: `s${i} ${inputs[i]}`, input: `What is ${i} + ${i}? ${inputs[i]}`, topic: XSS[i % 3]! } : {},
    );
    const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
    await client.uploadBytes(content);
    const spec = {
      name,
      benchmarks: [
        {
          benchmark,
          dataset: { uri: `file:${benchmark}.jsonl`, digest, fields: { id: 'id', ...(inputs && { metadata: ['topic'] }) } },
          prompt: { template },
          scorers: [{ name: 'match', args: { numeric: true } }],
          ...(inputs && { metrics: ['accuracy', 'stderr', GROUPED] }),
        },
      ],
      models: models.map((model) => ({ model: `openai/${model}` })),
      max_task_samples: 10,
      retry: { max_retries: 1 },
      ...more,
    };
    const { evaluation } = await client.submit({ spec, idempotencyKey: name, owner });
    return evaluation.evaluationId;
  };

const numberIn = (prompt: string): number => Number(/(\d+) \+/.exec(prompt)?.[1] ?? 0);

/** `careful` is nearly always right, `quick` often; a few fail; `harmful` says what was written to harm whoever shows it. */
async function answer({ model, prompt }: ModelCall): Promise<EndpointAnswer> {
  const n = numberIn(prompt);
  const chance = ((n * 2_654_435_761) % 1_000) / 1_000;
  if (model === 'quick' && n % 60 === 7)
    return { status: 400, body: JSON.stringify({ error: { message: 'this prompt is too long for the model' } }) };
  if (model === 'harmful') return chatAnswer(model, `${XSS.join('\n')}\nThe answer is ${2 * n}`);
  const isRight = chance < (model === 'careful' ? 0.91 : prompt.includes('twice') ? 0.75 : 0.64);
  return chatAnswer(
    model,
    `Let me add the numbers step by step.\n\n${n} and ${n} make ${isRight ? 2 * n : 2 * n + 10}.\n\nThe answer is ${isRight ? 2 * n : 2 * n + 10}`,
  );
}
