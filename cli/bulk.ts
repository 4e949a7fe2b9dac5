/** Commands that do one thing to evaluations: to those that are named, or to those that a filter finds. */
import type { Command } from 'commander';
import type { AssayClient } from '../shared/client/client.ts';
import type { EvaluationChoice, EvaluationFilter, EvaluationOutcome } from '../shared/client/types.ts';
import { AppError } from '../shared/domain/errors.ts';
import { confirmed } from './confirm.ts';
import { addDurabilityOption, addEvaluationOptions, connectionOf, refuseDurability, type EvaluationFlags } from './connection.ts';
import { EVALUATION, parseRef, resolveRef } from './evaluation-ref.ts';
import { EXIT, explainFailure, Interrupted } from './exit.ts';
import { addEvaluationFilter, evaluationFilterOf, type EvaluationFilterFlags } from './filters.ts';
import { Faults } from './flags.ts';
import { withEvaluations, type Reached } from './reach.ts';
import { document } from './render/json.ts';
import { plainText, plural } from './render/text.ts';
import type { Shell } from './shell.ts';

export interface BulkFlags extends EvaluationFlags, EvaluationFilterFlags {
  all?: boolean;
  yes?: boolean;
  json?: boolean;
}

export interface Bulk {
  /** `pause`: the command's name and what it is called in the question. */
  verb: string;
  /** Of these, when only --all is said: those that the command can do something about. */
  states: NonNullable<EvaluationFilter['states']>;
  /** Asks also for those that are named: it cannot be taken back. */
  forGood?: boolean;
  /** `deleted`, in place of the state. */
  done?: string;
  call(client: AssayClient, which: EvaluationChoice): Promise<EvaluationOutcome[]>;
  /** After the call, for one that was named: waits until it is through where nobody else will, and says how it ended. */
  settle?(reached: Reached, outcome: EvaluationOutcome): Promise<EvaluationOutcome>;
}

/** Adds arguments and options; the command adds its own and its examples. */
export function addBulkOptions(command: Command): Command {
  command.argument('[evaluations...]', `each: ${EVALUATION}`).option('--all', 'all of the namespace that it can be done to');
  addEvaluationFilter(command).option('--yes', 'ask nothing').option('--json', 'print what was done as one JSON object a line');
  return addEvaluationOptions(addDurabilityOption(command));
}

export async function runBulk(typed: readonly string[], flags: BulkFlags, shell: Shell, bulk: Bulk): Promise<number> {
  const faults = new Faults();
  const filter = evaluationFilterOf(flags, shell.now(), faults);
  faults.throwIfAny();
  const { namespace, ...wanted } = filter;
  const filtered = flags.all || Object.keys(wanted).length > 0;
  if (typed.length > 0 && filtered)
    throw new AppError('invalid', `name evaluations, or say by --all, --tag … which; ${bulk.verb} takes one of both`);
  if (typed.length === 0 && !filtered)
    throw new AppError('invalid', `which? Name evaluations (${EVALUATION}), or say which by --state, --tag, --owner … or --all`);
  const refs = typed.map(parseRef);
  const connection = connectionOf(flags, shell.env);
  refuseDurability(flags, connection);

  return withEvaluations(connection, shell, `assay ${bulk.verb}`, async (reached) => {
    const { client } = reached;
    if (filtered) {
      const chosen = { states: bulk.states, ...filter };
      const question = await questionOf(client, chosen, bulk);
      if (question === undefined) {
        shell.say('no evaluations');
        return EXIT.ok;
      }
      await confirmed(shell, question, flags.yes ?? false);
      return printOutcomes(await bulk.call(client, { filter: chosen }), shell, { bulk, json: flags.json ?? false, several: true });
    }
    const ids = [];
    for (const ref of refs) ids.push(await resolveRef(client, ref, namespace));
    if (bulk.forGood) await confirmed(shell, `${capital(bulk.verb)} ${ids.join(', ')}?`, flags.yes ?? false);
    let code: number = EXIT.ok;
    const options = { bulk, json: flags.json ?? false, several: ids.length > 1 };
    for (const evaluationId of new Set(ids)) {
      try {
        const outcomes = await bulk.call(client, { evaluationId });
        const settled: EvaluationOutcome[] = [];
        for (const outcome of outcomes) settled.push(bulk.settle ? await bulk.settle(reached, outcome) : outcome);
        code = Math.max(code, await printOutcomes(settled, shell, options));
      } catch (error) {
        // One that cannot be done does not keep the others from it; an interruption does.
        if (ids.length === 1 || reached.signal.aborted || error instanceof Interrupted) throw error;
        const failure = explainFailure(error, false);
        shell.say(failure.text);
        code = Math.max(code, failure.code);
      }
    }
    return code;
  });
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const MOST_NAMED = 5;

/** What is about to be done, with the first of them by name; undefined when there are none. */
async function questionOf(client: AssayClient, filter: EvaluationFilter, { verb }: Bulk): Promise<string | undefined> {
  const { items, nextToken } = await client.list(filter, { size: 1000 });
  if (items.length === 0) return undefined;
  const lines = items.slice(0, MOST_NAMED).map((e) => `  ${e.evaluationId}  ${plainText(e.name)}  ${e.state}`);
  if (items.length > MOST_NAMED || nextToken) lines.push(`  … and ${nextToken ? 'many' : items.length - MOST_NAMED} more`);
  return `${lines.join('\n')}\n${capital(verb)} ${nextToken ? `more than ${items.length} evaluations` : plural(items.length, 'evaluation')}?`;
}

/** Of one the state alone, of several a line each; problems on standard error. Returns 1 where there are some. */
async function printOutcomes(
  outcomes: readonly EvaluationOutcome[],
  shell: Shell,
  { bulk, json, several }: { bulk: Bulk; json: boolean; several: boolean },
): Promise<number> {
  let code: number = EXIT.ok;
  for (const outcome of outcomes) {
    const word = outcome.changed && bulk.done ? bulk.done : outcome.state;
    if (json) await shell.print(document(outcome));
    else if (!outcome.problem) await shell.print(several ? `${outcome.evaluationId} ${word}\n` : `${word}\n`);
    if (!outcome.problem) continue;
    shell.say(`assay: ${outcome.evaluationId} (${outcome.state}): ${plainText(outcome.problem)}`);
    code = EXIT.failed;
  }
  return code;
}
