/** An agent's settings: read by the agent's own program, so that what it would refuse is refused here. */
import { execFile } from 'node:child_process';
import { mainOf } from '../embedded/programs.ts';
import { fault, note, ok, type Check, type Finding } from './check.ts';

/** The sandbox proves itself meanwhile. */
const LIMIT_MS = 60_000;

export const agentConfigCheck = (file: string, env: NodeJS.ProcessEnv): Check => ({
  subject: 'agent',
  limitMs: LIMIT_MS + 1000,
  run: async () => {
    const { code, out, err } = await checkedBy(file, env);
    if (code !== 0) return faultsIn(file, err);
    const { name, models, addresses, tls, sandbox } = JSON.parse(out) as Summary;
    const findings = [ok('agent', `${file}: ${name} serves ${models.join(', ')} for ${addresses.join(', ')}${tls ? ' over TLS' : ''}`)];
    if (models.every((match) => match.startsWith('mock/')))
      findings.push(note('agent', `${file} serves only mock models`, 'add an entry for a real endpoint to `models`'));
    if (sandbox) findings.push(sandboxFinding(sandbox));
    return findings;
  },
});

interface Summary {
  name: string;
  models: string[];
  addresses: string[];
  tls: boolean;
  sandbox?: { kind: string; holds: boolean; why?: string };
}

const sandboxFinding = ({ kind, holds, why }: NonNullable<Summary['sandbox']>): Finding =>
  holds
    ? ok('sandbox', `${kind} keeps programs of models in: all of its own test's programs behaved`)
    : fault('sandbox', `no code is run here: ${why ?? ''}`, 'mend that, or take `sandbox` out of the configuration');

function checkedBy(file: string, env: NodeJS.ProcessEnv): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [mainOf('agent'), '--config', file, '--check'], { env, timeout: LIMIT_MS }, (error, out, err) =>
      resolve({ code: error ? 1 : 0, out, err: err || (error?.message ?? '') }),
    );
  });
}

/** The program's own words: a line for each fault. */
function faultsIn(file: string, text: string): Finding[] {
  const [head = '', ...rest] = text
    .replace(/^assay agent: /, '')
    .trim()
    .split('\n');
  const lines = rest.filter((line) => line.startsWith('  ')).map((line) => line.trim());
  return (lines.length > 0 ? lines : [head]).map((line) =>
    fault('agent', line, `correct ${file} or the environment; assay agent --help shows what stands there`),
  );
}
