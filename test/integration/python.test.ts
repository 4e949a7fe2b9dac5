/** A client in another language, on stubs that are generated from nothing but the proto files: examples/python. */
import { execFileSync } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Fleet } from '../support/fleet.ts';
import { Gate, gatedEndpoint } from '../support/gate.ts';
import { chatAnswer } from '../support/model-endpoint.ts';
import { ROOT, runTo } from '../support/package.ts';

const runs = (command: string, ...args: string[]): boolean => {
  try {
    execFileSync(command, args, { stdio: 'ignore', timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
};

/** A Python that has gRPC: the first on PATH, or the distribution's, whose packages another one does not see. */
const python = ['python3', '/usr/bin/python3'].find((candidate) => runs(candidate, '-c', 'import grpc, google.protobuf'));
const canGenerate = runs('sh', '-c', 'command -v protoc && command -v grpc_python_plugin') || runs('python3', '-c', 'import grpc_tools');
const missing = python === undefined ? 'python3-grpcio is not installed' : canGenerate ? '' : 'protobuf-compiler-grpc is not installed';

describe.skipIf(missing !== '')(`a client in Python${missing && ` (skipped: ${missing})`}`, () => {
  let fleet: Fleet;
  let address: string;
  let generated: string;
  let examples: string;
  const gate = new Gate();
  const endpoint = gatedEndpoint(gate, async ({ model }) => chatAnswer(model, '42'));
  beforeAll(async () => {
    [fleet] = await Promise.all([Fleet.start(), endpoint.start()]);
    ({ address } = await fleet.coordinator());
    await fleet.agent('one', [address], {
      models: [{ match: 'mock/*', provider: 'openai', base_url: endpoint.url, max_connections: 2 }],
    });
    // A folder that holds the examples and the proto files, and nothing else of ours.
    const folder = join(fleet.dir, 'elsewhere');
    examples = join(folder, 'examples');
    await mkdir(folder);
    await cp(join(ROOT, 'examples'), examples, { recursive: true });
    await cp(join(ROOT, 'proto'), join(folder, 'proto'), { recursive: true });
    generated = join(fleet.dir, 'generated');
    const { code, stderr } = await runTo('sh', [join(examples, 'python/generate.sh'), generated], { cwd: fleet.dir });
    if (code !== 0) throw new Error(`generate.sh ended with ${code}: ${stderr}`);
  });
  afterAll(async () => {
    await fleet.stop();
    await endpoint.stop();
  });

  const client = (args: string[], onLine?: (line: string) => void) =>
    runTo(python!, [join(examples, 'python/client.py'), ...args], {
      ...(onLine && { onLine }),
      cwd: fleet.dir,
      env: { ASSAY_GENERATED: generated, PYTHONDONTWRITEBYTECODE: '1' },
    });

  test('submits, watches to the end, and reads the report', async () => {
    // Each line that it prints lets more through: it watches while the evaluation runs.
    let open = 0;
    gate.set(open);
    const { code, stdout, stderr } = await client([join(examples, 'python/sums.json'), address], () => gate.set((open += 20)));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [id, ...lines] = stdout.trimEnd().split('\n');
    expect(id).toMatch(/^ev_\w{26}$/);
    const report = JSON.parse(lines.pop()!) as { evaluationId: string; units: object; results: unknown[] };
    expect(lines.at(-1)).toBe('succeeded');
    expect(lines.filter((line) => /^\d+\/100$/.test(line)).length).toBeGreaterThan(2);
    expect(report).toMatchObject({
      evaluationId: id,
      units: { total: 100, scored: 100 },
      results: [{ model: 'mock/careful', scorer: 'match' }],
    });
    expect(await fleet.client(address).get(id!)).toMatchObject({ name: 'sums from Python', state: 'succeeded' });
  });

  test('the same again is the same evaluation', async () => {
    const again = await client([join(examples, 'python/sums.json'), address]);
    expect(again.code).toBe(0);
    expect(again.stdout).toContain('100/100');
  });

  test('shows what is wrong with a spec', async () => {
    const broken = join(fleet.dir, 'broken.json');
    const spec = JSON.parse(await readFile(join(examples, 'python/sums.json'), 'utf8')) as { benchmarks: { dataset: { uri: string } }[] };
    spec.benchmarks[0]!.dataset.uri = `file:${join(examples, 'arithmetic.jsonl')}`;
    await writeFile(broken, JSON.stringify({ ...spec, epochs: 0, colour: 'red' }));
    const { code, stderr } = await client([broken, address]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^INVALID_ARGUMENT: /);
    expect(stderr).toContain('epochs');
    expect(stderr).toContain('colour');
  });
});
