/** Small runs with one fault at a known place, where a planted bug shows if it is there, and nothing if it is not. */
import { LedgerReader } from '../../support/books.ts';
import { waitFor } from '../../support/wait-for.ts';
import { evaluationIdOf } from '../../../shared/domain/ids.ts';
import { harm } from '../rig/harm.ts';
import { now, type EventOf, type History } from '../history/history.ts';
import type { Rig } from '../rig/rig.ts';
import { partitionedReplica } from './acknowledged.ts';

export const SCENARIOS = {
  plain,
  cancel,
  'slow watcher': slowWatcher,
  'lost acknowledgements': lostAcknowledgements,
  'lost reports': lostReports,
  'frozen coordinator': frozenCoordinator,
  'killed coordinator': killedCoordinator,
  'wiped Redis': wipedRedis,
  'pause, then wiped Redis': pausedAndWiped,
  'drained agents': drainedAgents,
  'killed agent': killedAgent,
  'two namespaces': twoNamespaces,
  'partitioned replica': partitionedReplica,
} as const;
export type ScenarioName = keyof typeof SCENARIOS;

const SAMPLES = 40;
/** Of an evaluation that is one task. */
const HELD = 4;
const PAST_LEASE_MS = 2_600;
/** On a machine that has other things to do. */
const PATIENCE = { timeoutMs: 20_000, everyMs: 100 };

const sleep = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

/** The lines of all agents carry nothing one way, `until` then, and then break. */
function breakLines(rig: Rig, way: 'up' | 'down', until: () => Promise<unknown> = () => sleep(600)): Promise<void> {
  const lines = rig.links.map((_, n) => `link ${n}`);
  return harm(rig, 'link-stall', lines, async () => {
    for (const proxy of rig.links.flat()) proxy.stall(way);
    await until();
    for (const proxy of rig.links.flat()) {
      proxy.drop();
      proxy.heal();
    }
  });
}

/** Submits one evaluation, twice under one key; returns its id. */
async function submit(rig: Rig, samples = SAMPLES): Promise<string> {
  const { clients } = rig;
  const tag = `p${rig.options.seed}${rig.recorder.events.length}x${Math.round(performance.now())}`;
  const evaluation = evaluationIdOf('default', tag);
  rig.evaluations.set(tag, evaluation);
  const { evaluation: id = evaluation } = await clients.submit(clients.client(), { key: tag, tag, samples });
  await clients.submit(clients.client(1), { key: tag, tag, samples });
  rig.evaluations.set(tag, id);
  rig.clients.watch(`of ${tag}`, id, 0);
  return id;
}

/** Waits until so many results are acknowledged. */
async function counted(rig: Rig, evaluation: string, units: number): Promise<void> {
  const ledger = new LedgerReader(rig.redis.url);
  try {
    await waitFor(async () => (await ledger.closedUnits(evaluation)).length >= units, {
      what: `${units} results`,
      timeoutMs: 20_000,
      everyMs: 20,
    });
  } finally {
    ledger.disconnect();
  }
}

async function plain(rig: Rig): Promise<void> {
  const id = await submit(rig);
  rig.clients.watch('wandering', id, 0, 2);
  await counted(rig, id, SAMPLES / 2);
}

async function slowWatcher(rig: Rig): Promise<void> {
  const id = await submit(rig);
  rig.clients.watch('slow', id, 0, 1, 700);
  await counted(rig, id, SAMPLES);
}

/** An agent asks for work after a cancel. Returns whether anything of what was cancelled was left to hand out. */
async function cancel(rig: Rig): Promise<boolean> {
  const id = await submit(rig, 3 * SAMPLES);
  await counted(rig, id, SAMPLES / 4);
  await rig.clients.cancel(rig.clients.client(), id);
  const handedOut = await unitsGranted(rig, id);
  const next = await submit(rig, HELD);
  const isAsked = async (): Promise<boolean> => (await unitsGranted(rig, next)) === HELD || (await unitsGranted(rig, id)) > handedOut;
  await waitFor(isAsked, { what: 'an agent to be given work', ...PATIENCE });
  return handedOut < 3 * SAMPLES;
}

async function unitsGranted(rig: Rig, evaluation: string): Promise<number> {
  const granted = (await rig.history()).of('granted').filter((event) => event.evaluation === evaluation);
  return new Set(granted.flatMap(({ units }) => units)).size;
}

/** Results are counted, their acknowledgements do not arrive, and the agent sends them again. Returns whether they came again. */
async function lostAcknowledgements(rig: Rig): Promise<boolean> {
  // The first that are asked for, whichever they are: tasks come in any order.
  const passed = new Set<number>();
  rig.isHeld = (_tag, unit) => !passed.has(unit) && (passed.size >= HELD || !passed.add(unit));
  const id = await submit(rig);
  await counted(rig, id, HELD);
  const from = now();
  const units = async (): Promise<Set<string>> => {
    const sent = (await rig.history()).of('sent').filter(({ t }) => t > from);
    return new Set(sent.flatMap((event) => event.units.map((unit) => `${event.attempt} ${unit}`)));
  };
  await breakLines(rig, 'down', async () => {
    // Some are held still, so that no task is over when its results come again.
    rig.isHeld = (_tag, unit) => unit % 4 === 3;
    await waitFor(async () => (await units()).size > 0, { what: 'results that are sent', ...PATIENCE });
    await sleep(200);
  });
  const isHeardTwice = async (): Promise<boolean> => {
    const told = await units();
    const heard = (await rig.history()).of('committed').flatMap((event) => event.units.map((unit) => `${event.attempt} ${unit}`));
    return heard.some((name, n) => told.has(name) && heard.indexOf(name) < n);
  };
  const cameAbout = await waitFor(isHeardTwice, { what: 'results that come again', timeoutMs: 8_000, everyMs: 100 }).catch(() => false);
  rig.isHeld = () => false;
  return cameAbout;
}

/** Results leave the agent and do not arrive. */
async function lostReports(rig: Rig): Promise<void> {
  const id = await submit(rig);
  await counted(rig, id, SAMPLES / 4);
  await breakLines(rig, 'up');
}

/**
 * A coordinator sleeps with the reports of its agent in its ears; the other coordinator gives the tasks to another agent; then the first one
 * wakes and hears them. Returns whether it has heard them.
 */
async function frozenCoordinator(rig: Rig): Promise<boolean> {
  const [first] = rig.coordinators;
  const [agent] = rig.agents;
  // Each agent knows only one coordinator.
  rig.links[0]![1]!.cut();
  rig.links[1]![0]!.cut();
  rig.isHeld = () => true;
  await submit(rig, 2 * SAMPLES);
  const isAtWork = async (): Promise<boolean> => (await rig.history()).of('begun').some(({ who }) => who === agent!.name);
  await waitFor(isAtWork, { what: 'a sample that runs', ...PATIENCE });
  const from = now();
  await harm(rig, 'coordinator-freeze', [first!.name], async () => {
    process.kill(first!.pid, 'SIGSTOP');
    try {
      rig.isHeld = () => false;
      const sent = async (): Promise<EventOf<'sent'>[]> => {
        const own = sentBy(agent!.name, await rig.history(), from);
        return own.length > 0 ? own : Promise.reject(new Error('none'));
      };
      const told = new Set((await waitFor(sent, { what: 'reports to the one that sleeps', ...PATIENCE })).flatMap(({ units }) => units));
      rig.isHeld = (_tag, unit) => told.has(unit);
      const isRunAgain = async (): Promise<boolean> => runAgain(await rig.history(), agent!.name, from).length > 0;
      await waitFor(isRunAgain, { what: 'what was told to the one that sleeps to be run again', ...PATIENCE });
    } finally {
      process.kill(first!.pid, 'SIGCONT');
    }
  });
  const isHeard = async (): Promise<boolean> => {
    const history = await rig.history();
    const again = runAgain(history, agent!.name, from);
    const begun = history.of('begun');
    // What the attempt had told before its coordinator slept is no occasion.
    return history.of('committed').some(({ attempt, units, who, t0 }) => {
      const isZombie = (unit: number): boolean =>
        again.some((sent) => sent.attempt === attempt && sent.units.includes(unit)) &&
        begun.some((other) => other.attempt !== attempt && other.unit === unit && other.t < t0);
      return who === first!.name && t0 > from && units.some(isZombie);
    });
  };
  // Where the stream breaks first nobody hears them there: no fault, and no occasion for a bug either.
  const cameAbout = await waitFor(isHeard, { what: 'the reports to be heard', timeoutMs: 8_000, everyMs: 100 }).catch(() => false);
  rig.isHeld = () => false;
  return cameAbout;
}

/** What an agent has sent since then of units that another attempt has begun afterwards. */
function runAgain(history: History, agent: string, since: number): EventOf<'sent'>[] {
  const begun = history.of('begun');
  const isAgain = ({ attempt, units, t }: EventOf<'sent'>): boolean =>
    begun.some((event) => event.attempt !== attempt && event.t > t && units.includes(event.unit));
  return sentBy(agent, history, since).filter(isAgain);
}

const sentBy = (agent: string, history: History, since: number): EventOf<'sent'>[] =>
  history.of('sent').filter(({ who, t }) => who === agent && t > since);

async function killedCoordinator(rig: Rig): Promise<void> {
  const id = await submit(rig);
  await counted(rig, id, SAMPLES / 2);
  const names = rig.coordinators.map(({ name }) => name);
  await harm(rig, 'coordinator-kill', names, () => Promise.all(rig.coordinators.map((coordinator) => coordinator.kill9())));
}

async function wipedRedis(rig: Rig): Promise<void> {
  const id = await submit(rig);
  await counted(rig, id, SAMPLES / 2);
  await rig.wipe();
  await sleep(500);
}

async function pausedAndWiped(rig: Rig): Promise<void> {
  const { clients } = rig;
  const id = await submit(rig);
  await counted(rig, id, SAMPLES / 4);
  await clients.command(clients.client(), 'pause', id);
  await sleep(500);
  await rig.wipe();
  await sleep(1_500);
  await clients.command(clients.client(), 'resume', id);
}

/** Three times the agent is told to go while it holds a task. */
async function drainedAgents(rig: Rig): Promise<void> {
  rig.isHeld = (_tag, unit) => unit < HELD;
  const id = await submit(rig, HELD);
  for (let n = 0; n < 3; n++) {
    for (const agent of rig.agents) {
      await waitFor(() => rig.endpoint.inFlight > 0, { what: 'held calls', timeoutMs: 20_000 });
      await harm(rig, 'agent-drain', [agent.name], async () => {
        agent.signal('SIGTERM').catch(() => undefined);
        await sleep(100);
        await agent.signal('SIGTERM');
        await agent.start();
      });
    }
  }
  rig.isHeld = () => false;
  await counted(rig, id, HELD);
}

/** It does not come back before its leases have ended. */
async function killedAgent(rig: Rig): Promise<void> {
  const [agent] = rig.agents;
  rig.isHeld = () => true;
  const id = await submit(rig, HELD);
  await waitFor(() => rig.endpoint.inFlight > 0, { what: 'held calls', timeoutMs: 20_000 });
  await sleep(500);
  await harm(rig, 'agent-kill', [agent!.name], async () => {
    await agent!.kill9();
    await sleep(PAST_LEASE_MS);
    rig.isHeld = () => false;
    await agent!.start();
  });
  await counted(rig, id, HELD);
}

/** One key, and two evaluations. */
async function twoNamespaces(rig: Rig): Promise<void> {
  const { clients, evaluations } = rig;
  const key = `n${Math.round(performance.now())}`;
  for (const namespace of ['default', 'other']) {
    const tag = `${key}${namespace}`;
    evaluations.set(tag, evaluationIdOf(namespace, key));
    const { evaluation } = await clients.submit(clients.client(), { key, tag, samples: HELD, namespace });
    if (evaluation) evaluations.set(tag, evaluation);
  }
}
