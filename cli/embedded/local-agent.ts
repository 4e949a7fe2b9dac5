/** The local agent: its config file from what the environment or `--agent FILE` says, and its process. */
import { writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AppError, invalid } from '../../shared/domain/errors.ts';
import type { Offer } from '../../shared/domain/routing.ts';
import { commandCapabilities, ratingCapabilities, sandboxFor, wireCapabilities } from '../../shared/domain/spec-needs.ts';
import { WIRE_MINOR } from '../../shared/rpc/messages.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { readConfigFile } from '../../shared/runtime/config-file.ts';
import { Child } from './child.ts';
import type { Home } from './home.ts';
import { localModels, type ModelEntryText } from './local-models.ts';
import { mainOf, NODE_FLAGS } from './programs.ts';

const CONNECT_LIMIT_MS = 20_000;
/** What an agent takes as its name; `.` and `..` are folders. */
const AGENT_NAME = /^(?!\.{1,2}$)[\w.@-]{1,100}$/;

/** An agent's config in the words of its YAML file. What is unknown here passes through: the agent checks all of it. */
export interface AgentPlan {
  name: string;
  labels?: Record<string, string>;
  models: ModelEntryText[];
  /** The user's file that it was read from, for messages. */
  fromFile?: string;
  [other: string]: unknown;
}

/** The agent that the environment describes. */
export const defaultAgentPlan = (env: Readonly<Record<string, string | undefined>>): AgentPlan => ({
  name: 'local',
  models: localModels(env),
});

/**
 * The agent that a file describes. Its `addresses`, `token_file` and `tls_ca` are put aside: this agent speaks to the
 * coordinator inside. Paths in it stay relative to its folder.
 */
export async function agentPlanOf(path: string, cwd: string): Promise<AgentPlan> {
  const file = resolve(cwd, path);
  const { values } = await readConfigFile(file);
  const { addresses: _a, address: _b, token_file: _t, tls_ca: _c, tls_client_cert: _cc, tls_client_key: _ck, ...rest } = values;
  if (!Array.isArray(rest['models']) || rest['models'].length === 0)
    throw invalid(path, [
      { place: 'models', problem: 'is missing or empty; list what the agent serves: [{match: openai/*, provider: openai}]' },
    ]);
  const name = rest['name'] ?? 'local';
  // It becomes part of file names, so that it is not left to the agent to refuse it.
  if (typeof name !== 'string' || !AGENT_NAME.test(name))
    throw invalid(path, [
      { place: 'name', problem: `is ${JSON.stringify(name).slice(0, 120)}, must be 1 to 100 letters, digits and . _ - @` },
    ]);
  const models = rest['models'].map((m: unknown, i) => checkedModel(m, `models[${i}]`, path, dirname(file)));
  const spool = typeof rest['spool'] === 'string' ? { spool: resolve(dirname(file), rest['spool']) } : {};
  const commands = isMapping(rest['commands']) ? { commands: placedIn(dirname(file), rest['commands']) } : {};
  const sandbox = isMapping(rest['sandbox']) ? { sandbox: sandboxOf(dirname(file), rest['sandbox']) } : {};
  const cache = isMapping(rest['cache']) ? { cache: cacheOf(dirname(file), rest['cache']) } : {};
  const policy = rest['policy'] === undefined ? {} : { policy: policyOf(dirname(file), rest['policy']) };
  return { ...rest, ...spool, ...cache, ...commands, ...sandbox, ...policy, name, models, fromFile: path };
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Commands run in the folder of the file that allows them, wherever the plan is written to. What is no command passes through. */
const placedIn = (folder: string, commands: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(commands).map(([name, command]) => [
      name,
      isMapping(command) ? { ...command, cwd: resolve(folder, typeof command['cwd'] === 'string' ? command['cwd'] : '') } : command,
    ]),
  );

const cacheOf = (folder: string, cache: Record<string, unknown>): Record<string, unknown> =>
  typeof cache['dir'] === 'string' ? { ...cache, dir: resolve(folder, cache['dir']) } : cache;

/** The file that it names, or the files in it. */
function policyOf(folder: string, policy: unknown): unknown {
  if (typeof policy === 'string') return resolve(folder, policy);
  if (!isMapping(policy)) return policy;
  const { prices, signers } = policy;
  return {
    ...policy,
    ...(typeof prices === 'string' ? { prices: resolve(folder, prices) } : {}),
    ...(Array.isArray(signers)
      ? { signers: signers.map((name: unknown) => (typeof name === 'string' ? resolve(folder, name) : name)) }
      : {}),
  };
}

/** Its programs by paths that hold wherever the plan is written to. */
const sandboxOf = (folder: string, sandbox: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(sandbox).map(([key, value]) => [
      key,
      (key === 'bubblewrap' || key === 'python') && typeof value === 'string' ? resolve(folder, value) : value,
    ]),
  );

function checkedModel(value: unknown, place: string, path: string, folder: string): ModelEntryText {
  const entry = value as Record<string, unknown> | null;
  if (entry === null || typeof entry !== 'object' || typeof entry['match'] !== 'string')
    throw invalid(path, [{ place, problem: 'has no `match`; write the model that it serves, for example openai/*' }]);
  // The plan is written to disk, so it must not hold a key.
  if ('api_key' in entry)
    throw invalid(path, [
      {
        place: `${place}.api_key`,
        problem: 'keys do not belong into files like this; name a variable (api_key_env) or a file (api_key_file)',
      },
    ]);
  const keyFile = typeof entry['api_key_file'] === 'string' ? { api_key_file: resolve(folder, entry['api_key_file']) } : {};
  return { ...entry, ...keyFile } as unknown as ModelEntryText;
}

/** What the agent of a plan offers, for the fit with a spec's routes. */
export function offerOf(plan: AgentPlan): Offer {
  const commands = isMapping(plan['commands']) ? commandCapabilities(plan['commands']) : [];
  const urls = Array.isArray(plan['urls']) ? plan['urls'].map(String) : [];
  const models = plan.models.map((m) => ({ match: m.match, maxConnections: m.max_connections ?? 1, lookAhead: m.look_ahead ?? 0 }));
  return {
    namespaces: '*',
    labels: plan.labels ?? {},
    // An agent that may call URLs serves what needs no model.
    models: urls.length > 0 ? [...models, { match: 'none/*', maxConnections: 1, lookAhead: 0 }] : models,
    capabilities: [
      ...wireCapabilities(WIRE_MINOR),
      ...commands,
      ...urls.map((url) => `url:${url}`),
      ...(isMapping(plan['sandbox']) ? [sandboxFor('python3')] : []),
      ...ratingCapabilities(plan.models),
    ],
  };
}

/** Starts the agent of a plan against a coordinator. Keys reach it by its environment. */
export async function startLocalAgent(
  home: Home,
  plan: AgentPlan,
  address: string,
  env: Record<string, string | undefined>,
): Promise<Child> {
  const config = plan.name === 'local' ? home.agentConfig : join(home.dir, `agent-${plan.name}.json`);
  const spool = plan.name === 'local' ? home.spool : join(home.spool, plan.name);
  const { fromFile, ...settings } = plan;
  // All local agents have one, so that a repeated run finds what the one before has kept.
  const cache = { dir: join(home.dir, 'cache') };
  // JSON is YAML.
  await writeFile(config, `${JSON.stringify({ spool, cache, ...settings, addresses: [address] }, null, 2)}\n`, { mode: 0o600 });
  return Child.start({
    name: plan.name === 'local' ? 'local agent' : `agent ${plan.name}`,
    command: process.execPath,
    args: [...NODE_FLAGS, mainOf('agent'), '--config', config, '--exit-with-parent'],
    env,
    ...(fromFile === undefined ? {} : { standIn: { file: config, original: fromFile } }),
    logFile: join(home.logs, plan.name === 'local' ? 'agent.log' : `agent-${plan.name}.log`),
  });
}

/**
 * Waits until the agent is connected, so that nothing is submitted that it cannot run. Throws when it has ended, as it does
 * when its settings are wrong, and when it has no sandbox though its plan says so; one that is only slow may go on connecting.
 */
export async function agentConnected(agent: Child, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + CONNECT_LIMIT_MS;
  for (;;) {
    const log = await agent.log();
    const [, why] = /"msg":"no sandbox, so no code is run here: (.*?)"[,}]/.exec(log) ?? [];
    if (why !== undefined) throw new AppError('failed_precondition', `the local agent has no sandbox: ${JSON.parse(`"${why}"`)}`);
    if (log.includes('"msg":"connected"') || performance.now() >= deadline) return;
    if (agent.hasEnded) throw await agent.obituary();
    await systemClock.sleep(25, signal);
  }
}
