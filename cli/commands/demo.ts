/** `assay demo`: the main job before one's eyes, with nothing set up and nothing left behind. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { DEFAULT_NAMESPACE } from '../../shared/domain/ids.ts';
import { DEMO_SPEC, demoAgents, demoDataset } from '../demo-spec.ts';
import { DEMO_PREFIX, sweepDemos } from '../embedded/demo-leftovers.ts';
import { homeAt, type Home } from '../embedded/home.ts';
import { followAndReport, submitSpec } from '../evaluate.ts';
import { Interrupted } from '../exit.ts';
import { withStack } from '../reach.ts';
import { count } from '../render/text.ts';
import { readSpecFile } from '../spec-file.ts';
import type { CommandContext } from './context.ts';

export function addDemo(program: Command, context: CommandContext): void {
  program
    .command('demo')
    .summary('see an evaluation travel to two agents and back')
    .description(
      'Starts a Redis, a coordinator and two agents on this host, submits an evaluation over gRPC, shows its progress and its report, and removes everything again. It needs no key and takes some seconds.',
    )
    .option('--json', 'print the report as one JSON document')
    .addHelpText(
      'after',
      `
Example:
  assay demo`,
    )
    .action(async (flags: { json?: boolean }) => context.exitWith(await demo(flags, context)));
}

async function demo(flags: { json?: boolean }, { shell }: CommandContext): Promise<number> {
  await sweepDemos(tmpdir());
  const dir = await mkdtemp(join(tmpdir(), DEMO_PREFIX));
  const { say } = shell;
  try {
    await writeFile(join(dir, 'sums.yaml'), DEMO_SPEC);
    await writeFile(join(dir, 'sums.jsonl'), demoDataset());
    const file = await readSpecFile(join(dir, 'sums.yaml'), shell);
    say('Starting a private Redis, a coordinator and two agents on this host …');
    const agents = demoAgents();
    // A Redis of somebody else is no place for a demo.
    const alone = { ...shell, env: { ...shell.env, ASSAY_REDIS_URL: undefined } };
    const home = homeAt(dir);
    const code = await withStack({ home, shell: alone, command: 'assay demo', listen: '127.0.0.1:0', agents }, async (reached) => {
      say(`
1. The coordinator listens at ${reached.stack.address}. The agents dial out to it;
   they reach neither Redis nor each other.`);
      for (const agent of agents) say(`     ${agent.name.padEnd(6)} serves ${agent.models.map((m) => m.match).join(' and ')}`);
      say(`2. Over gRPC go the dataset, named by its digest, and the spec. The coordinator
   keeps both in its store; only then it says accepted.`);
      const { evaluationId } = await submitSpec(reached, file, { namespace: DEFAULT_NAMESPACE }, shell, true, () =>
        Promise.resolve('demo'),
      );
      say(`     accepted as ${evaluationId}
3. It cuts the samples into tasks and queues references to them in Redis, one
   queue for each route. An agent gets tasks that it can serve, as many as it
   has room for. It calls the model, scores the answers, and spools each result.
`);
      const resumeHint = 'Stopped; everything is removed again.';
      const code = await followAndReport(
        reached,
        evaluationId,
        { ...shell, print: (text) => afterBars(text, shell) },
        { json: flags.json ?? false, thresholds: [], resumeHint },
      );
      const { agents: units, usage } = await reached.client.report(evaluationId);
      const shares = await Promise.all(
        agents.map(async ({ name }) => `${name} ran ${count(units[await agentIdOf(home, name)] ?? 0)} units`),
      );
      say(`
${shares.join(', ')}. ${count(usage.retries)} calls failed, as mock/hasty
is told to, and were made again: no sample was lost, none was counted twice.

Now yours:  bin/assay run examples/arithmetic.yaml
Read on:    README.md, docs/architecture.md`);
      return code;
    });
    await rm(dir, { recursive: true, force: true });
    return code;
  } catch (error) {
    // The logs tell what went wrong, so they stay then.
    if (!(error instanceof Interrupted)) throw error;
    await rm(dir, { recursive: true, force: true });
    throw new Interrupted('Stopped; everything is removed again.');
  }
}

async function afterBars(text: string, shell: CommandContext['shell']): Promise<void> {
  shell.say(`
4. Each result was made durable in the store, then counted once in Redis, then
   acknowledged, and only then forgotten by its agent. The report is computed
   anew from the store, in the order of the samples:
`);
  await shell.print(text);
}

/** The id that an agent has given itself, in its spool. */
async function agentIdOf(home: Home, name: string): Promise<string> {
  const text = await readFile(join(home.spool, name, 'agent.json'), 'utf8').catch(() => '{}');
  return (JSON.parse(text) as { agentId?: string }).agentId ?? '';
}
