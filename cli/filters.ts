/** Options that say which evaluations, or which samples of one, are meant. */
import { Option, type Command } from 'commander';
import { SAMPLE_STAGES, type EvaluationFilter, type SampleFilter } from '../shared/client/types.ts';
import { EVALUATION_STATES, type UnitState } from '../shared/domain/states.ts';
import { collect, pairsOf, wholeOf, wordsOf, type Faults } from './flags.ts';
import { parsePast } from './render/time.ts';

export interface EvaluationFilterFlags {
  state?: string[];
  name?: string;
  tag?: string[];
  meta?: string[];
  owner?: string;
  since?: string;
  until?: string;
  namespace?: string;
}

export const addEvaluationFilter = (command: Command): Command =>
  command
    .option('--state <state>', `only in this state (${EVALUATION_STATES.join(', ')}); several by commas`, collect)
    .option('--name <text>', 'only with this text in the name')
    .option('--tag <tag>', 'only with this tag; repeatable: with all of them', collect)
    .option('--meta <name=value>', 'only with this value in the metadata; repeatable', collect)
    .option('--owner <name>', 'only of this owner')
    .option('--since <time>', 'only created since then: 30min, 6h, 2d ago, or a date')
    .option('--until <time>', 'only created before then');

/** The filter, without its namespace where none was named. */
export function evaluationFilterOf(flags: EvaluationFilterFlags, nowMs: number, faults: Faults): EvaluationFilter {
  const states = wordsOf('--state', flags.state ?? [], EVALUATION_STATES, faults);
  const metadata = pairsOf('--meta', flags.meta ?? [], faults);
  const createdFromMs = pointOf('--since', flags.since, nowMs, faults);
  const createdToMs = pointOf('--until', flags.until, nowMs, faults);
  return {
    ...(states.length > 0 ? { states } : {}),
    ...(flags.name ? { name: flags.name } : {}),
    ...(flags.tag ? { tags: flags.tag } : {}),
    ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
    ...(flags.owner ? { owner: flags.owner } : {}),
    ...(createdFromMs === undefined ? {} : { createdFromMs }),
    ...(createdToMs === undefined ? {} : { createdToMs }),
    ...(flags.namespace ? { namespace: flags.namespace } : {}),
  };
}

export function pointOf(option: string, text: string | undefined, nowMs: number, faults: Faults): number | undefined {
  if (text === undefined) return undefined;
  return (
    parsePast(text, nowMs) ??
    faults.add(option, `'${text.slice(0, 40)}' is no time; write how long ago (30min, 6h, 2d) or a date (2026-11-22)`)
  );
}

export interface SampleFilterFlags {
  state?: string[];
  benchmark?: string;
  model?: string;
  id?: string[];
  unit?: string[];
  epoch?: string[];
  class?: string[];
  score?: string[];
  scorer?: string;
  text?: string;
  stage?: string;
  agent?: string[];
  since?: string;
  until?: string;
  meta?: string[];
}

/** States of units as callers know them. */
export const SAMPLE_STATES = ['open', 'scored', 'unscored', 'errored', 'cancelled', 'dead'] as const;

/** Adds the options that a command understands; `all`: also those that look at results. */
export function addSampleFilter(command: Command, which: { results: boolean; states?: readonly string[] }): Command {
  const { results, states = SAMPLE_STATES } = which;
  if (states.length > 0) command.option('--state <state>', `only in this state (${states.join(', ')}); several by commas`, collect);
  command
    .option('--benchmark <name>', 'only of this benchmark')
    .option('--model <name>', 'only of this model')
    .option('--id <id>', 'only the sample with this id; repeatable', collect)
    .option('--unit <number>', 'only the unit with this number; repeatable', collect)
    .option('--epoch <number>', 'only of this epoch; repeatable', collect)
    .option('--stage <stage>', `answers alone (generate), or judges' calls alone (judge)`);
  if (states.length > 0) command.option('--class <class>', 'only errored with this class (rate_limit, timeout …); repeatable', collect);
  if (!results) return command;
  return command
    .option('--score <value>', 'only with this score: C, I, 0.5; repeatable', collect)
    .addOption(new Option('--scorer <name>', 'whose score that is (default: of any scorer)'))
    .option('--text <text>', 'only with this text in completion or answer')
    .option('--agent <id>', 'only with a result of this agent, by its id; repeatable', collect)
    .option('--since <time>', 'only begun since then: 30min, 6h, 2d ago, or a date')
    .option('--until <time>', 'only begun before then')
    .option('--meta <name=value>', "only with this value in the sample's metadata, as in scores by group; repeatable", collect);
}

/** The filter; empty when no option was given. */
export function sampleFilterOf(
  flags: SampleFilterFlags,
  faults: Faults,
  known: readonly string[] = SAMPLE_STATES,
  nowMs: number = Date.now(),
): SampleFilter {
  const states = wordsOf('--state', flags.state ?? [], known, faults).flatMap(statesOf);
  const numbers = (option: string, texts: readonly string[] | undefined, least: number): number[] =>
    (texts ?? []).flatMap((t) => wholeOf(option, t, { least, most: 2 ** 32 - 1 }, faults) ?? []);
  const units = numbers('--unit', flags.unit, 0);
  const epochs = numbers('--epoch', flags.epoch, 1);
  const stage = wordsOf('--stage', flags.stage === undefined ? [] : [flags.stage], SAMPLE_STAGES, faults)[0];
  const startedFromMs = pointOf('--since', flags.since, nowMs, faults);
  const startedToMs = pointOf('--until', flags.until, nowMs, faults);
  const metadata = pairsOf('--meta', flags.meta ?? [], faults);
  if (flags.scorer !== undefined && !flags.score) faults.add('--scorer', 'says whose --score is meant; add --score, or leave it out');
  return {
    ...(states.length > 0 ? { states } : {}),
    ...(flags.benchmark ? { benchmark: flags.benchmark } : {}),
    ...(flags.model ? { model: flags.model } : {}),
    ...(flags.id ? { sampleIds: flags.id } : {}),
    ...(units.length > 0 ? { units } : {}),
    ...(epochs.length > 0 ? { epochs } : {}),
    ...(flags.class ? { errorClasses: flags.class.flatMap((c) => c.split(',')) } : {}),
    ...(flags.score ? { scoreValues: flags.score } : {}),
    ...(flags.scorer ? { scorer: flags.scorer } : {}),
    ...(flags.text ? { text: flags.text } : {}),
    ...(stage ? { stage } : {}),
    ...(flags.agent ? { agents: flags.agent } : {}),
    ...(startedFromMs === undefined ? {} : { startedFromMs }),
    ...(startedToMs === undefined ? {} : { startedToMs }),
    ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
  };
}

const statesOf = (word: string): UnitState[] => (word === 'open' ? ['pending', 'generated'] : [word as UnitState]);
