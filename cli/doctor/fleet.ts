/** A fleet as a client sees it: coordinators, agents, routes; their versions, clocks and stores. */
import type { AssayClient } from '../../shared/client/client.ts';
import type { Agent, ClusterChange, CoordinatorStatus, RouteStatus } from '../../shared/client/types.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { describeNamespaces } from '../../shared/domain/identity.ts';
import { VERSION } from '../../shared/domain/version.ts';
import { fault, note, ok, type Check, type Finding } from './check.ts';
import { otherStore, storeIdOf } from './store.ts';

const CONTACT_MS = 5_000;
const SKEW_MS = 2_000;
const SHOWN = 5;

export interface FleetOptions {
  client: AssayClient;
  addresses: readonly string[];
  /** The store's folder on this host, where it is to be compared with the coordinators'. */
  store: string | undefined;
  hasToken: boolean;
  now: () => number;
}

export const fleetCheck = (options: FleetOptions): Check => ({ subject: 'coordinator', run: () => examineFleet(options) });

async function examineFleet(options: FleetOptions): Promise<Finding[]> {
  const { client, now } = options;
  let picture: ClusterChange;
  try {
    await client.waitUntilReady(CONTACT_MS);
    picture = await firstPicture(client);
  } catch (error) {
    const problem = AppError.from(error);
    return problem.code === 'permission_denied' ? await tokenFindings(client) : [contactFault(options, problem)];
  }
  const skewMs = picture.timeMs - now();
  const findings = coordinatorFindings(picture.coordinators, skewMs);
  const theirs = picture.coordinators[0]?.storeId;
  const mine = options.store === undefined ? undefined : await storeIdOf(options.store);
  if (options.store !== undefined && mine !== undefined && theirs && mine !== theirs)
    findings.push(otherStore(options.store, mine, theirs));
  return [...findings, ...agentFindings(picture.agents), ...routeFindings(picture.routes)];
}

/** Of a token that is good, but not for a look at the fleet: an agent's, say. */
async function tokenFindings(client: AssayClient): Promise<Finding[]> {
  const { name, scopes, namespaces } = await client.whoAmI();
  return [
    ok('token', `it is that of ${name}: ${scopes.join(', ')} in ${describeNamespaces(namespaces)}`),
    note(
      'coordinator',
      'it answers; this token may not look at its agents and routes',
      "assay doctor …   with a token of the scope operate, for all namespaces ('*')",
    ),
  ];
}

async function firstPicture(client: AssayClient): Promise<ClusterChange> {
  const ended = new AbortController();
  try {
    for await (const change of client.watchCluster({ signal: AbortSignal.any([ended.signal, AbortSignal.timeout(CONTACT_MS)]) }))
      return change;
  } finally {
    ended.abort();
  }
  throw new AppError('unavailable', 'the coordinator ended the stream without a picture of the fleet');
}

function contactFault({ addresses, hasToken }: FleetOptions, error: AppError): Finding {
  const where = addresses.join(', ');
  switch (error.code) {
    case 'unauthenticated':
      return hasToken
        ? fault(
            'token',
            `the coordinator at ${where} refuses the token`,
            'compare it with the file of its --token-file: ASSAY_TOKEN=… or --token-file FILE',
          )
        : fault('token', `the coordinator at ${where} wants a token, and none was given`, 'export ASSAY_TOKEN=…   or --token-file FILE');
    case 'unimplemented':
      return fault(
        'version',
        `the coordinator at ${where} is older than this command (${VERSION})`,
        'install the same release on both sides',
      );
    default:
      return fault(
        'coordinator',
        `none answers at ${where} (${error.message.split('\n')[0]})`,
        'assay coordinator --listen HOST:4510 …   there, or correct --address; over a network with --tls-ca',
      );
  }
}

/** Exported for tests, as the next two. */
export function coordinatorFindings(coordinators: readonly CoordinatorStatus[], skewMs: number): Finding[] {
  const findings = coordinators.map((c) =>
    ok('coordinator', `${c.coordinatorId} at ${c.address}, version ${c.version}, ${c.agents} agents`),
  );
  const versions = [...new Set([...coordinators.map((c) => c.version), VERSION])];
  if (versions.length > 1)
    findings.push(
      note(
        'version',
        `coordinators and this command are of several releases: ${versions.join(', ')}`,
        'finish the update: one release on all coordinators, then the agents',
      ),
    );
  const stores = [...new Set(coordinators.map((c) => c.storeId))];
  if (stores.length > 1)
    findings.push(
      fault(
        'store',
        `coordinators on one Redis work on different stores: ${stores.join(', ')}`,
        'stop those with the wrong --store: all must share one folder',
      ),
    );
  if (Math.abs(skewMs) >= SKEW_MS)
    findings.push(
      fault(
        'clock',
        `this host is ${(Math.abs(skewMs) / 1000).toFixed(1)} s ${skewMs > 0 ? 'behind' : 'ahead of'} the coordinator's host`,
        'timedatectl set-ntp true   on both hosts',
      ),
    );
  return findings;
}

export function agentFindings(agents: readonly Agent[]): Finding[] {
  const connected = agents.filter((a) => a.state !== 'gone');
  if (connected.length === 0)
    return [fault('agents', 'none is connected, so nothing can run', 'assay agent --config agent.yaml   on a host with models')];
  const findings = [ok('agents', `${connected.length} connected`)];
  for (const agent of some(connected)) {
    for (const { match, suspended } of agent.models) {
      if (suspended === 'auth')
        findings.push(
          fault(
            'agents',
            `the endpoint refuses the key of ${agent.name} for ${match}`,
            `correct api_key_env or api_key_file of that entry, and restart ${agent.name}`,
          ),
        );
      else if (suspended === 'quota')
        findings.push(
          fault(
            'agents',
            `the key of ${agent.name} for ${match} has no quota left`,
            'raise it at the provider; the agent tries again by itself',
          ),
        );
      else if (suspended === 'spend_cap')
        findings.push(
          note(
            'agents',
            `the key of ${agent.name} for ${match} has taken what its operator lets it take in a day`,
            'wait for midnight (UTC), or raise spend_per_day on that agent',
          ),
        );
      else if (suspended === 'spool_full')
        findings.push(
          fault(
            'agents',
            `${agent.name} takes no work: its spool is full`,
            'make room, or raise spool_max_bytes; see that coordinators can write their store',
          ),
        );
      else if (suspended === 'model_not_found')
        findings.push(
          fault(
            'agents',
            `the endpoint of ${agent.name} does not know a model of ${match}`,
            'correct the model in the spec, or match and base_url of that entry',
          ),
        );
    }
    if (agent.quarantined)
      findings.push(
        fault(
          'agents',
          `${agent.name} is quarantined: ${agent.reason}`,
          `look at its log and its host; when it is as it should be: assay agent undrain ${agent.name}`,
        ),
      );
    else if (agent.drainedByOperator)
      findings.push(
        note('agents', `${agent.name} is drained: ${agent.reason || 'no reason was given'}`, `assay agent undrain ${agent.name}`),
      );
    if (agent.version !== VERSION)
      findings.push(
        note(
          'version',
          `the agent ${agent.name} is of release ${agent.version}, this command of ${VERSION}`,
          `install Assay ${VERSION} on its host`,
        ),
      );
  }
  return findings;
}

export function routeFindings(routes: readonly RouteStatus[]): Finding[] {
  const findings: Finding[] = [];
  for (const route of some(routes.filter((r) => r.paused)))
    findings.push(
      note('routes', `${route.requirement} is paused: ${route.reason || 'no reason was given'}`, `assay routes resume ${route.route}`),
    );
  for (const route of some(routes.filter((r) => r.open > 0 && r.agents === 0)))
    findings.push(
      fault(
        'routes',
        `no agent fits ${route.requirement}, and ${route.open} samples wait for one${route.misfits[0] ? ` (${route.misfits[0]})` : ''}`,
        'assay agent --config FILE   with a fitting match, labels and permissions',
      ),
    );
  return findings;
}

const some = <T>(items: readonly T[]): readonly T[] => items.slice(0, SHOWN);
