/** The command line as users start it: a process of its own with a home of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homeAt, readStackRecord, removeOutsideSockets, type Home } from '../../cli/embedded/home.ts';
import { isRunning } from '../../shared/runtime/process-identity.ts';
import { stopProcess } from '../../cli/embedded/redis.ts';
import { programOf } from './programs.ts';
import { runCommandIn, type Ending } from './run-command.ts';
import { waitFor } from './wait-for.ts';

export const CLI_MAIN = programOf('cli');

export interface CliRun {
  process: ChildProcess;
  /** What has come so far. */
  stdout(): string;
  stderr(): string;
  /** Exit code (128 + n after a signal) and all output. */
  ended: Promise<{ code: number; stdout: string; stderr: string }>;
}

export interface CliHome {
  /** ASSAY_HOME of the commands; specs and datasets lie beside it in `dir`. */
  home: Home;
  dir: string;
  file(name: string, content: string): Promise<string>;
  start(args: readonly string[], options?: { env?: Record<string, string | undefined>; input?: string }): CliRun;
  run(args: readonly string[], options?: { env?: Record<string, string | undefined>; input?: string }): CliRun['ended'];
  /** As `run`, but within this process: a start costs more than most commands. For what is about output and exit code alone. */
  inside(args: readonly string[], options?: { env?: Record<string, string | undefined>; input?: string }): Promise<Ending>;
  /** The processes that its stack has noted and that run now. */
  living(): Promise<string[]>;
  /** Ends what is left and removes the folder. */
  dispose(): Promise<void>;
}

export async function cliHome(): Promise<CliHome> {
  const dir = await mkdtemp(join(tmpdir(), 'assay-cli-'));
  const home = homeAt(join(dir, 'home'));
  const runs = new Set<ChildProcess>();
  const noted = async () => (await readStackRecord(home))?.processes ?? [];

  const start: CliHome['start'] = (args, { env = {}, input } = {}) => {
    const child = spawn(process.execPath, [CLI_MAIN, ...args], {
      cwd: dir,
      env: { ...process.env, NO_COLOR: '1', ...env, ASSAY_HOME: env['ASSAY_HOME'] ?? home.dir },
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    runs.add(child);
    let [stdout, stderr] = ['', ''];
    child.stdout!.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr!.on('data', (data: Buffer) => (stderr += data.toString()));
    child.stdin?.end(input);
    const ended = new Promise<{ code: number; stdout: string; stderr: string }>((resolveEnd, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        runs.delete(child);
        resolveEnd({ code: code ?? (signal === 'SIGKILL' ? 137 : 143), stdout, stderr });
      });
    });
    return { process: child, stdout: () => stdout, stderr: () => stderr, ended };
  };

  return {
    home,
    dir,
    start,
    file: async (name, content) => {
      await writeFile(join(dir, name), content);
      return name;
    },
    run: (args, options) => start(args, options).ended,
    inside: (args, { env = {}, input = '' } = {}) => runCommandIn(dir, args, { env: { ASSAY_HOME: home.dir, ...env }, input }),
    living: async () => {
      const names: string[] = [];
      for (const { name, identity } of await noted()) if (await isRunning(identity)) names.push(name);
      return names;
    },
    dispose: async () => {
      for (const child of runs) child.kill('SIGKILL');
      await waitFor(() => runs.size === 0, { what: 'the end of the command line' });
      for (const { identity } of await noted()) await stopProcess(identity);
      await removeOutsideSockets(home);
      await rm(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** A spec of sums for mock models, with its dataset `sums.jsonl` in the home's folder. Returns the spec's file name. */
export async function sumsSpec(
  cli: CliHome,
  options: { samples: number; models?: readonly string[]; mock?: object; name?: string; extra?: string },
): Promise<string> {
  const { samples, models = ['mock/one'], mock = {}, name = 'sums', extra = '' } = options;
  const lines = Array.from({ length: samples }, (_, i) =>
    JSON.stringify({ id: `s${i}`, input: `What is ${i} + ${i}?`, target: String(2 * i) }),
  );
  await cli.file('sums.jsonl', `${lines.join('\n')}\n`);
  const modelLines = models.map((m) => `  - {model: ${m}, generate_config: {extra_body: {mock: ${JSON.stringify(mock)}}}}`);
  return cli.file(
    `${name}.yaml`,
    `name: ${name}
benchmarks:
  - benchmark: sums
    dataset: {uri: "file:sums.jsonl", fields: {id: id}}
    scorers: [{name: match, args: {numeric: true}}]
models:
${modelLines.join('\n')}
${extra}`,
  );
}
