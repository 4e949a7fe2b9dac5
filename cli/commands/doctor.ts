/** `assay doctor`: looks at what Assay needs, says what is wrong, and what to type. */
import { Option, type Command } from 'commander';
import { speaksTls } from '../../shared/rpc/channel.ts';
import { invalid } from '../../shared/domain/errors.ts';
import { addConnectionOptions, addressProblem, connectionOf, type ConnectionFlags } from '../connection.ts';
import { agentConfigCheck } from '../doctor/agent-config.ts';
import { examine, type Check, type Finding } from '../doctor/check.ts';
import { fleetCheck } from '../doctor/fleet.ts';
import { homeCheck, limitsCheck, nodeCheck } from '../doctor/host.ts';
import { listenCheck, tlsCheck } from '../doctor/network.ts';
import { redisCheck, redisServersOf } from '../doctor/redis.ts';
import { storeCheck } from '../doctor/store.ts';
import { EXIT } from '../exit.ts';
import { interruptible } from '../interruptible.ts';
import { plainText, plural } from '../render/text.ts';
import type { Shell } from '../shell.ts';
import type { CommandContext } from './context.ts';

interface DoctorFlags extends ConnectionFlags {
  redis?: string;
  store?: string;
  listen?: string;
  agentConfig?: string;
  json?: boolean;
}

/** How long a client of the doctor tries to reach a coordinator. */
const PATIENCE_MS = 5_000;

export function addDoctor(program: Command, context: CommandContext): void {
  const command = program
    .command('doctor')
    .summary('find out what is wrong, and what to type')
    .description(
      `Looks at this host; with options also at a Redis, a store, a port, an agent's settings and a fleet. Changes nothing. Exit code 1 if something must change.`,
    )
    .addOption(new Option('--redis <url>', 'a Redis for coordinators').env('ASSAY_REDIS_URL'))
    .addOption(new Option('--store <folder>', "the coordinators' store").env('ASSAY_STORE'))
    .option('--listen <host:port>', 'where a coordinator shall listen')
    .option('--agent-config <file>', "an agent's settings")
    .option('--json', 'one JSON document a finding');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  assay doctor                                                        this host
  assay doctor --redis redis://redis:6379 --store /mnt/assay --listen 0.0.0.0:4510    before a coordinator is started
  assay doctor --agent-config agent.yaml                              before an agent is started
  assay doctor --address coordinator:4510 --tls-ca ca.pem             a fleet that runs`,
    )
    .action(async (flags: DoctorFlags) => context.exitWith(await doctor(flags, context.shell)));
}

async function doctor(flags: DoctorFlags, shell: Shell): Promise<number> {
  const { checks, close } = await checksOf(flags, shell);
  const show = flags.json ? (finding: Finding): string => `${JSON.stringify(finding)}\n` : lineOf;
  let [faults, notes] = [0, 0];
  try {
    for await (const finding of examine(checks)) {
      if (finding.level === 'fault') faults++;
      else if (finding.level === 'note') notes++;
      await shell.print(show(finding));
    }
  } finally {
    close();
  }
  if (!flags.json) shell.say(faults + notes === 0 ? 'all is well' : `${plural(faults, 'fault')}, ${plural(notes, 'note')}`);
  return faults > 0 ? EXIT.failed : EXIT.ok;
}

async function checksOf(flags: DoctorFlags, shell: Shell): Promise<{ checks: Check[]; close: () => void }> {
  const connection = connectionOf(flags, shell.env);
  if (flags.redis) redisServersOf(flags.redis);
  const listenProblem = flags.listen === undefined ? undefined : addressProblem(flags.listen);
  if (listenProblem) throw invalid('--listen', [{ place: '', problem: listenProblem }]);
  const checks: Check[] = [nodeCheck(process.versions.node), limitsCheck(), homeCheck(shell.env)];
  if (flags.redis) checks.push(redisCheck(flags.redis, shell.now));
  if (flags.store) checks.push(storeCheck(flags.store));
  if (flags.listen !== undefined && !flags.listen.startsWith('unix:')) checks.push(listenCheck(flags.listen));
  if (flags.agentConfig !== undefined) checks.push(agentConfigCheck(flags.agentConfig, shell.env));
  if (!connection) return { checks, close: () => undefined };
  const remote = connection.addresses.filter((address) => !address.startsWith('unix:'));
  if (speaksTls({ addresses: connection.addresses, tls: connection.tls, tlsCa: connection.tlsCa }))
    checks.push(...remote.map((address) => tlsCheck(address, connection.tlsCa, shell.now)));
  const { connect } = await import('../../shared/client/connect.ts');
  const client = interruptible(connect({ ...connection, patienceMs: PATIENCE_MS }), shell.interrupted);
  const { addresses, token } = connection;
  checks.push(fleetCheck({ client, addresses, store: flags.store, hasToken: token !== undefined, now: shell.now }));
  return { checks, close: () => client.close() };
}

const MARKS = { ok: 'ok   ', note: 'note ', fault: 'FAULT' };

const lineOf = ({ level, subject, says, remedy }: Finding): string =>
  `${MARKS[level]}  ${subject.padEnd(12)} ${plainText(says)}\n${remedy ? `       ${''.padEnd(12)} → ${plainText(remedy)}\n` : ''}`;
