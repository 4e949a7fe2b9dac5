/**
 * The floors of the house: who may import whom. A file imports from its own floor and from those below it; what has to go
 * up goes as a callback, given in build.ts. docs/architecture.md has the picture. To add a folder, give it a floor here.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

/** From the ground up. An entry is a folder or a file; the longest one that fits a path counts. */
const FLOORS: readonly (readonly string[])[] = [
  ['shared/domain', 'shared/scoring'],
  ['shared/runtime'],
  ['shared/telemetry', 'shared/rpc'],
  ['shared/client', 'plugin'],
  ['shared/http'],
  ['coordinator/redis', 'coordinator/notices.ts', 'coordinator/one-store.ts'],
  [
    'coordinator/queue',
    'coordinator/store',
    'coordinator/datasets',
    'coordinator/ledger',
    'coordinator/progress',
    'coordinator/index',
    'agent/models',
    'agent/spool',
    'agent/cache',
    'agent/sandbox',
    'agent/secrets',
    'agent/policy',
    'agent/spend',
    'agent/keys',
    'agent/logs',
  ],
  ['agent/solvers', 'agent/scorers'],
  ['coordinator/evaluations', 'coordinator/sessions', 'coordinator/identity', 'agent/work'],
  ['coordinator/audit'],
  ['coordinator/dispatch', 'coordinator/cluster', 'agent/session'],
  ['coordinator/rpc', 'coordinator/http', 'coordinator/alerts'],
  [
    'coordinator/config.ts',
    'coordinator/config-values.ts',
    'coordinator/config-flags.ts',
    'coordinator/tls-config.ts',
    'coordinator/identities-config.ts',
    'coordinator/alerts-config.ts',
    'coordinator/settings-file.ts',
    'coordinator/help.ts',
    'agent/config.ts',
    'agent/help.ts',
    'agent/model-config.ts',
    'agent/permit-config.ts',
    'agent/key-config.ts',
    'agent/policy-config.ts',
    'agent/cap-config.ts',
    'agent/measure.ts',
    'agent/metrics-server.ts',
    'agent/open-models.ts',
    'agent/sandbox-config.ts',
    'agent/cache-config.ts',
    'agent/host-facts.ts',
  ],
  ['coordinator/measure.ts', 'coordinator/describe-self.ts'],
  ['coordinator/evaluation-use-cases.ts'],
  ['coordinator/ground.ts'],
  ['coordinator/provenance.ts'],
  ['coordinator/core.ts'],
  ['agent/dial.ts'],
  ['coordinator/build.ts', 'agent/build.ts'],
  ['coordinator/main.ts', 'agent/main.ts'],
  ['cli'],
  ['dashboard'],
  ['scripts', 'test'],
];

/** Parts that see nothing of each other, not even downwards: [importer, what it must not import]. */
const STRANGERS: readonly (readonly [string, string])[] = [
  ['coordinator', 'agent'],
  ['agent', 'coordinator'],
  ['cli', 'coordinator'],
  ['cli', 'agent'],
  // A browser has none of what these need.
  ...['coordinator', 'agent', 'cli', 'plugin', 'shared/rpc', 'shared/runtime', 'shared/telemetry'].map(
    (part) => ['dashboard', part] as const,
  ),
  ['scripts', 'coordinator'],
  ['scripts', 'agent'],
];

/** Packages that live behind one door, and where the door is. Tests may use them. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  bullmq: ['coordinator/queue/task-queue.ts'],
  ioredis: ['coordinator', 'cli/embedded', 'cli/doctor'],
  undici: ['agent/models', 'coordinator/datasets'],
  'csv-parse': ['coordinator/datasets'],
  preact: ['dashboard/src'],
  uplot: ['dashboard/src'],
  vite: ['dashboard/vite.config.ts'],
  jose: ['coordinator/identity/oidc'],
  nodemailer: ['coordinator/alerts/channels'],
};

/** Pure: no I/O, no clock, no chance (new ids are the exception: they are made of nothing else). */
const PURE = ['shared/domain', 'shared/scoring'];
const IMPURE_CALLS =
  /\b(?:Date\.now|Math\.random|setTimeout|setInterval|setImmediate|performance\.now|process\.\w+|fetch)\s*\(|\bnew Date\(\s*\)/;
/** What decides: it is given its clock and its timers, so that a simulation can give it others. What is measured for metrics alone is named with it. */
const CLOCKLESS = [
  'coordinator/evaluations',
  'coordinator/sessions',
  'coordinator/dispatch',
  'coordinator/ledger',
  'coordinator/progress',
  'coordinator/queue',
  'agent/session',
  'agent/work',
];
const CLOCK_CALLS = /\b(?:Date\.now|Math\.random|setTimeout|setInterval|setImmediate|performance\.now)\s*\(|\bnew Date\(\s*\)/;
const MEASURES = ['coordinator/ledger/script-runner.ts'];
const IMPURE_MODULES = /^node:(?!crypto$|util$|assert$|buffer$)/;

const MAX_LINES = 350;
const GENERATED = 'shared/rpc/gen';

const ROOT = join(import.meta.dirname, '..');
const TOP = ['shared', 'coordinator', 'agent', 'cli', 'plugin', 'dashboard', 'scripts', 'test'];

interface Source {
  path: string;
  text: string;
  /** Without comments. */
  code: string;
  /** Paths inside the repository. */
  files: string[];
  packages: string[];
}

const isUnder = (path: string, place: string): boolean => path === place || path.startsWith(`${place}/`);

/** Comments fall away, strings stay whole (a `//` in a URL is no comment). */
const withoutComments = (text: string): string =>
  text.replace(
    /('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
    (_, kept?: string) => kept ?? ' ',
  );

const IMPORT = /(?:^|[;}\n])\s*(?:import|export)\b[^'"`;]*?\bfrom\s*'([^']+)'|(?:^|\n)\s*import\s*'([^']+)'|\bimport\(\s*'([^']+)'/g;

function read(path: string): Source {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const code = withoutComments(text);
  const names = [...code.matchAll(IMPORT)].map((match) => (match[1] ?? match[2] ?? match[3])!);
  return {
    path,
    text,
    code,
    files: names.filter((name) => name.startsWith('.')).map((name) => join(dirname(path), name)),
    packages: names.filter((name) => !name.startsWith('.')),
  };
}

function sources(): Source[] {
  const found = TOP.flatMap((top) => {
    try {
      return readdirSync(join(ROOT, top), { recursive: true, withFileTypes: true });
    } catch {
      return []; // a part that is not there yet
    }
  });
  const paths = found
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
  return paths
    .filter((path) => !path.includes('node_modules/'))
    .toSorted()
    .map(read);
}

function floorOf(path: string): number {
  const fits = FLOORS.flatMap((places, floor) =>
    places.filter((place) => isUnder(path, place)).map((place) => ({ floor, length: place.length })),
  );
  return fits.toSorted((a, b) => b.length - a.length)[0]?.floor ?? -1;
}

/** The first ring of imports, as `a → b → a`, or undefined. */
function findCycle(graph: ReadonlyMap<string, readonly string[]>): string | undefined {
  const done = new Set<string>();
  const visit = (path: string, way: readonly string[]): string | undefined => {
    if (way.includes(path)) return [...way.slice(way.indexOf(path)), path].join(' → ');
    if (done.has(path)) return undefined;
    for (const next of graph.get(path) ?? []) {
      const cycle = visit(next, [...way, path]);
      if (cycle) return cycle;
    }
    done.add(path);
    return undefined;
  };
  for (const path of graph.keys()) {
    const cycle = visit(path, []);
    if (cycle) return cycle;
  }
  return undefined;
}

describe('architecture', () => {
  const all = sources();
  const written = all.filter((source) => !isUnder(source.path, GENERATED));
  const product = written.filter((source) => !isUnder(source.path, 'test'));

  it('is read at all', () => {
    expect(all.length).toBeGreaterThan(100);
    expect(read('shared/telemetry/logger.ts')).toMatchObject({
      files: ['shared/domain/errors.ts', 'shared/domain/redactor.ts'],
      packages: ['pino', '@opentelemetry/api'],
    });
    expect(
      findCycle(
        new Map([
          ['a', ['b']],
          ['b', ['c']],
          ['c', ['b']],
        ]),
      ),
    ).toBe('b → c → b');
  });

  it('has a floor for every file', () => {
    expect(product.filter((source) => floorOf(source.path) < 0).map((source) => source.path)).toEqual([]);
  });

  it('imports only downwards, and strangers not at all', () => {
    const isForbidden = (from: string, to: string): boolean =>
      floorOf(to) > floorOf(from) || STRANGERS.some(([importer, stranger]) => isUnder(from, importer) && isUnder(to, stranger));
    expect(isForbidden('coordinator/queue/x.ts', 'coordinator/rpc/y.ts')).toBe(true);
    expect(isForbidden('agent/main.ts', 'coordinator/store/store.ts')).toBe(true);
    const edges = product.flatMap((source) =>
      source.files.filter((file) => isForbidden(source.path, file)).map((file) => `${source.path} → ${file}`),
    );
    expect(edges).toEqual([]);
  });

  it('has no ring of imports', () => {
    expect(findCycle(new Map(all.map((source) => [source.path, source.files])))).toBeUndefined();
  });

  it('keeps packages behind their doors', () => {
    const inPackage = (name: string, wanted: string): boolean => name === wanted || name.startsWith(`${wanted}/`);
    const strays = Object.entries(DOORS).flatMap(([name, places]) =>
      product
        .filter((source) => source.packages.some((used) => inPackage(used, name)) && !places.some((place) => isUnder(source.path, place)))
        .map((source) => `${source.path} imports ${name}`),
    );
    expect(strays).toEqual([]);
  });

  it('keeps domain and scoring pure', () => {
    const impure = product
      .filter((source) => PURE.some((place) => isUnder(source.path, place)))
      .flatMap((source) =>
        [IMPURE_CALLS.exec(source.code)?.[0], ...source.packages.filter((name) => IMPURE_MODULES.test(name))]
          .filter(Boolean)
          .map((what) => `${source.path}: ${what}`),
      );
    expect(impure).toEqual([]);
  });

  it('gives a clock to what decides', () => {
    const stray = product
      .filter(({ path }) => CLOCKLESS.some((place) => isUnder(path, place)) && !MEASURES.includes(path))
      .flatMap(
        ({ path, code }) =>
          CLOCK_CALLS.exec(code)
            ?.slice(0, 1)
            .map((what) => `${path}: ${what}`) ?? [],
      );
    expect(stray).toEqual([]);
  });

  it(`has no file over ${MAX_LINES} lines`, () => {
    const long = written
      .map((source) => ({ path: source.path, lines: source.text.trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > MAX_LINES);
    expect(long).toEqual([]);
  });

  it('is erasable TypeScript: no enum, no namespace', () => {
    const enums = written.filter((source) =>
      /(?:^|\n)\s*(?:export\s+)?(?:declare\s+)?(?:const\s+)?(?:enum|namespace)\s+\w+\s*\{/.test(source.code),
    );
    expect(enums.map((source) => source.path)).toEqual([]);
  });
});
