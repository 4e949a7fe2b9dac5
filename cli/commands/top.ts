/** `assay top`: evaluations, agents and routes over the whole terminal, live. */
import type { Command } from 'commander';
import type { AssayClient } from '../../shared/client/client.ts';
import type { EvaluationFilter } from '../../shared/client/types.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { addEvaluationOptions, connectionOf, type EvaluationFlags } from '../connection.ts';
import { EXIT } from '../exit.ts';
import { addEvaluationFilter, evaluationFilterOf, type EvaluationFilterFlags } from '../filters.ts';
import { Faults } from '../flags.ts';
import { withFleet } from '../reach.ts';
import { prettyDocument } from '../render/json.ts';
import { lookOf } from '../render/look.ts';
import type { Shell } from '../shell.ts';
import { Feed } from '../top/feed.ts';
import { runLive } from '../top/live.ts';
import { wholePicture } from '../top/picture.ts';
import { newTopState, type TopState } from '../top/state.ts';
import type { CommandContext } from './context.ts';

interface TopFlags extends EvaluationFlags, EvaluationFilterFlags {
  once?: boolean;
  json?: boolean;
}

/** A coordinator that is silent for longer is said to be gone; it is asked again nevertheless. */
const PATIENCE_MS = 1_500;

export function addTop(program: Command, context: CommandContext): void {
  const command = program
    .command('top')
    .summary('watch evaluations, agents and routes, full screen')
    .description(
      'Shows evaluations, agents and routes over the whole terminal, and keeps them up to date. Keys: 1, 2, 3 or Tab choose what the others are about; arrows move, Enter opens a row, Esc goes back; / filters, s sorts; p pauses and resumes an evaluation or a route, drains and undrains an agent; c cancels an evaluation (both ask first); q quits. Elsewhere than on a terminal the picture of now, once.',
    )
    .option('--once', 'print the picture of now and end')
    .option('--json', 'print the picture of now as one JSON document');
  addEvaluationOptions(addEvaluationFilter(command))
    .addHelpText(
      'after',
      `
Examples:
  assay top
  assay top --owner ada --tag nightly
  assay top --once
  assay top --json | jq '.evaluations[] | {name, state}'`,
    )
    .action(async (flags: TopFlags) => context.exitWith(await top(flags, context)));
}

async function top(flags: TopFlags, { shell }: CommandContext): Promise<number> {
  const faults = new Faults();
  const filter = evaluationFilterOf(flags, shell.now(), faults);
  faults.throwIfAny();
  const { stdin, stdout, env } = shell;
  const isLive = !flags.once && !flags.json && stdin.isTTY === true && stdout.isTTY && env['TERM'] !== 'dumb';
  const connection = connectionOf(flags, env);
  // Whoever waits for room is told so in the picture, or by an error.
  const options = { patienceMs: PATIENCE_MS, onRefused: () => undefined };
  return withFleet(
    connection,
    shell,
    'assay top',
    async ({ client }) => {
      if (isLive) await runLive({ client, shell, filter, where: [flags.address, flags.namespace].filter(Boolean).join('  ') });
      else await printOnce(client, filter, flags, shell);
      return EXIT.ok;
    },
    isLive ? options : {},
  );
}

async function printOnce(client: AssayClient, filter: EvaluationFilter, flags: TopFlags, shell: Shell): Promise<void> {
  let state = newTopState();
  const feed = new Feed({
    client,
    filter,
    clock: systemClock,
    state: () => state,
    update: (change) => (state = change(state)),
  });
  await feed.first();
  if (flags.json) return shell.print(prettyDocument(documentOf(state, shell.now())));
  await shell.print(
    wholePicture(state, lookOf(shell))
      .map((line) => `${line}\n`)
      .join(''),
  );
  if (!flags.once) shell.say('assay top is live on a terminal; --once prints this picture without these words');
}

function documentOf({ rows, coordinators, troubles }: TopState, nowMs: number): unknown {
  return {
    timeAtMs: nowMs,
    // Rates are known only to whoever looks twice.
    evaluations: rows.evaluations.map(({ rate: _rate, etaMs: _etaMs, score: _score, ...summary }) => summary),
    agents: rows.agents,
    routes: rows.routes,
    coordinators,
    notShown: Object.entries(troubles).map(([what, { why }]) => ({ what, why })),
  };
}
