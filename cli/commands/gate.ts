/** `assay gate EVAL`: passes or not, for continuous integration. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { AssayClient } from '../../shared/client/client.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { compareTables } from '../compare/compare.ts';
import { notesOf } from '../compare/notes.ts';
import { readReport, readSource, SOURCE, sourceRef, type ReportFile, type SourceRef } from '../compare/source.ts';
import { addEvaluationOptions, type EvaluationFlags } from '../connection.ts';
import { resolveRef } from '../evaluation-ref.ts';
import { EXIT, exitCodeOfState } from '../exit.ts';
import { collect, Faults } from '../flags.ts';
import { dropChecks } from '../gate/drops.ts';
import { checksOf, parseRule, type Check, type Rule } from '../gate/rules.ts';
import { JUNIT_END, junitCase, junitHead } from '../render/junit.ts';
import { lookOf } from '../render/look.ts';
import { plainText } from '../render/text.ts';
import type { Shell } from '../shell.ts';
import { withSources } from './compare.ts';
import type { CommandContext } from './context.ts';

interface GateFlags extends EvaluationFlags {
  min?: string[];
  baseline?: string;
  maxDrop?: string;
  benchmark?: string;
  model?: string;
  scorer?: string;
  junit?: string;
  json?: boolean;
}

export function addGate(program: Command, context: CommandContext): void {
  const command = program
    .command('gate')
    .summary('pass or fail an evaluation, for continuous integration')
    .description(
      'Passes a finished evaluation when all rules hold: bounds for metrics of its report (--min), and no drop of any mean against a baseline by more than --max-drop, over the samples that both have. Says where datasets, prompts, parameters or who answered differ, which fails nothing. Exit code 0: passed; 3: not passed; 1: the evaluation failed or is not over; 2: a rule about what is not there; 4: it was cancelled.',
    )
    .argument('<evaluation>', SOURCE)
    .option(
      '--min <rule>',
      '[BENCHMARK/][SCORER.]METRIC>=NUMBER (also > <= <), of every row that it names; macro and weighted are of all benchmarks; repeatable',
      collect,
    )
    .option('--baseline <evaluation>', 'what it may not be worse than: an evaluation, or a file of results or of a report')
    .option('--max-drop <number>', 'by how much a mean may be below the baseline (default: 0)')
    .option('--benchmark <name>', 'compare only this benchmark with the baseline')
    .option('--model <name>', 'compare only this model')
    .option('--scorer <name>', 'compare only this scorer')
    .option('--junit <file>', 'write the checks as JUnit XML as well')
    .option('--json', 'print one JSON document instead of a line for each check');
  addEvaluationOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  assay gate last --min 'match.accuracy>=0.8'
  assay gate last --min 'gsm8k/exact_match,strict-match.mean>=0.7' --min 'weighted>=0.65'
  assay gate last --baseline main.jsonl --max-drop 0.01 --junit gate.xml`,
    )
    .action(async (typed: string, flags: GateFlags) => context.exitWith(await gate(typed, flags, context.shell)));
}

interface Wanted {
  rules: Rule[];
  maxDrop: number;
}

async function gate(typed: string, flags: GateFlags, shell: Shell): Promise<number> {
  const wanted = wantedOf(flags);
  const refs: SourceRef[] = [await sourceRef(typed, shell.cwd)];
  if (flags.baseline !== undefined) refs.push(await sourceRef(flags.baseline, shell.cwd));
  return withSources(refs, flags, shell, 'assay gate', async (client) => {
    const [own, baseline] = refs as [SourceRef, SourceRef | undefined];
    const { report, name } = await reportOf(own, wanted.rules.length > 0, client, flags.namespace);
    const faults = new Faults();
    const checks = report ? checksOf(report, wanted.rules, faults) : [];
    faults.throwIfAny();
    if (baseline) checks.push(...dropChecks(await compared(own, baseline, client, flags, shell), wanted.maxDrop));
    if (flags.junit !== undefined) await writeJunit(resolve(shell.cwd, flags.junit), name, checks);
    await print(checks, flags, shell);
    // An evaluation that failed has not passed, whatever it scored.
    const code = report?.state === undefined ? EXIT.ok : exitCodeOfState(report.state);
    if (code !== EXIT.ok) shell.say(`assay: ${plainText(name)} is ${report!.state}`);
    if (checks.every((check) => check.passed)) return code;
    return code === EXIT.ok ? EXIT.belowThreshold : code;
  });
}

/** All faults of the command line at once. */
function wantedOf({ min = [], baseline, maxDrop }: GateFlags): Wanted {
  const faults = new Faults();
  const rules = min.flatMap((text) => parseRule(text, faults) ?? []);
  const drop = Number(maxDrop ?? 0);
  if (maxDrop !== undefined && !(/^\d*\.?\d+$/.test(maxDrop) && Number.isFinite(drop)))
    faults.add('--max-drop', `'${plainText(maxDrop).slice(0, 80)}' is no number from 0; write one such as 0.01`);
  if (maxDrop !== undefined && baseline === undefined)
    faults.add('--max-drop', 'says nothing without --baseline; name what to compare with');
  if (min.length === 0 && baseline === undefined) faults.add('--min', 'is missing, and --baseline as well; say what must hold');
  faults.throwIfAny();
  return { rules, maxDrop: drop };
}

/** The report of an evaluation, or of a file; of a file of results there is none. */
async function reportOf(
  source: SourceRef,
  isNeeded: boolean,
  client: AssayClient | undefined,
  namespace: string | undefined,
): Promise<{ name: string; report: ReportFile | undefined }> {
  if ('ref' in source) {
    const evaluationId = await resolveRef(client!, source.ref, namespace);
    return { name: evaluationId, report: await client!.report(evaluationId) };
  }
  const report = await readReport(source.typed, source.path).catch((error: unknown) => {
    if (isNeeded) throw error;
    return undefined;
  });
  return { name: source.typed, report };
}

async function compared(own: SourceRef, baseline: SourceRef, client: AssayClient | undefined, flags: GateFlags, shell: Shell) {
  const before = await readSource(baseline, client, flags, flags.namespace);
  const after = await readSource(own, client, flags, flags.namespace);
  const found = compareTables(before.table, after.table, { level: 0.95, permutations: 0, seed: 0, limit: 0 });
  for (const note of notesOf(before, after, found)) shell.say(note);
  if (found.rows.length > 0 || found.onlyBaseline.length > 0) return found;
  throw new AppError('invalid', `${plainText(before.name)} has no score to compare with; name another --baseline`);
}

async function print(checks: readonly Check[], { json }: GateFlags, shell: Shell): Promise<void> {
  const passed = checks.every((check) => check.passed);
  if (json) return shell.print(`${JSON.stringify({ passed, checks })}\n`);
  const { paint } = lookOf(shell);
  for (const check of checks) {
    const word = check.passed ? paint('green', 'pass') : paint('red', 'FAIL');
    await shell.print(`${word}  ${plainText(`${check.where}: ${check.rule} (${check.found})`)}\n`);
  }
}

async function writeJunit(path: string, name: string, checks: readonly Check[]): Promise<void> {
  const failures = checks.filter((check) => !check.passed).length;
  const cases = checks.map(({ where, rule, passed, found }) =>
    junitCase({ classname: where, name: rule, ...(passed ? {} : { failure: found }) }),
  );
  const text = `${junitHead(`assay gate ${name}`, { tests: checks.length, failures, errors: 0 })}${cases.join('')}${JUNIT_END}`;
  await writeFile(path, text).catch((error: unknown) => {
    throw new AppError('invalid', `--junit: ${path} cannot be written: ${(error as Error).message}; name a file in a folder that there is`);
  });
}
