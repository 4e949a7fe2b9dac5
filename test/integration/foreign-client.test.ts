/** A gRPC client that knows only the address: `buf curl`, which learns services and messages by server reflection. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Fleet } from '../support/fleet.ts';
import { Gate, gatedEndpoint } from '../support/gate.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';

const BUF = join(import.meta.dirname, '../../node_modules/.bin/buf');
const SAMPLES = 25;
const SERVICE = 'assay.v1.EvaluationService';

let fleet: Fleet;
let address: string;
let evaluationId: string;
const gate = new Gate();
const endpoint = gatedEndpoint(gate);
const dataset = sums(SAMPLES);
const digest = `sha256:${createHash('sha256').update(dataset).digest('hex')}`;

beforeAll(async () => {
  [fleet] = await Promise.all([Fleet.start(), endpoint.start()]);
  gate.set(0);
  ({ address } = await fleet.coordinator());
  await fleet.agent('one', [address], {
    models: [{ match: 'openai/*', provider: 'openai', base_url: endpoint.url, max_connections: 1 }],
  });
});
afterAll(async () => {
  await fleet.stop();
  await endpoint.stop();
});

interface Answer {
  code: number;
  /** JSON documents, one per message. */
  messages: Record<string, unknown>[];
  stderr: string;
}

/** Runs `buf curl` in a folder without any .proto file; `input`: the request's messages. `onOutput` gets all of the answer so far. */
async function call(method: string, input: object | object[], onOutput: (text: string) => void = () => undefined): Promise<Answer> {
  const args = ['curl', '--protocol', 'grpc', '--http2-prior-knowledge', '--data', '@-', `http://${address}/${method}`];
  return new Promise((resolve, reject) => {
    const child = execFile(BUF, args, { cwd: fleet.dir, timeout: 30_000 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') return reject(new Error(`buf curl: ${error.message}`, { cause: error }));
      resolve({ code: Number(error?.code ?? 0), messages: documents(stdout), stderr });
    });
    let text = '';
    child.stdout!.on('data', (chunk: string) => onOutput((text += chunk)));
    child.stdin!.end(
      [input]
        .flat()
        .map((message) => JSON.stringify(message))
        .join('\n'),
    );
  });
}

/** Documents that stand one after the other, each on one line or several. */
function documents(text: string): Record<string, unknown>[] {
  const list = text.trim().replace(/\}\s*\n\s*\{/g, '},{');
  return JSON.parse(`[${list}]`) as Record<string, unknown>[];
}

const submission = () => ({
  specJson: Buffer.from(JSON.stringify(mockSpec(digest, { models: [{ model: 'openai/one' }] }))).toString('base64'),
  idempotencyKey: 'a stranger',
});

describe('with buf curl', () => {
  test('asks for the health', async () => {
    const health = await call('grpc.health.v1.Health/Check', { service: SERVICE });
    expect(health).toMatchObject({ code: 0, messages: [{ status: 'SERVING' }] });
    expect((await call('grpc.health.v1.Health/Check', {})).messages).toEqual([{ status: 'SERVING' }]);
  });

  test('brings a dataset', async () => {
    const half = Math.floor(dataset.length / 2);
    const messages = [
      { header: { digest, sizeBytes: dataset.length } },
      { data: dataset.subarray(0, half).toString('base64') },
      { data: dataset.subarray(half).toString('base64') },
    ];
    expect(await call(`${SERVICE}/UploadContent`, messages)).toMatchObject({ code: 0, messages: [{ digest }] });
    expect((await call(`${SERVICE}/UploadContent`, messages)).messages).toEqual([{ digest, existed: true }]);
  });

  test('submits; the same again is the same', async () => {
    const first = await call(`${SERVICE}/SubmitEvaluation`, submission());
    expect(first.stderr).toBe('');
    const { evaluation } = first.messages[0] as { evaluation: { evaluationId: string; counts: { total: number } } };
    expect(evaluation).toMatchObject({
      evaluationId: expect.stringMatching(/^ev_\w{26}$/) as string,
      name: 'sums',
      counts: { total: SAMPLES },
    });
    ({ evaluationId } = evaluation);
    const [again] = (await call(`${SERVICE}/SubmitEvaluation`, submission())).messages;
    expect(again).toMatchObject({ existed: true, evaluation: { evaluationId } });
  });

  test('watches to the end', async () => {
    // What it is told of lets more through: it is there while the evaluation runs.
    const { code, messages } = await call(`${SERVICE}/WatchEvaluation`, { evaluationId }, (text) =>
      gate.set(5 * (text.match(/"(snapshot|progress)": /g) ?? []).length),
    );
    expect(code).toBe(0);
    expect(messages[0]).toHaveProperty('snapshot.evaluation.evaluationId', evaluationId);
    expect(messages.filter((message) => 'progress' in message).length).toBeGreaterThan(3);
    expect(messages.at(-1)).toHaveProperty('stateChange.state', 'EVALUATION_STATE_SUCCEEDED');
  });

  test('gets results, the picture and the report', async () => {
    const results = (await call(`${SERVICE}/StreamResults`, { evaluationId })).messages;
    expect(results).toHaveLength(SAMPLES);
    expect(results[3]).toMatchObject({ result: { unit: 3, sampleId: 's3', completion: 'The answer is 6', state: 'UNIT_STATE_SCORED' } });
    const [picture] = (await call(`${SERVICE}/GetEvaluation`, { evaluationId })).messages;
    expect(picture).toMatchObject({ evaluation: { state: 'EVALUATION_STATE_SUCCEEDED', counts: { scored: SAMPLES } } });
    const [report] = (await call(`${SERVICE}/GetReport`, { evaluationId })).messages as [{ reportJson: string }];
    expect(report).toMatchObject({
      state: 'EVALUATION_STATE_SUCCEEDED',
      results: [{ model: 'openai/one', metrics: { accuracy: 1 }, counts: { scored: SAMPLES } }],
    });
    expect(JSON.parse(Buffer.from(report.reportJson, 'base64').toString())).toMatchObject({ evaluationId, results: [{ scorer: 'match' }] });
  });

  test('is told what is wrong, with code, place and remedy', async () => {
    const broken = mockSpec(digest, { epochs: 0, colour: 'red' });
    const { code, stderr } = await call(`${SERVICE}/SubmitEvaluation`, {
      specJson: Buffer.from(JSON.stringify(broken)).toString('base64'),
      idempotencyKey: 'broken',
    });
    expect(code).not.toBe(0);
    const { code: status, message } = JSON.parse(stderr) as { code: string; message: string };
    expect(status).toBe('invalid_argument');
    expect(message).toContain('epochs');
    expect(message).toContain('colour');
  });
});
