/** `assay submit SPEC`: hands an evaluation to a coordinator and returns. */
import { createPrivateKey, randomUUID, type KeyObject } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { AppError } from '../../shared/domain/errors.ts';
import { DEFAULT_NAMESPACE } from '../../shared/domain/ids.ts';
import { addDurabilityOption, addEvaluationOptions, connectionOf, refuseDurability, type EvaluationFlags } from '../connection.ts';
import { homeAt, homeDirOf } from '../embedded/home.ts';
import { liveStackAddress } from '../embedded/stack.ts';
import { followAndReport, requireMetrics, submitSpec, withHint } from '../evaluate.ts';
import { EXIT } from '../exit.ts';
import { addLabelOptions, labelled, ownerOf, type LabelFlags } from '../labels.ts';
import { withCoordinator } from '../reach.ts';
import { readSpecFile } from '../spec-file.ts';
import { parseThresholds } from '../thresholds.ts';
import { addThresholdOption, type CommandContext } from './context.ts';

interface SubmitFlags extends EvaluationFlags, LabelFlags {
  key?: string;
  watch?: boolean;
  json?: boolean;
  quiet?: boolean;
  threshold?: string[];
  signKey?: string;
}

export function addSubmit(program: Command, context: CommandContext): void {
  const command = program
    .command('submit')
    .summary('hand an evaluation to a coordinator')
    .description(
      'Submits an evaluation and prints its id once it is accepted: from then on it is kept, whatever crashes. Every submit is a new evaluation, unless --key names one: the same key with the same spec is the same evaluation.',
    )
    .argument('<spec>', 'the spec, YAML or JSON; - reads standard input')
    .option('--key <key>', 'idempotency key, 1 to 256 characters')
    .option('--sign-key <file>', 'sign it with this Ed25519 key (PEM), for agents that run signed specs only')
    .option('--watch', 'then watch it to its end and print its report, as run does')
    .option('--json', 'print one JSON document')
    .option('-q, --quiet', 'nothing but the result');
  addThresholdOption(command);
  addLabelOptions(command);
  addDurabilityOption(command);
  addEvaluationOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  assay submit gsm8k.yaml --address eval.example.org:4510
  assay submit gsm8k.yaml --key nightly-2026-11-22 --tag nightly --watch
  id=$(assay submit gsm8k.yaml --quiet) && assay watch "$id"`,
    )
    .action(async (spec: string, flags: SubmitFlags) => context.exitWith(await submit(spec, flags, context)));
}

async function readSignKey(path: string): Promise<KeyObject> {
  const refuse = (problem: string): never => {
    throw new AppError('invalid', `--sign-key: ${path} ${problem}`);
  };
  const { mode } = await stat(path).catch((error: NodeJS.ErrnoException) =>
    refuse(`cannot be read (${error.code}); name the file of a private key`),
  );
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) refuse('can be read or written by others; chmod 600 it');
  let key: KeyObject;
  try {
    key = createPrivateKey(await readFile(path));
  } catch {
    return refuse('is no private key in PEM without a passphrase; make one by: openssl genpkey -algorithm ed25519 -out sign.key');
  }
  return key.asymmetricKeyType === 'ed25519' ? key : refuse(`is a key of the kind ${key.asymmetricKeyType}; it must be an Ed25519 one`);
}

async function submit(path: string, flags: SubmitFlags, { shell }: CommandContext): Promise<number> {
  const thresholds = parseThresholds(flags.threshold ?? []);
  if (thresholds.length > 0 && !flags.watch)
    throw new AppError('invalid', '--threshold needs --watch: without it nothing is known of the results yet');
  const key = flags.key ?? `submit/${randomUUID()}`;
  if (key.length < 1 || key.length > 256) throw new AppError('invalid', `--key has ${key.length} characters; write 1 to 256`);
  const live = await liveStackAddress(homeAt(homeDirOf(shell.env)));
  const named = connectionOf(flags, shell.env);
  refuseDurability(flags, named);
  const connection = named ?? (live ? { addresses: [live] } : undefined);
  if (!connection)
    throw new AppError(
      'invalid',
      'submit needs a coordinator: name it with --address (or ASSAY_ADDRESS), or start one with `assay dev`. To run everything inside: assay run',
    );
  const signKey = flags.signKey === undefined ? undefined : await readSignKey(flags.signKey);
  const file = await readSpecFile(path, shell, flags.set);
  file.spec = labelled(file.spec, flags);
  const belonging = { namespace: flags.namespace ?? DEFAULT_NAMESPACE, owner: ownerOf(flags, shell.env) };
  requireMetrics(file.name, file.spec, thresholds);

  return withCoordinator(connection, shell, async (reached) => {
    const submitting = submitSpec(reached, file, belonging, shell, flags.quiet ?? false, () => Promise.resolve(key), signKey);
    const submitted = await withHint(
      submitting,
      `Stopped before it was accepted for certain. The same submit with  --key ${key}  makes it once.`,
    );
    const { evaluationId } = submitted;
    if (flags.watch) {
      const resumeHint = `Detached; the evaluation goes on. Watch it:  assay watch ${evaluationId} --address ${connection.addresses.join(',')}`;
      return followAndReport(reached, evaluationId, shell, {
        thresholds,
        json: flags.json ?? false,
        quiet: flags.quiet ?? false,
        resumeHint,
      });
    }
    await shell.print(flags.json ? `${JSON.stringify(submitted)}\n` : `${evaluationId}\n`);
    return EXIT.ok;
  });
}
