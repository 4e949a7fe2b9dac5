/** `assay dev`: a coordinator and an agent on this host until Ctrl-C, to try things and to build against. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Command } from 'commander';
import { invalid } from '../../shared/domain/errors.ts';
import { addressProblem } from '../connection.ts';
import { isLocal } from '../../shared/rpc/channel.ts';
import { homeAt, homeDirOf } from '../embedded/home.ts';
import { agentPlanOf, defaultAgentPlan } from '../embedded/local-agent.ts';
import { EXIT, Interrupted } from '../exit.ts';
import { withStack } from '../reach.ts';
import type { CommandContext } from './context.ts';

/** Where guides look for the page; where somebody else is there, any other. */
const PAGE_PORT = 9464;

interface DevFlags {
  listen: string;
  http?: string;
  agent?: string;
}

export function addDev(program: Command, context: CommandContext): void {
  program
    .command('dev')
    .summary('keep a coordinator and an agent running here')
    .description(
      'Keeps a private Redis, a coordinator with its page, and a local agent running until Ctrl-C, on the data of ASSAY_HOME (default ~/.assay).',
    )
    .option('--listen <host:port>', 'where the coordinator listens; loopback only', '127.0.0.1:4510')
    .option(
      '--http <host:port>',
      `where the page and the HTTP API are; loopback only; "none" for neither (127.0.0.1:${PAGE_PORT} where that is free)`,
    )
    .option('--agent <file>', 'what the local agent serves (an agent config)')
    .addHelpText(
      'after',
      `
Examples:
  assay dev
  OPENAI_API_KEY=… assay dev --listen 127.0.0.1:5000`,
    )
    .action(async (flags: DevFlags) => context.exitWith(await dev(flags, context)));
}

async function dev(flags: DevFlags, { shell }: CommandContext): Promise<number> {
  checkAddresses(flags);
  const plan = flags.agent ? await agentPlanOf(flags.agent, shell.cwd) : defaultAgentPlan(shell.env);
  const home = homeAt(homeDirOf(shell.env));
  shell.say('starting Redis, a coordinator and an agent …');
  return withStack(
    { home, shell, command: 'assay dev', listen: flags.listen, http: await pageOf(flags), agents: [plan] },
    async ({ stack, signal }) => {
      await shell.print(`${stack.address}\n`);
      shell.say(`
The coordinator listens at ${stack.address}. The agent serves ${plan.models.map((m) => m.match).join(', ')}.
${stack.http ? `The page is at http://${stack.http}\n` : ''}Data and logs: ${home.dir}

  bin/assay run examples/arithmetic.yaml --address ${stack.address}
  bin/assay submit examples/arithmetic.yaml
  buf curl --protocol grpc --http2-prior-knowledge --list-methods http://${stack.address}

Ctrl-C ends it; unfinished evaluations go on with the next start.`);
      if (!signal.aborted) await once(signal, 'abort');
      if (!(signal.reason instanceof Interrupted)) throw signal.reason;
      shell.say('stopping …');
      return EXIT.ok;
    },
  );
}

/** All faults at once. */
function checkAddresses({ listen, http = NO_PAGE }: DevFlags): void {
  const faults = Object.entries({ listen, ...(http === NO_PAGE ? {} : { http }) }).flatMap(([name, address]) => {
    const problem = addressProblem(address.replace(/:0$/, ':1'));
    if (problem) return [{ place: `--${name}`, problem }];
    const beyond = `${address} is not on loopback. For others to reach it, start \`assay coordinator\` with TLS and a token`;
    return isLocal(address) ? [] : [{ place: `--${name}`, problem: beyond }];
  });
  if (faults.length > 0) throw invalid('assay dev', faults);
}

const NO_PAGE = 'none';

/** undefined: there is to be none. */
async function pageOf({ http }: DevFlags): Promise<string | undefined> {
  if (http !== undefined) return http === NO_PAGE ? undefined : http;
  return `127.0.0.1:${(await isFree(PAGE_PORT)) ? PAGE_PORT : 0}`;
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
