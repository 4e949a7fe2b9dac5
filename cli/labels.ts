/** What `run` and `submit` put onto a spec: whose it is, and by what it is found again. */
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import type { EvaluationSpec } from '../shared/domain/spec.ts';
import { collect, Faults, pairsOf } from './flags.ts';

export interface LabelFlags {
  set?: string[];
  owner?: string;
  tag?: string[];
  meta?: string[];
}

export const addSettingOption = (command: Command): Command =>
  command.option('--set <path=value>', 'change the spec: epochs=3, models[0].model=openai/gpt-x; repeatable, the last wins', collect);

export const addLabelOptions = (command: Command): Command =>
  addSettingOption(command)
    .option('--owner <name>', 'who is to be asked about it (default: you)')
    .option('--tag <tag>', 'a tag more than the spec has; repeatable', collect)
    .option('--meta <name=value>', 'a field more in its metadata; repeatable', collect);

/** The spec with the tags and metadata of the command line. The digest of its work stays the same. */
export function labelled(spec: EvaluationSpec, flags: LabelFlags): EvaluationSpec {
  const faults = new Faults();
  const metadata = pairsOf('--meta', flags.meta ?? [], faults);
  for (const tag of flags.tag ?? [])
    if (tag === '' || tag.length > 200) faults.add('--tag', `has ${tag.length} characters; write 1 to 200`);
  const tags = [...new Set([...spec.tags, ...(flags.tag ?? [])])];
  if (tags.length > 50) faults.add('--tag', `makes ${tags.length} tags; at most 50 are taken`);
  faults.throwIfAny();
  return { ...spec, tags, metadata: { ...spec.metadata, ...metadata } };
}

const LONGEST_OWNER = 200;

/** --owner, else the user of this process; '' when there is none (a container's bare number). */
export function ownerOf(flags: LabelFlags, env: Readonly<Record<string, string | undefined>>): string {
  if (flags.owner !== undefined) {
    const faults = new Faults();
    if (flags.owner.length > LONGEST_OWNER)
      faults.add('--owner', `has ${flags.owner.length} characters; at most ${LONGEST_OWNER} are taken`);
    faults.throwIfAny();
    return flags.owner;
  }
  return (env['USER'] || env['LOGNAME'] || systemUser()).slice(0, LONGEST_OWNER);
}

function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}
