/** Options that describe the local agent of the embedded mode. */
import type { Command } from 'commander';
import { AppError } from '../shared/domain/errors.ts';
import { agentPlanOf, defaultAgentPlan, type AgentPlan } from './embedded/local-agent.ts';
import { collect, Faults } from './flags.ts';
import type { Shell } from './shell.ts';
import { splitWords } from './words.ts';

export interface AgentFlags {
  agent?: string;
  allowCommand?: string[];
  allowUrl?: string[];
}

export const addAgentOptions = (command: Command): Command =>
  command
    .option('--agent <file>', 'what the local agent serves (an agent config); without an address only')
    .option('--allow-command <name=argv>', 'a program that scorers may call by this name, run on this host; repeatable', collect)
    .option('--allow-url <pattern>', 'a URL, * for any characters, that solvers and scorers may call from this host; repeatable', collect);

const NAME = /^[\w.-]{1,64}$/;

/** With an address the agents there do the work: what describes a local one would be passed over in silence. */
export function refuseAgentFlags(flags: AgentFlags): void {
  const faults = new Faults();
  const given = [flags.agent && '--agent', flags.allowCommand && '--allow-command', flags.allowUrl && '--allow-url'];
  for (const option of given)
    if (option)
      faults.add(
        option,
        'is about the local agent, and with an address there is none: take one of the two away (--address, ASSAY_ADDRESS)',
      );
  faults.throwIfAny();
}

/** The local agent that the flags and the environment describe. Throws `invalid` with all faults. */
export async function agentPlan(flags: AgentFlags, shell: Shell): Promise<AgentPlan> {
  const plan = flags.agent ? await agentPlanOf(flags.agent, shell.cwd) : defaultAgentPlan(shell.env);
  const faults = new Faults();
  const commands = Object.fromEntries((flags.allowCommand ?? []).flatMap((text) => commandOf(text, shell.cwd, faults)));
  for (const url of flags.allowUrl ?? [])
    if (!/^https?:\/\/[^\s]+$/.test(url))
      faults.add('--allow-url', `'${url.slice(0, 80)}' is no pattern of URLs; write https://HOST/PATH, with * for any characters`);
  faults.throwIfAny();
  return {
    ...plan,
    ...(flags.allowCommand ? { commands: { ...(plan['commands'] as object | undefined), ...commands } } : {}),
    ...(flags.allowUrl ? { urls: [...((plan['urls'] as string[] | undefined) ?? []), ...flags.allowUrl] } : {}),
  };
}

function commandOf(text: string, cwd: string, faults: Faults): [string, { argv: string[]; cwd: string }][] {
  const at = text.indexOf('=');
  const name = text.slice(0, Math.max(0, at));
  try {
    const argv = splitWords(text.slice(at + 1));
    if (at > 0 && NAME.test(name) && argv.length > 0) return [[name, { argv, cwd }]];
    faults.add(
      '--allow-command',
      `'${text.slice(0, 80)}' is no command; write NAME=PROGRAM ARGUMENTS…, the name of letters, digits, _ . -`,
    );
  } catch (error) {
    faults.add('--allow-command', `${name}: ${AppError.from(error).message}`);
  }
  return [];
}
