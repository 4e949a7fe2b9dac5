/** Bugs that the simulation must name: a change of the code each, and the checks of which one must name it. */
import { BUGS } from '../chaos/planted/bugs.ts';
import { runSeeds } from './many.ts';

export interface Mutant {
  name: string;
  /** What the check that names it begins with. */
  namedBy: readonly string[];
  changes: readonly { file: string; from: string; to: string }[];
}

/** Of the bugs that are planted into the real programs, those that show in what a simulated world does. */
const PLANTED: Readonly<Record<string, readonly string[]>> = {
  'no fence: whoever reports is believed': ['S6'],
  'a recovery that forgets results': ['S8'],
  'a recovery that forgets a pause': ['S16'],
  'a result that is sent twice is counted twice': ['S3'],
  'an accepted evaluation that Redis has forgotten is not revived': ['L1'],
  'acknowledged before it is durable': ['S1', 'S8'],
  'a cancel that blocks no grants': ['S16', 'S11', 'S7'],
  'hand-backs count as crashes': ['S12'],
  'a planner that plans the same units again': ['S7'],
};

const OWN: readonly Mutant[] = [
  {
    name: 'a lease ends at the first look',
    namedBy: ['second-look'],
    changes: [
      {
        file: 'coordinator/dispatch/expiry.ts',
        from: 'if (!this.#seen.has(lease.attemptId)) seen.add(lease.attemptId);\n      else',
        to: '',
      },
    ],
  },
  {
    name: "an attempt's age is taken from the clocks of two hosts",
    namedBy: ['S12'],
    changes: [
      {
        file: 'coordinator/sessions/session-host.ts',
        from: 'clock.monotonic() - task.ageMs',
        to: 'clock.monotonic() - Math.max(0, clock.now() - task.sinceMs)',
      },
    ],
  },
  {
    name: 'an agent that lets its calls go on when an attempt is over',
    namedBy: ['L3'],
    changes: [
      {
        file: 'agent/work/attempt.ts',
        from: "this.#become({ kind: 'lost' });\n    this.abort(reason);",
        to: "this.#become({ kind: 'lost' });",
      },
    ],
  },
  {
    name: 'an agent gets back what it held, whatever its identity covers now',
    namedBy: ['S17'],
    changes: [
      {
        file: 'coordinator/sessions/session-host.ts',
        from: 'const isForeign = !covers(offer.namespaces, known.manifest.namespace);',
        to: 'const isForeign = false;',
      },
    ],
  },
  {
    name: 'work is given to whoever could do it, of whatever namespace',
    namedBy: ['S17'],
    changes: [
      { file: 'shared/domain/routing.ts', from: 'if (!covers(offer.namespaces, namespaceOfRoute(route))) return -1;', to: '' },
      {
        file: 'coordinator/dispatch/assembler.ts',
        from: 'if (!covers(namespaces, known.manifest.namespace))',
        to: 'if (namespaces.length < 0)',
      },
    ],
  },
  {
    name: 'nobody calls off what is over',
    namedBy: ['L3'],
    changes: [
      { file: 'coordinator/core.ts', from: 'registry.revoke(evaluationId, OVER)', to: 'void [evaluationId, OVER]' },
      { file: 'coordinator/core.ts', from: '() => callOff(registry, catalog, store),', to: 'async () => void callOff,' },
      {
        file: 'coordinator/core.ts',
        from: 'void callOffIfOver(registry, ledger, id).catch(() => undefined)',
        to: 'void [callOffIfOver, id]',
      },
    ],
  },
];

export const MUTANTS: readonly Mutant[] = [
  ...Object.entries(PLANTED).map(([name, namedBy]) => {
    const bug = BUGS.find((b) => b.name === name);
    if (!bug) throw new Error(`no bug is named ${name}`);
    return { name, namedBy, changes: bug.changes };
  }),
  ...OWN,
];

/** The first seed of `count` whose course shows it, with what was found wrong; undefined when it survives them all. */
export async function nameMutant(
  { namedBy, changes }: Mutant,
  first: number,
  count: number,
): Promise<{ seed: number; violation: string } | undefined> {
  let named: { seed: number; violation: string } | undefined;
  await runSeeds(
    first,
    count,
    ({ seed, violations }) => {
      const violation = violations.find((text) => namedBy.some((name) => text.startsWith(`${name} `)));
      if (violation !== undefined && seed < (named?.seed ?? Infinity)) named = { seed, violation };
      return named !== undefined;
    },
    { bug: changes, atOnce: 5 },
  );
  return named;
}
